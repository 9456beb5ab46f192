"""The demonstration standard at work: a project's year through the ledger, to the total and the stars it should have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts import kinds
from wuxie.kernel.jobs import outbox
from wuxie.kernel.standards.actions import import_yaml, publish
from wuxie.rooms import rating
from wuxie.rooms.rating import evidence, facts, live, queries
from wuxie.rooms.rating.models import Cycle

from . import factories
from .factories import DAY, awarded, record

pytestmark = pytest.mark.django_db
SHIPPED = Path(rating.__file__).parent / "data" / "star-rating.yaml"


@pytest.fixture
def shipped(world):
    """The world under the shipped standard."""
    publish(import_yaml(SHIPPED.read_bytes(), by="test"), by="test")
    Cycle.objects.update(standard="red-property-star@2026.1")
    world.cycle.refresh_from_db()
    return world


def test_every_kind_the_standard_reads_is_in_the_catalogue_and_read_by_the_right_function():
    data = yaml.safe_load(SHIPPED.read_text())
    formulas = [one["formula"] for group in data["groups"] for one in group["indicators"]]
    formulas += [veto["when"] for veto in data["vetoes"]]
    reads = {
        pair for text in formulas for pair in re.findall(r"(count|sum|days|active|has)\('([a-zA-Z0-9_.]+)'\)", text)
    }
    assert len(reads) > 60
    wrong = [
        (function, code)
        for function, code in reads
        if (kind := kinds.get(code)).measure == "level" and function != "active" and function != "has"
        or kind.measure != "level" and function == "active" and not kind.bars_months
    ]  # fmt: skip
    assert wrong == []


def test_each_veto_reads_kinds_that_bring_their_star_under_review():
    data = yaml.safe_load(SHIPPED.read_text())
    vetoes = [veto for veto in data["vetoes"] if veto["max_stars"] == 0]
    read = {code for veto in vetoes for code in re.findall(r"'([a-z0-9_.]+)'", veto["when"])}
    known = {code for kind in facts.VETOES for code in kind.codes()}
    assert read and read <= known


def test_judged_indicators_are_found_with_their_points(shipped):
    document = queries.document_of(shipped.cycle, "new_residential")
    marked = evidence.judged_indicators(document)
    assert {"A6": 200, "E3": 200, "H4": 200}.items() <= marked.items()


def test_an_old_estate_is_not_asked_for_smart_devices(shipped):
    def policy(klass):
        groups = queries.document_of(shipped.cycle, klass)["groups"]
        return next(one["no_data"] for group in groups for one in group["indicators"] if one["id"] == "H5")

    assert (policy("new_residential"), policy("old_estate")) == ("zero", "skip")


def test_the_live_board_of_the_shipped_standard(shipped):
    record(shipped.project.key, "project.households", 400, on=DAY(2025, 9, 1))
    found = live.board(shipped.project)
    assert [group.id for group in found.groups] == list("ABCDEFGH")
    assert found.groups[3].floors == {3: 50, 4: 75, 5: 85}
    assert len(found.first) == 3 and found.stars == 0


def test_a_snapshot_learns_which_seal_covers_its_rows(world):
    application = awarded(world)
    with frozen(DAY(2026, 10, 29)):
        outbox.drain_all()
    for snapshot in application.snapshots.all():
        number, root = snapshot.seal.split(":")
        assert int(number) >= 1 and len(root) == 64


def test_benefits_of_the_shipped_standard_have_owners_and_days(shipped):
    document = queries.document_of(shipped.cycle, "new_residential")
    rows = {row["id"]: queries.owner_of(row, 4, factories.COMMUNITY) for row in document["benefits"]}
    assert {kind: (role, place) for kind, (role, place, _body) in rows.items()} == {
        "plaque": ("gov_city", "5104"), "reward": ("gov_city", "5104"), "media": ("gov_city", "5104"),
        "credit_bonus": ("gov_city", "5104"), "tender_recommend": ("association_secretariat", ""),
        "honour_recommend": ("association_secretariat", ""), "inspection_relief": ("gov_city", "5104"),
    }  # fmt: skip
    assert rows["plaque"][2].name == "市住建局" and rows["tender_recommend"][2] == shipped.association
