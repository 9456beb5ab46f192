"""What is typed into the rating's pages: good input does its step, bad input is refused in a sentence at its field."""

from __future__ import annotations

import io

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.papers.models import Attachment
from wuxie.kernel.standards.models import Version
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.rating.actions import application as apply
from wuxie.rooms.rating.models import Application, Cycle, Mark, Recusal, Visit

from .factories import DAY, DOCUMENT, STANDARD, awarded, checking, drafted, in_review, mark_all, published, reviewed

pytestmark = pytest.mark.django_db
S = Application.State


@pytest.fixture
def browse(world, enter):
    return lambda name: enter(person=world.people[name] if isinstance(name, str) else name)


def step(case, name):
    base = {Application: "rating_application"}.get(type(case), "rating_benefit")
    return reverse(f"{base}_step", kwargs={"pk": case.pk, "step": name})


def picture():
    body = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(body, "JPEG")
    return SimpleUploadedFile("gate.jpg", body.getvalue(), "image/jpeg")


def test_a_company_starts_fills_in_and_sends_its_application(browse, world):
    browser = browse("alice")
    answer = browser.post(reverse("rating_apply"), {"project": world.project.pk, "cycle": world.cycle.pk})
    case = Application.objects.get()
    draft = reverse("rating_draft", args=[case.pk])
    assert answer.url == draft
    assert "满分 40" in browser.get(draft).content.decode()

    wrong = browser.post(draft, {"group_A": "41", "group_D": "30", "group_F": ""})
    page = wrong.content.decode()
    assert wrong.status_code == 422 and "请填 F 组自评" in page
    page = browser.post(draft, {"group_A": "41", "group_D": "30", "group_F": "20"}).content.decode()
    assert "写 0 至 40" in page
    assert browser.post(draft, {"group_A": "38", "group_D": "30", "group_F": "20", "promise": "on"}).status_code == 302
    assert browser.post(step(case, "submit"), {"note": ""}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.self_total) == (S.SUBMITTED, "88")


def test_nobody_applies_for_another_companys_project(browse, world):
    answer = browse("charlie").post(reverse("rating_apply"), {"project": world.project.pk, "cycle": world.cycle.pk})
    assert answer.status_code == 422 and "只能申报本企业正在服务的项目" in answer.content.decode()
    assert not Application.objects.exists()


def test_a_closed_step_says_why_and_does_nothing(browse, world):
    case = drafted(world)
    answer = browse("alice").post(step(case, "pass_check"), {"note": ""}, follow=True)
    assert "不能办" in answer.content.decode()
    assert Application.objects.get().state == S.DRAFT


def test_the_check_asks_for_a_supplement_and_the_company_files_it(browse, world):
    case = checking(world)
    office = browse("secretary")
    assert "请写明要补什么" in office.post(step(case, "ask_supplement"), {"text": ""}).content.decode()
    assert office.post(step(case, "ask_supplement"), {"text": "补电梯检验报告"}).status_code == 302
    company = browse("alice")
    assert "请选补正材料的文件" in company.post(step(case, "supplement"), {"note": "已补"}).content.decode()
    assert company.post(step(case, "supplement"), {"note": "已补", "file": picture()}).status_code == 302
    case.refresh_from_db()
    assert case.state == S.PRE_CHECK and Attachment.objects.on(case.key).get().kind == "补正材料"


def test_an_opinion_against_needs_its_reasons(browse, world):
    case = checking(world)
    browse("secretary").post(step(case, "pass_check"), {"note": ""})
    street = browse("street")
    assert "要写明理由" in street.post(step(case, "give_opinion"), {"stance": "disagrees", "text": ""}).content.decode()
    assert street.post(step(case, "give_opinion"), {"stance": "agrees", "text": ""}).status_code == 302
    assert case.opinions.get().level == "street"


