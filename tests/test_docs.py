"""What is written beside the code says what the code does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from wuxie.kernel.facts.kinds import all_kinds
from wuxie.kernel.parties.roles import ROLES
from wuxie.kernel.workflow.diagram import rewrite
from wuxie.kernel.workflow.table import workflows

HOUSE = Path(__file__).resolve().parents[1]
SOURCE = HOUSE / "src" / "wuxie"
#: What the machine says of itself, not what an operator sets for Wuxie.
MACHINE = {"PATH", "PYTHONPATH", "HOME", "LANG", "TMPDIR", "DJANGO_SETTINGS_MODULE", "TZ", "LC_ALL"}
OWN = re.compile(r"(?:WUXIE_)[A-Z_]+|DATABASE_URL|ANALYTICS_URL|PORT")


def parts() -> list[Path]:
    """The rooms and the parts of the kernel."""
    found = [SOURCE / "kernel" / part for part in settings.KERNEL] + [
        SOURCE / "rooms" / room for room in settings.ROOMS
    ]
    return [*found, SOURCE / "kernel" / "calc", SOURCE / "web"]


@pytest.mark.parametrize("part", [pytest.param(part, id=part.name) for part in parts()])
def test_every_part_has_a_readme(part: Path) -> None:
    readme = part / "README.md"
    assert readme.is_file(), f"{part.name} has no README.md"
    assert readme.read_text(encoding="utf-8").startswith("# "), f"{part.name}: the README has no heading"


def test_every_app_is_a_part_with_a_readme() -> None:
    """A new room that is not in the list of rooms does not slip past the test above."""
    listed = {part.resolve() for part in parts()} | {SOURCE / "config"}
    assert {Path(app.path) for app in apps.get_app_configs() if app.name.startswith("wuxie.")} <= listed


def test_every_diagram_is_the_one_of_its_table() -> None:
    for readme in SOURCE.rglob("README.md"):
        text = readme.read_text(encoding="utf-8")
        for workflow in workflows():
            assert rewrite(text, workflow) == text, (
                f"{readme.relative_to(HOUSE)}: {workflow.name} is not what the table says"
            )


def test_every_table_has_a_diagram() -> None:
    written = "".join(readme.read_text(encoding="utf-8") for readme in (SOURCE / "rooms").glob("*/README.md"))
    drawn = set(re.findall(r"<!-- diagram (\w+) -->", written))
    shipped = [workflow for workflow in workflows() if ".tests." not in workflow.model.__module__]
    assert drawn == {workflow.name for workflow in shipped}


def variables() -> Iterator[str]:
    """Every name that some source file reads from the environment."""
    for path in SOURCE.rglob("*.py"):
        if "tests" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        if "environ" not in text and "getenv" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and OWN.fullmatch(node.value):
                yield node.value


def test_every_variable_is_explained() -> None:
    rows = (HOUSE / "docs" / "operations.md").read_text(encoding="utf-8").splitlines()
    explained = {
        name for row in rows if row.startswith("| `") for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])
    }
    read = set(variables()) - MACHINE
    assert read - explained == set(), "say in docs/operations.md what these do"
    assert explained - read == set(), "docs/operations.md explains what nobody reads"


def test_every_kind_of_fact_has_a_label() -> None:
    assert [kind.code for kind in all_kinds() if not str(kind.label).strip() or str(kind.label) == kind.code] == []


def test_every_role_has_a_label() -> None:
    assert [role.code for role in ROLES.values() if str(role.label) in ("", role.code)] == []


def test_every_item_of_the_security_list_is_decided_once_and_its_tests_exist() -> None:
    text = (HOUSE / "docs" / "asvs.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+\.\d+\.\d+) \| [12] \| (\S[^|]*?) \| \S[^|]* \| ([^|]*?) *\|$", text, re.MULTILINE)
    there = {
        name
        for folder in (HOUSE / "src", HOUSE / "tests")
        for path in folder.rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len({number for number, _decided, _tests in rows}) == len(rows) == 253
    for number, decided, tests in rows:
        named = set(re.findall(r"`(\w+)`", tests))
        assert decided in ("met", "by reading", "n/a", "**open**"), number
        assert bool(named) == (decided == "met") and named <= there, number
    counts = [sum(row[1] == decided for row in rows) for decided in ("met", "by reading", "n/a", "**open**")]
    assert [int(count) for count in re.findall(r"(\d+) (?:met|by reading|not applicable|open)", text)] == counts
