"""A hazard from the moment it is seen to the moment somebody else says that it is gone."""

from __future__ import annotations

import datetime
import secrets
from decimal import Decimal
from itertools import chain, repeat

import pytest
from django.db import IntegrityError

from wuxie.kernel.access.actor import NOBODY
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import frozen, today
from wuxie.kernel.facts.models import Fact, Standing
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.papers.models import Attachment, Document
from wuxie.kernel.standards.document import load_yaml
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.rating import queries as star
from wuxie.rooms.rating import scorecard
from wuxie.rooms.rating.reading import Now
from wuxie.rooms.rating.standards import DEMONSTRATION
from wuxie.rooms.safety.actions import hazards, reporting
from wuxie.rooms.safety.models import Hazard

from .hazards import AFTER, CLEARS, DAY, PHOTO, SAID, told

pytestmark = pytest.mark.django_db
MONDAY = DAY(2026, 11, 16)
DAYS = datetime.timedelta(days=1)
S = Hazard.State


def refused(act, words):
    """The act does not happen, and the person reads why."""
    with pytest.raises(Refusal, match=words):
        act()


def facts_of(world, kind):
    return Fact.objects.filter(subject=world.project.key, kind=f"safety.{kind}").count()


def test_found_named_mended_checked_closed(world):
    hazard = world.closed()
    hazard.refresh_from_db()
    assert hazard.state == Hazard.State.CLOSED and hazard.closed_on == MONDAY and not hazard.is_late
    assert (facts_of(world, "hazard_found"), facts_of(world, "hazard_closed_on_time")) == (1, 1)
    assert facts_of(world, "hazard_overdue") == 0
    labels = set(Document.objects.filter(case=f"hazard:{hazard.pk}").values_list("label", flat=True))
    assert labels == {"隐患整改通知书", "复核单", "隐患销号单"}


def test_a_major_one_is_made_safe_reported_cleared_and_closed_with_the_receipt(world):
    hazard = world.assigned("HZ-E01")
    assert hazard.is_major and hazard.why_level == "目录列为重大"
    refused(lambda: hazards.start(hazard, by=world["electrician"]), "要先采取临时措施")
    refused(lambda: hazards.control(hazard, by=world["electrician"], interim="断电"), "要有现场照片")
    hazards.control(hazard, by=world["electrician"], interim="断电", photo=PHOTO)
    refused(lambda: hazards.start(hazard, by=world["electrician"], **CLEARS), "先报主管部门")
    refused(lambda: hazards.report_major(hazard, by=world["admin"], authority="应急局"), "由企业负责人")
    hazards.report_major(hazard, by=world["principal"], authority="应急局", text="换件")
    refused(
        lambda: hazards.start(hazard, by=world["electrician"], person="李", measure="换", plan=" "),
        "还缺：资金、时限、预案",
    )
    hazards.start(hazard, by=world["electrician"], **CLEARS)
    hazards.fix(hazard, by=world["electrician"], remedy="换了", photo=AFTER)
    hazards.verify(hazard, by=world["lead"], note="看过")
    assert hazard.state == S.VERIFIED and facts_of(world, "hazard_closed_on_time") == 0
    hazards.note_receipt(hazard, by=world["principal"], receipt="应急收〔2026〕7号")
    hazard.refresh_from_db()
    assert hazard.state == S.CLOSED and facts_of(world, "hazard_closed_on_time") == 1
    labels = set(Document.objects.filter(case=f"hazard:{hazard.pk}").values_list("label", flat=True))
    assert labels == {"隐患整改通知书", "重大隐患报告书", "复核单", "隐患销号单"}


def test_the_same_key_reports_once_and_other_words_under_it_are_refused(world):
    first = world.found(once="phone-1", files=[])
    assert world.found(once="phone-1", files=[]).pk == first.pk and Hazard.objects.count() == 1
    with pytest.raises(Problem, match="另一份内容"):
        world.found(once="phone-1", files=[], words="别的事")
    assert world.found(once="phone-1", by="lead", files=[]).pk != first.pk, "another person's key is another key"
    assert facts_of(world, "hazard_found") == 2


def test_photos_that_are_kept_already_are_taken_over_and_lost_ones_said(world):
    kept = filing.attach("duty:1", PHOTO[1], "柜.jpg", by="person:1")
    given = SAID | {"by": world["electrician"], "source": "duty"}
    hazard = reporting.report(world.project, "HZ-E05", photos=[f"attachment:{kept.pk}", kept.sha256], once="a", **given)
    photos = Attachment.objects.on(f"hazard:{hazard.pk}")
    assert {(one.sha256, one.kind) for one in photos} == {(kept.sha256, "整改前照片")} and photos.count() == 2
    for lost in ("attachment:nothing", "0" * 64, "../../etc/passwd"):
        refused(
            lambda lost=lost: reporting.report(world.project, "HZ-E05", photos=[lost], once=lost, **given), "照片不在了"
        )
    assert Hazard.objects.count() == 1