def test_papers_are_added_by_the_parties_only(browse, world):
    case = checking(world)
    url = reverse("rating_add_paper", args=[case.pk])
    assert browse("alice").post(url, {"kind": "佐证材料", "file": picture()}).status_code == 302
    assert browse("street").post(url, {"kind": "佐证材料", "file": picture()}).status_code == 404
    assert browse("charlie").get(url).status_code == 404
    text = SimpleUploadedFile("x.exe", b"MZ\x90\x00 not a paper", "application/pdf")
    assert browse("alice").post(url, {"kind": "佐证材料", "file": text}).status_code == 422
    assert Attachment.objects.on(case.key).count() == 1


def test_no_paper_is_added_by_others_or_once_the_case_is_over(world):
    case = checking(world)
    with pytest.raises(Refusal, match="补材料"):
        apply.add_paper(case, by=world["charlie"], kind="佐证材料", content=picture().read(), name="x.png")
    apply.withdraw(case, by=world["alice"])
    assert not apply.may_add_paper(case, world["alice"])
    with pytest.raises(Refusal, match="已经办结"):
        apply.add_paper(case, by=world["alice"], kind="佐证材料", content=picture().read(), name="x.png")
    assert not Attachment.objects.on(case.key).exists()


def test_a_reviewer_marks_blind_and_sees_the_others_only_once_the_round_is_closed(browse, world):
    case = in_review(world)
    people = [one.reviewer for one in case.assignments.current()]
    first, second = browse(people[0]), browse(people[1])
    url = reverse("rating_mark", kwargs={"pk": case.pk, "indicator": "A6"})
    with frozen(DAY(2026, 10, 12)):
        assert "不能超过满分 10.00" in first.post(url, {"points": "12", "reason": "好"}).content.decode()
        assert "请写打分理由" in first.post(url, {"points": "8", "reason": ""}).content.decode()
        assert "得分要写成数字" in first.post(url, {"points": "八", "reason": "好"}).content.decode()
        assert first.post(url, {"points": "8.25", "reason": "甲的秘密理由"}).status_code == 302
        assert Mark.objects.get().points == 825
        task = reverse("rating_task", args=[case.pk])
        assert "甲的秘密理由" in first.get(task).content.decode()
        for browser, address in (
            (second, task), (browse("secretary"), reverse("rating_application", args=[case.pk])),
            (browse("alice"), reverse("rating_application", args=[case.pk])),
        ):  # fmt: skip
            assert "甲的秘密理由" not in browser.get(address).content.decode()
        answer = first.post(reverse("rating_hand_in", args=[case.pk]), follow=True)
        assert "还有指标没有打分：D6" in answer.content.decode()
        Mark.objects.all().delete()
        mark_all(world, case, {"A6": ["8", "8.5", "9"], "D6": ["9", "9", "9.5"]})
        page = second.get(task).content.decode()
        assert "按现场与材料" in page and "评审 3" in page
        names = [str(one.name) for one in people if one != people[1]]
        assert not any(name in page for name in names)


def test_reviewers_far_apart_meet_before_they_mark_again(browse, world):
    case = in_review(world)
    with frozen(DAY(2026, 10, 12)):
        mark_all(world, case, {"A6": ["1", "5", "9"], "D6": ["9", "9", "9.5"]})
        browser = browse(case.assignments.current().first().reviewer)
        url = reverse("rating_session", args=[case.pk])
        assert "A6 相差 8.00" in browser.get(url).content.decode()
        assert "超过满分的 40%，须先合议" in browser.get(url).content.decode()
        assert "请写合议记录" in browser.post(url, {"minutes": ""}).content.decode()
        assert browser.post(url, {"minutes": "依据材料不同，已核对"}).status_code == 302
        mark = reverse("rating_mark", kwargs={"pk": case.pk, "indicator": "A6"})
        assert browser.post(mark, {"points": "6", "reason": "合议后"}).status_code == 302
        assert browser.get(reverse("rating_mark", kwargs={"pk": case.pk, "indicator": "D6"})).status_code == 404


