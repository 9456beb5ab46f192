"""A published standard is frozen, by code and by the database; a draft is checked before it is kept."""

from __future__ import annotations

import copy

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.facts.kinds import Kind
from wuxie.kernel.facts.testing import declared
from wuxie.kernel.standards import actions
from wuxie.kernel.standards.models import Version

pytestmark = pytest.mark.django_db
TEXT = """
standard: trial
version: "1"
label: 试行标准
groups:
  - id: A
    points: 10
    indicators:
      - {id: A1, points: 10, formula: "10 * ratio(sum('m.done'), sum('m.due'))"}
grades:
  - {stars: 1, min: "6"}
""".encode()


@pytest.fixture
def draft():
    return actions.import_yaml(TEXT, by="person:1")


def test_a_published_version_is_found_by_its_key_and_a_draft_is_not(draft):
    assert actions.published("trial@1") is None
    actions.publish(draft, by="person:1", by_name="王芳")

    found = Version.objects.get()
    assert (actions.published("trial@1"), found.key, len(found.sha256)) == (found.document, "trial@1", 64)


def test_what_is_published_cannot_be_changed_by_any_door(draft):
    done = actions.publish(draft, by="person:1")
    changed = copy.deepcopy(done.document)
    changed["grades"][0]["min"] = "1"

    with pytest.raises(ValidationError, match="不能再改"):
        actions.save_draft(done, changed, by="person:1")
    with pytest.raises(ValidationError, match="不能删除"):
        done.delete()
    for sql in ("UPDATE standards_version SET label = 'x'", "DELETE FROM standards_version"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert Version.objects.get().label == "试行标准"


def test_a_copy_is_a_new_draft(draft):
    done = actions.publish(draft, by="person:1")
    copied = actions.copy_to_draft(done, version="2", by="person:1")

    assert (copied.state, copied.based_on, copied.document["version"]) == ("draft", done, "2")
    with pytest.raises(ValidationError, match="已有版本"):
        actions.copy_to_draft(done, version="2", by="person:1")
    with pytest.raises(ValidationError, match="版本号"):
        actions.copy_to_draft(done, version=" ", by="person:1")


@pytest.mark.parametrize(
    ("find", "put", "code", "path"),
    [
        (b"points: 10, formula", b"points: 9, formula", "range", "$.groups[0].points"),
        (b"sum('m.due')", b"open('m.due')", "formula", "$.groups[0].indicators[0].formula"),
        (b"stars: 1,", b"stars: 1, floors: {Z: '0.5'},", "reference", "$.grades[0].floors.Z"),
        (b"groups:", b"groups: [", "json", "$"),
        (b"label:", b"colour:", "unknown_key", "$.colour"),
        (b"version:", b"standard:", "duplicate", "$.standard"),
    ],
)
def test_a_broken_file_is_refused_at_its_place_and_nothing_is_kept(find, put, code, path):
    with pytest.raises(Problem) as refused:
        actions.import_yaml(TEXT.replace(find, put), by="person:1")
    assert (refused.value.code, refused.value.path) == (code, path)
    assert not Version.objects.exists()


def test_a_standard_without_grades_is_not_published():
    draft = actions.import_yaml(TEXT.replace(b'grades:\n  - {stars: 1, min: "6"}\n', b""), by="person:1")
    with pytest.raises(ValidationError, match="星级门槛"):
        actions.publish(draft, by="person:1")


def test_a_formula_is_checked_as_it_is_typed():
    good = actions.check_formula("2 * ratio(sum('m.done'), sum('m.due'))")
    assert (good.ok, good.kinds, good.unknown) == (True, ("m.done", "m.due"), ("m.done", "m.due"))
    assert (good.sentence, good.position) == ("2 × m.done ÷ m.due", 0)

    bad = actions.check_formula("2 * exec('x')")
    assert not bad.ok
    assert "第 5 个字符" in bad.message
    assert (bad.position, bad.sentence) == (5, "")


def test_a_formula_is_said_with_the_labels_of_the_kinds_it_reads():
    with declared(Kind("trial.done", "按时履职"), Kind("trial.due", "应履职")):
        check = actions.check_formula("4 * ratio(sum('trial.done'), sum('trial.due'))")
    assert (check.sentence, check.unknown, check.message) == ("4 × 按时履职 ÷ 应履职", (), "公式可以用。")


def test_a_version_is_published_once_and_a_draft_may_go(draft):
    with pytest.raises(Problem) as wrong:
        actions.checked(["standard"])
    assert wrong.value.message == "标准应是一个 YAML 对象，含 standard、version、groups。"
    done = actions.publish(draft, by="person:1")
    with pytest.raises(ValidationError, match="这个版本已经发布过。"):
        actions.publish(done, by="person:1")
    again = actions.copy_to_draft(done, version="2", by="person:1")
    assert str(again) == "试行标准 2"
    again.delete()
    assert list(Version.objects.all()) == [done]