def test_what_makes_it_a_major_one(world):
    assert not world.found("HZ-E05").is_major
    assert world.found("HZ-E05", place="甲", worse=True).why_level == "符合“已影响带电部分”"
    assert world.found("HZ-E05", place="乙", barriers=2).why_level == "缺 2 道防护"
    assert not world.found("HZ-E05", place="丙", barriers=1).is_major
    assert not world.found("HZ-L03", place="丁", worse=True).is_major, "the library knows no such condition of this one"


def test_there_again_within_thirty_days_is_linked_and_one_level_up(world):
    before = world.closed()
    with frozen(MONDAY + DAYS * 30):
        again = world.found(place="3 栋配电间 ")
        assert again.repeats == before and again.is_major and again.why_level == "30 日内同一处又犯"
    with frozen(MONDAY + DAYS * 31):
        assert world.found("HZ-E03").repeats is None, "another hazard"
        assert world.found(place="4栋配电间").repeats is None, "another place"
        twice = world.found()
        assert twice.repeats == again and not twice.is_major, "while the other is still open it is the same one"


def test_after_thirty_days_it_is_a_new_one(world):
    world.closed()
    with frozen(MONDAY + DAYS * 31):
        assert world.found().repeats is None


def test_more_time_once_with_a_control_and_not_longer_than_the_first(world):
    hazard = world.rectifying("HZ-F12")
    due = hazard.due_on
    assert due == MONDAY + DAYS * 30
    with frozen(MONDAY + DAYS * 3):
        ask = {"by": world["director"], "reason": "等配件"}
        refused(lambda: hazards.extend(hazard, until=due, control="加巡", **ask), "只能延到")
        refused(lambda: hazards.extend(hazard, until=due + DAYS * 31, control="加巡", **ask), "不超过原期限")
        refused(lambda: hazards.extend(hazard, until=due + DAYS, control=" ", **ask), "增加什么管控")
        refused(
            lambda: hazards.extend(hazard, until=due + DAYS, control="加巡", by=world["manager"], reason="等"),
            "安全总监",
        )
        hazards.extend(hazard, until=due + DAYS * 30, control="每班加巡一次", **ask)
        hazard.refresh_from_db()
        assert (hazard.state, hazard.due_on) == (S.EXTENDED, due + DAYS * 30)
        hazards.fix(hazard, by=world["electrician"], remedy="封堵", photo=AFTER)
        hazards.reject(hazard, by=world["director"], note="漏了一层")
        refused(lambda: hazards.extend(hazard, until=due + DAYS * 31, control="加巡", **ask), "已经延过")


def test_after_the_day_there_is_no_more_time(world):
    hazard = world.rectifying("HZ-F12")
    with frozen(hazard.due_on + DAYS):
        refused(
            lambda: hazards.extend(hazard, by=world["director"], until=today() + DAYS, control="加巡", reason="忙"),
            "不能再延期",
        )


def test_sent_back_it_is_mended_again_in_the_same_time_and_counted(world):
    hazard = world.fixed("HZ-F12")
    due = hazard.due_on
    hazards.reject(hazard, by=world["director"], note="还有一层没封")
    assert (hazard.state, hazard.rework, hazard.due_on) == (S.RECTIFYING, 1, due)
    hazards.fix(hazard, by=world["electrician"], remedy="都封了", photo=AFTER)
    hazards.verify(hazard, by=world["director"], note="三层都看过")
    assert hazard.state == S.CLOSED


def test_there_again_after_closing_takes_the_count_back(world):
    hazard = world.closed()
    with frozen(MONDAY + DAYS * 2):
        refused(lambda: hazards.reopen(hazard, by=world["manager"], reason="又有了"), "社区")
        hazards.reopen(hazard, by=world["street"], reason="又进水了")
        hazard.refresh_from_db()
        assert (hazard.state, hazard.reopened, hazard.closed_on, hazard.due_on) == (
            S.RECTIFYING,
            1,
            None,
            MONDAY + DAYS * 3,
        )
        counted = Fact.objects.get(kind="safety.hazard_closed_on_time")
        assert Standing.objects.get(pk=counted.pk).superseded_by
        hazards.fix(hazard, by=world["electrician"], remedy="加高门槛", photo=AFTER)
        hazards.verify(hazard, by=world["lead"], note="冲水试过")
    assert facts_of(world, "hazard_closed_on_time") == 2


def test_a_strangers_report_counts_once_somebody_has_named_it(world):
    hazard = reporting.report(world.project, "", by=NOBODY, source="public", photos=(), once="s", **SAID)
    assert hazard.code == "" and hazard.due_on is None and facts_of(world, "hazard_found") == 0
    refused(lambda: hazards.assign(hazard, by=world["manager"], fixer=world.people["lead"]), "从目录里选")
    refused(
        lambda: hazards.assign(hazard, by=world["manager"], fixer=world.people["owner"], hazard_code="HZ-E05"), "有岗位"
    )
    hazards.assign(hazard, by=world["manager"], fixer=world.people["lead"], hazard_code="HZ-E05")
    assert (
        hazard.label == "配电房进水、进小动物"
        and hazard.due_on == MONDAY + DAYS
        and facts_of(world, "hazard_found") == 1
    )
    other = reporting.report(world.project, "", by=NOBODY, source="public", photos=(), once="t", **SAID)
    hazards.dismiss(other, by=world["manager"], reason="到场没有")
    assert other.state == S.DISMISSED and facts_of(world, "hazard_found") == 1
    own = world.found()
    refused(lambda: hazards.dismiss(own, by=world["manager"], reason="算了"), "不能撤")