def test_a_visit_is_five_questions_with_photos_that_the_company_never_sees_beforehand(browse, world):
    case = in_review(world)
    person = case.assignments.current().first().reviewer
    browser = browse(person)
    url = reverse("rating_visit", args=[case.pk])
    with frozen(DAY(2026, 10, 12)):
        assert "1 / 5" in browser.get(url).content.decode()
        bad = browser.post(url + "?spot=gate", {"verdict": "bad", "note": ""})
        assert bad.status_code == 422 and "写一句看到了什么" in bad.content.decode()
        assert browser.post(url + "?spot=gate", {"note": ""}).status_code == 422
        assert (
            browser.post(url + "?spot=gate", {"verdict": "good", "note": "整洁", "photo": picture()}).status_code == 302
        )
        for spot in Visit.Spot.values[1:]:
            assert browser.post(f"{url}?spot={spot}", {"verdict": "good", "note": ""}).status_code == 302
        assert "改" in browser.get(url).content.decode()
        photo = Attachment.objects.get(case=f"star_visit:{case.pk}")
        assert browse("alice").get(photo.get_absolute_url()).status_code == 404
        assert browser.get(photo.get_absolute_url()).status_code == 200
        assert browser.post(url, {"note": "总体好"}).status_code == 302
        page = browse("alice").get(reverse("rating_application", args=[case.pk])).content.decode()
    assert "暗访" not in page.replace("评审与暗访", "")
    assert Visit.objects.get().spots["gate"]["photo"] == f"attachment:{photo.pk}"


def test_keeping_away_is_declared_with_a_reason(browse, world):
    browser = browse("reviewer1")
    url = reverse("rating_recusals")
    assert "请写明回避事由" in browser.post(url, {"organisation": world.company.pk, "reason": ""}).content.decode()
    assert browser.post(url, {"organisation": world.company.pk, "reason": "近亲属任职"}).status_code == 302
    assert Recusal.objects.get().organisation == world.company


def test_the_hearing_the_award_and_the_benefits_go_through_their_pages(browse, world):
    case = reviewed(world)
    city = browse("city")
    with frozen(DAY(2026, 10, 20)):
        assert "请写联席会议纪要编号" in city.post(step(case, "resolve"), {"minutes": ""}).content.decode()
        assert city.post(step(case, "resolve"), {"minutes": "纪要11号"}).status_code == 302
    with frozen(DAY(2026, 10, 28)):
        assert "请写授星决定的文号" in city.post(step(case, "award"), {"decision": ""}).content.decode()
        assert city.post(step(case, "award"), {"decision": "攀组通〔2026〕58号"}).status_code == 302
        plaque = case.benefits.get(kind="plaque")
        assert "计划日不能早于今天" in city.post(step(plaque, "schedule"), {"day": "2026-10-01"}).content.decode()
        assert city.post(step(plaque, "schedule"), {"day": "2026-11-05"}).status_code == 302
        assert "兑现要有凭证" in city.post(step(plaque, "deliver"), {"proof": ""}).content.decode()
        assert city.post(step(plaque, "deliver"), {"proof": "", "file": picture()}).status_code == 302
        assert browse("alice").post(step(plaque, "confirm"), {"note": ""}).status_code == 302
    plaque.refresh_from_db()
    assert plaque.state == "confirmed" and plaque.proof.startswith("attachment:")


def test_an_objection_is_upheld_only_with_the_facts_it_corrects(browse, world):
    from wuxie.kernel.facts.models import Fact
    from wuxie.rooms.rating.actions import hearing

    case = published(world)
    fact = Fact.objects.get(kind="ticket.closed_on_time")
    with frozen(DAY(2026, 10, 22)):
        made = hearing.object_to(case, text="工单造假", by=world["owner"])
        browser = browse("second")
        url = reverse("rating_objection_step", kwargs={"pk": made.pk, "step": "uphold"})
        assert "known-facts" not in browser.get(url).content.decode(), "it is about no indicator"
        assert "认定成立要指明更正哪条事实" in browser.post(url, {"reply": "经查属实"}).content.decode()
        page = browser.post(url, {"reply": "经查属实", "fact1": fact.pk, "quantity1": "六十"}).content.decode()
        assert "数量要写成数字" in page
        assert browser.post(url, {"reply": "经查属实", "fact1": fact.pk, "quantity1": "60"}).status_code == 302
    case.refresh_from_db()
    assert case.snapshot.total == "84.9"


def test_an_objection_names_its_indicator_and_offers_the_facts_behind_it(browse, world):
    from wuxie.kernel.facts.models import Fact
    from wuxie.rooms.rating import public
    from wuxie.rooms.rating.actions import hearing

    case = published(world)
    fact = Fact.objects.get(kind="ticket.closed_on_time")
    scored = next(one for group in public.scores(case.snapshot) for one in group.indicators if fact.pk in one.facts)
    with frozen(DAY(2026, 10, 22)):
        made = hearing.object_to(case, text="工单造假", indicator=scored.id, by=world["owner"])
        browser = browse("second")
        page = browser.get(reverse("rating_objection", args=[made.pk])).content.decode()
        assert f"{scored.id} {scored.label}" in page
        page = browser.get(reverse("rating_objection_step", kwargs={"pk": made.pk, "step": "uphold"})).content.decode()
    offered = page.partition('<datalist id="known-facts">')[2].partition("</datalist>")[0]
    assert f'value="{fact.pk}"' in offered and f"{fact.label} {fact.amount}" in offered
    assert offered.count("<option") == len(scored.facts)


def test_nobody_is_asked_to_apply_while_no_cycle_takes_applications(browse, world):
    page = browse("alice").get(reverse("rating_apply")).content.decode()
    assert "起草申报" in page and "现在没有评定周期在收申报" not in page
    with frozen(DAY(2027, 3, 1)):
        page = browse("alice").get(reverse("rating_apply")).content.decode()
    assert "现在没有评定周期在收申报" in page
    assert "起草申报" not in page and 'name="project"' not in page


GOOD = {
    "name": "2027年度评定", "year": "2027", "place_code": "5104", "standard": "", "document_number": "", "document_title": "",
    "document_authority": "", "window_from": "2026-09-01", "window_to": "2027-08-31", "cutoff": "2027-09-30",
    "apply_from": "2027-09-01", "apply_to": "2027-09-30", "quota_percent": "10", "publicity_days": "7", "valid_months": "24",
    "min_service_months": "12", "reviewers": "3", "budget_number": "", "budget_text": "",
}  # fmt: skip


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"cutoff": "2027-08-01"}, "截止收录日早于取数止日"),
    ({"window_to": "2026-08-31"}, "取数止日要晚于取数起日"),
    ({"apply_to": "2027-08-31"}, "申报止日早于申报起日"),
    ({"reviewers": "2"}, "每项评审人数要写 3 至 15 的整数"),
    ({"quota_percent": "十"}, "五星比例上限（%）要写 0 至 100 的整数"),
    ({"name": ""}, "请写周期名称"),
    ({"cutoff": ""}, "请选截止收录日"),
])  # fmt: skip
def test_a_cycle_with_a_fault_is_not_prepared(browse, world, changed, sentence):
    answer = browse("secretary").post(reverse("rating_cycle_new"), {**GOOD, **changed})
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert Cycle.objects.count() == 1


def test_a_new_cycle_is_for_the_citys_own_association(browse, world):
    from django.utils.html import escape

    from wuxie.kernel.places.models import Place

    own = Place.objects.get(code="5104")
    page = browse("secretary").get(reverse("rating_cycle_new")).content.decode()
    assert f'<option value="5104" selected>{escape(own.name)}</option>' in page


def test_a_cycle_names_its_standard(browse, world):
    label = str(Version.objects.published().keyed(world.cycle.standard))
    page = browse("secretary").get(reverse("rating_cycle", args=[world.cycle.pk])).content.decode()
    assert label in page and world.cycle.standard not in page