def test_who_may_not_report_under_a_name(world):
    for who in ("owner", "contact", "office"):
        refused(lambda who=who: world.found(by=who), "由项目和企业的人")
    refused(lambda: world.found("HZ-X99"), "目录里没有")
    refused(lambda: world.found(""), "从目录里选")
    refused(lambda: world.found(place=" "), "在哪里")


def test_only_pictures_and_not_too_many(world):
    with pytest.raises(Problem, match="不是照片"):
        world.found(files=[("a.jpg", b"<script>")])
    with pytest.raises(Problem, match="只收照片"):
        world.found(files=[("a.pdf", b"%PDF-1.4\n%%EOF")])
    refused(lambda: world.found(files=[PHOTO] * 7), "最多放 6 张")
    assert Hazard.objects.count() == 0


def test_it_counts_in_the_star_of_the_estate(world):
    """D2 of the demonstration standard: found and mended in time moves the live score."""
    document = load_yaml(DEMONSTRATION.read_bytes()) | {
        "window": {"from": "2025-11-17", "to": "2026-11-16"}, "cutoff": "2026-11-16",
    }  # fmt: skip
    standard = star.compiled(document).for_days(today(), cutoff=today())

    def d2():
        card = scorecard.card(Now(standard, world.project, today()))
        line = next(line for section in card.sections for line in section.lines if line.id == "D2")
        return Decimal(line.value), Decimal(line.points)

    first, second = world.fixed(), world.found(place="别处")
    assert d2()[0] == 0
    hazards.verify(first, by=world["lead"], note="看过")
    half, full = d2()
    assert abs(half * 2 - full) <= Decimal("0.01"), "one of two found"
    hazards.assign(second, by=world["manager"], fixer=world.people["electrician"])
    hazards.start(second, by=world["electrician"])
    hazards.fix(second, by=world["electrician"], remedy="封了", photo=AFTER)
    hazards.verify(second, by=world["lead"], note="看过")
    assert d2() == (full, full)


def test_a_hazard_that_turns_out_to_be_a_major_one_is_told_at_once(world):
    hazard = world.found("HZ-E05")
    assert not hazard.is_major
    hazards.assign(hazard, by=world["manager"], fixer=world.people["electrician"], hazard_code="HZ-E01")
    assert hazard.is_major and told(world, "principal", "重大")
    assert hazards.upgrade(hazard) is None, "it is one already"


def test_a_major_one_that_was_reported_is_not_held_against_anybody(world):
    hazard = world.rectifying("HZ-E01")
    assert hazard.reported_on == MONDAY
    assert hazards.leave_unreported(hazard) is None and facts_of(world, "major_hazard_unreported") == 0


def test_a_photo_of_before_may_come_with_the_mend(world):
    hazard = world.rectifying()
    event = hazards.fix(hazard, by=world["electrician"], remedy="换了接头", photo=AFTER, before=PHOTO)
    assert set(event.papers) == {hazards.AFTER, hazards.BEFORE}


def test_what_was_closed_late_counted_for_nothing_that_could_be_taken_back(world):
    hazard = world.rectifying()
    with frozen(MONDAY + DAYS * 60):
        hazards.fix(hazard, by=world["electrician"], remedy="换了接头", photo=AFTER)
        hazards.verify(hazard, by=world["lead"], note="到场测温 42 度")
        hazards.reopen(hazard, by=world["street"], reason="又发烫")
    assert hazard.state == S.RECTIFYING and facts_of(world, "hazard_closed_on_time") == 0


def test_a_notice_follows_what_makes_it_safe(world):
    with pytest.raises(Refusal, match="先登记临时管控，再出告示；销号后不再出"):
        hazards.post_notice(world.closed(), by=world["electrician"])


def test_nothing_is_taken_down_from_nowhere_or_without_a_library(world):
    with pytest.raises(Refusal, match="没有“dream”这种来源"):
        world.found(source="dream")
    fact = Fact(pk="F1", subject=world.project.key, details={"hazard": "HZ-NONE"}, source="inspection:1")
    assert reporting.follow_fact(fact) is None


def test_a_receipt_that_is_taken_is_drawn_again(world, monkeypatch):
    first = world.found()
    taken = first.receipt.replace("-", "")[:-1]
    letters = chain(taken, "WXYZ2345")
    monkeypatch.setattr(secrets, "choice", lambda _letters: next(letters))
    assert world.found().receipt.startswith("WXYZ-2345-")
    monkeypatch.setattr(secrets, "choice", lambda _letters: next(endless))
    endless = chain.from_iterable(repeat(taken))
    with pytest.raises(IntegrityError, match="no free receipt number"):
        world.found()
    assert Hazard.objects.count() == 2, "nothing half written"