def test_a_cycle_is_prepared_amended_and_opened_only_with_its_founding_paper(browse, world):
    browser = browse("secretary")
    assert browser.post(reverse("rating_cycle_new"), {**GOOD, "not_estate": "A6"}).status_code == 302
    cycle = Cycle.objects.get(year=2027)
    opening = reverse("rating_cycle_open", args=[cycle.pk])
    page = browser.post(opening).content.decode()
    assert "没有设立文号不能启动" in page
    edit = reverse("rating_cycle_edit", args=[cycle.pk])
    paper = {"document_number": "攀组通〔2027〕3号", "document_title": "通知", "document_authority": "市委组织部"}
    assert browser.post(edit, {**GOOD, **paper, "standard": STANDARD}).status_code == 302
    assert browser.post(opening).status_code == 302
    cycle.refresh_from_db()
    assert cycle.state == Cycle.State.OPEN
    assert browse("city").post(opening).status_code == 403
    assert "周期已启动，只能补预算文件" in browser.get(edit).content.decode()


def test_a_standard_is_imported_edited_with_checked_formulas_published_and_frozen(browse, world):
    browser = browse("secretary")
    wrong = SimpleUploadedFile("s.yaml", b"standard: [", "application/yaml")
    assert "YAML" in browser.post(reverse("rating_standard_import"), {"file": wrong}).content.decode()
    body = yaml.safe_dump({**DOCUMENT, "version": "2"}, allow_unicode=True).encode()
    assert (
        browser.post(reverse("rating_standard_import"), {"file": SimpleUploadedFile("s.yaml", body)}).status_code == 302
    )
    draft = Version.objects.get(version="2")
    shown = reverse("rating_standard", args=[draft.pk])
    page = browser.get(shown).content.decode()
    assert "工单" in page and "30 × " in page

    edit = reverse("rating_standard_edit", kwargs={"pk": draft.pk, "part": "indicator", "name": "A1"})
    given = {"group": "A", "id": "A1", "label": "工单", "points": "20", "no_data": "zero", "formula": "20 * rati(1, 2)"}
    answer = browser.post(edit, given)
    assert answer.status_code == 422 and "rati" in answer.content.decode()
    good = {**given, "formula": "20 * ratio(sum('ticket.closed_on_time'), sum('ticket.total'))"}
    assert browser.post(edit, good).status_code == 302
    draft.refresh_from_db()
    assert draft.document["groups"][0]["points"] == "30"

    twice = reverse("rating_standard_add", kwargs={"pk": draft.pk, "part": "indicator"})
    assert browser.post(twice, good).status_code == 422
    last = reverse("rating_standard_remove", kwargs={"pk": draft.pk, "part": "indicator", "name": "F2"})
    assert "至少留一项指标" in browser.post(last, follow=True).content.decode()
    grade = reverse("rating_standard_edit", kwargs={"pk": draft.pk, "part": "grade", "name": "5"})
    assert "得分率写 0 至 1" in browser.post(grade, {"stars": "5", "min": "93", "floors": "D 85"}).content.decode()
    assert browser.post(grade, {"stars": "5", "min": "92", "floors": "D 0.85"}).status_code == 302

    assert browser.post(reverse("rating_standard_publish", args=[draft.pk])).status_code == 302
    assert browser.get(edit).status_code == 404
    assert browser.post(reverse("rating_standard_copy", args=[draft.pk]), {"version": "2"}).status_code == 422
    assert browser.post(reverse("rating_standard_copy", args=[draft.pk]), {"version": "3"}).status_code == 302
    assert browse("city").get(reverse("rating_standard_copy", args=[draft.pk])).status_code == 403


def test_a_formula_is_said_in_words_while_it_is_typed(browse, world):
    browser = browse("secretary")
    url = reverse("rating_formula_check")
    assert (
        "÷"
        in browser.get(
            url, {"formula": "4 * ratio(sum('ticket.closed_on_time'), sum('ticket.total'))"}
        ).content.decode()
    )
    assert "is-wrong" in browser.get(url, {"formula": "4 * "}).content.decode().replace("wx-wrong", "is-wrong")
    assert browse("alice").get(url, {"formula": "1"}).status_code == 403


def test_the_overview_of_a_cycle_tells_of_benefits(browse, world):
    awarded(world)
    page = browse("secretary").get(reverse("rating_cycle", args=[world.cycle.pk])).content.decode()
    assert "授牌表扬" in page and "兑现率" in page and "不足 5 个项目" in page and "相差最大的项目" in page
