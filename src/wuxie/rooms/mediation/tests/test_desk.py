"""The desk: a rota solved in the background, published, swapped with consent, re-planned with the fewest moves, served and missed."""

from __future__ import annotations

import datetime
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuxie.config.cli import main as cli
from wuxie.kernel.clock.now import frozen, now, today
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.jobs.models import Job
from wuxie.kernel.jobs.queue import run_waiting
from wuxie.kernel.notify.models import Message
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.association.models import Member
from wuxie.rooms.mediation import queries
from wuxie.rooms.mediation.actions import rota as desk
from wuxie.rooms.mediation.models import Rota, Shift, Swap
from wuxie.rooms.mediation.rota import rota as reckon
from wuxie.rooms.mediation.rota_moves import Able, Slot, replaced, why_not
from wuxie.rooms.mediation.rota_shares import shared

from .factories import DAY, OFFICE, company, expert
from .factories import rota as laid

ONE = datetime.timedelta(days=1)


def day(n: int) -> datetime.date:
    return DAY(2027, 3, 1) + n * ONE


people_of = st.lists(
    st.builds(Able, st.integers(0, 3), st.frozensets(st.integers(0, 9).map(day), max_size=4)), min_size=2, max_size=8
)


@given(people_of, st.lists(st.tuples(st.integers(0, 9), st.integers(0, 7)), max_size=10), st.integers(0, 2))
def test_only_who_is_away_is_replaced_and_every_rule_holds_for_who_comes(people, drawn, rest):
    pool = dict(enumerate(people))
    slots = [Slot(n, day(when), who % len(people)) for n, (when, who) in enumerate(drawn)]
    moved, left = replaced(slots, pool, rest, {one.id for one in slots})
    gone = {one.id for one in slots if one.day in pool[one.expert].away}
    assert set(moved) | {one.id for one in left} == gone, "nobody else's duty is touched"
    after = [Slot(one.id, one.day, moved.get(one.id, one.expert)) for one in slots]
    for one in after:
        if one.id in moved:
            assert why_not([s for s in after if s.id == one.id or s.id not in moved], pool, one, one.expert, rest) == ""
    assert replaced(slots, pool, rest, {one.id for one in slots}) == (moved, left)


def solved(world) -> Rota:
    made = desk.draft(
        by=world["office"], name="二季度", place="协会接待室", starts_on=DAY(2027, 4, 1), ends_on=DAY(2027, 6, 30), per_day=2, rest_days=0, seed=11
    )  # fmt: skip
    assert run_waiting() == 1
    made.refresh_from_db()
    return made


@pytest.mark.django_db
def test_a_rota_is_solved_in_the_background_and_anyone_can_make_it_again(world):
    made = solved(world)
    assert made.state == "solved" and made.optimal and made.spread <= 1
    assert {(str(one.day), f"e{one.expert_id}") for one in made.shifts.all()} == {
        (row["day"], name) for row in reckon(made.document)["assignments"] for name in row["experts"]
    }
    days = set(made.shifts.values_list("day", flat=True))
    assert DAY(2027, 4, 3) not in days, "a Saturday"
    desk.publish(made, by=world["office"])
    fact = Fact.objects.get(kind="mediation.rota_published")
    assert fact.details["seed"] == "11" and Message.objects.filter(title__contains="值班表公布了").count() == 3
    with pytest.raises(Refusal, match="不能重排"):
        desk.begin(made, by=world["office"])


@pytest.mark.django_db
def test_an_outsider_repeats_a_published_rota_from_its_file(world, browser, tmp_path, capsys):
    made = solved(world)
    assert browser("office").get(f"{made.get_absolute_url()}document.json").status_code == 404, "not published yet"
    desk.publish(made, by=world["office"])
    page = browser("mediator").get(made.get_absolute_url()).content.decode()
    assert f"{made.get_absolute_url()}document.json" in page and f"{made.get_absolute_url()}plan.json" in page
    desk.go_away(world.experts["mediator"], by=world["office"], first=DAY(2027, 4, 1), last=DAY(2027, 4, 2))

    given = browser("mediator").get(f"{made.get_absolute_url()}document.json")
    drawn = browser("mediator").get(f"{made.get_absolute_url()}plan.json")
    (tmp_path / "rota.json").write_bytes(given.content)

    assert cli(["calc", "rota", str(tmp_path / "rota.json")]) == 0
    assert json.loads(capsys.readouterr().out) == drawn.json()
    assert "attachment" in given.headers["Content-Disposition"]
    for hidden in ("某", "物业", "135000"):
        assert hidden not in given.content.decode() + drawn.content.decode()
    assert browser("mediator").get(f"{made.get_absolute_url()}names.json").status_code == 404
    assert browser("admin").get(f"{made.get_absolute_url()}document.json").status_code == 404


@pytest.mark.django_db
def test_only_who_can_come_is_offered_for_a_swap(world, browser):
    made = laid(world.experts["mediator"], world.experts["second"], days=1)
    made.shifts.update(day=today() + ONE)
    mine = made.shifts.get(expert=world.experts["mediator"])
    third, fourth = world.experts["third"], expert(4, company("青山物业"))
    third.away = [str(mine.day)]
    third.save()
    address = f"/mediation/rota/shifts/{mine.pk}/swap/"

    form = browser("mediator").get(address).context["form"]
    assert list(form.fields["to"].queryset) == [fourth]
    refused = browser("mediator").post(address, {"to": third.pk})
    assert refused.status_code == 422 and "这位专家这一天来不了" in refused.content.decode()
    assert "请选一位专家" in browser("mediator").post(address, {}).content.decode()
    assert not Swap.objects.exists()


@pytest.mark.django_db
def test_who_could_come_by_giving_their_own_shift_in_return_is_offered(world):
    made = laid(world.experts["mediator"], world.experts["second"], days=1)
    made.rest_days = 1
    made.save()
    giver, third = world.experts["mediator"], world.experts["third"]
    mine = made.shifts.get(expert=giver)
    Shift.objects.create(rota=made, day=today() + ONE, planned=third, expert=third)
    assert third.pk in desk.able_to_take(mine), "too close to their own, which they may give in return"
    giver.away = [str(today() + ONE)]
    giver.save()
    assert third.pk not in desk.able_to_take(mine), "the giver cannot take that one"


@pytest.mark.django_db
def test_what_cannot_be_filled_is_said_with_the_days(world, browser):
    world.experts["mediator"].away = world.experts["second"].away = ["2027-04-06"]
    for one in ("mediator", "second"):
        world.experts[one].save()
    made = desk.draft(
        by=world["office"],
        name="四月",
        place="接待室",
        starts_on=DAY(2027, 4, 6),
        ends_on=DAY(2027, 4, 7),
        per_day=2,
        rest_days=0,
        seed=1,
    )
    run_waiting()
    job = Job.objects.get()
    assert job.state == "failed" and "2027-04-06" in job.message
    made.refresh_from_db()
    assert made.state == "draft" and not made.shifts.exists()
    page = browser("office").get(made.get_absolute_url()).content.decode()
    assert "没有排出来" in page and "2027-04-06 凑不齐 2 位" in page
    Job.objects.update(state="running")
    assert "正在排" in browser("office").get(made.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_a_swap_moves_only_with_consent(world):
    made = laid(world.experts["mediator"], world.experts["second"], days=2)
    shift = made.shifts.filter(day=today() + ONE, expert=world.experts["mediator"]).get()
    with pytest.raises(Refusal, match="自己的班"):
        desk.ask_swap(shift, by=world["second"], to=world.experts["third"])
    with pytest.raises(Refusal, match="本单位"):
        desk.ask_swap(shift, by=world["mediator"], to=world.experts["second"])
    swap = desk.ask_swap(shift, by=world["mediator"], to=world.experts["third"])
    shift.refresh_from_db()
    assert shift.expert == world.experts["mediator"]
    with pytest.raises(Refusal, match="被问的"):
        desk.decide_swap(swap, by=world["office"], agree=True)
    desk.decide_swap(swap, by=world["third"], agree=True)
    shift.refresh_from_db()
    assert shift.expert == world.experts["third"] and shift.planned == world.experts["mediator"]
    with pytest.raises(Refusal, match="回过话"):
        desk.decide_swap(swap, by=world["third"], agree=False)


@pytest.mark.django_db
def test_a_shift_is_given_away_once_a_quarter_and_what_was_declined_does_not_count(world):
    made = laid(world.experts["mediator"], world.experts["second"], days=3)
    first, later, last = made.shifts.filter(expert=world.experts["mediator"]).order_by("day")
    Shift.objects.filter(pk=last.pk).update(day=DAY(2027, 4, 1))
    last.refresh_from_db()
    asked = {"by": world["mediator"], "to": world.experts["third"]}
    desk.decide_swap(desk.ask_swap(later, **asked), by=world["third"], agree=False)
    assert Message.objects.filter(person_key=world.people["mediator"].key, title__contains="来不了").count() == 1
    desk.decide_swap(desk.ask_swap(later, **asked), by=world["third"], agree=True)
    assert Message.objects.filter(person_key=world.people["mediator"].key, title__contains="答应").count() == 1
    with pytest.raises(Refusal, match="2027 年第 1 季度已经换过班：一季最多 1 次"):
        desk.ask_swap(first, **asked)
    assert desk.ask_swap(last, **asked), "the next quarter has its own"


@pytest.mark.django_db
def test_a_day_away_counts_as_a_shift_given_away_and_more_than_a_quarter_allows_is_entered_by_the_office(world):
    made = laid(world.experts["mediator"], world.experts["second"], days=3)
    mediator, third = world.experts["mediator"], world.experts["third"]
    _today, later, last = made.shifts.filter(expert=mediator).order_by("day")
    desk.decide_swap(desk.ask_swap(later, by=world["mediator"], to=third), by=world["third"], agree=True)
    with pytest.raises(Refusal, match="2027 年第 1 季度最多让出 1 班"):
        desk.go_away(mediator, by=world["mediator"], first=last.day, last=last.day)
    mediator.refresh_from_db()
    last.refresh_from_db()
    assert (mediator.away, last.expert) == ([], mediator), "nothing half written"
    free = last.day + 10 * ONE
    assert desk.go_away(mediator, by=world["mediator"], first=free, last=free) == 0, "no shift falls on that day"
    assert desk.go_away(mediator, by=world["office"], first=last.day, last=last.day) == 1


@pytest.mark.django_db
def test_after_a_day_away_no_shift_of_that_quarter_is_swapped(world):
    made = laid(world.experts["mediator"], world.experts["second"], days=3)
    _today, later, last = made.shifts.filter(expert=world.experts["mediator"]).order_by("day")
    desk.go_away(world.experts["mediator"], by=world["mediator"], first=later.day, last=later.day)
    handed = Swap.objects.get()
    assert (handed.giver, handed.to, handed.agreed) == (world.experts["mediator"], world.experts["third"], True)
    with pytest.raises(Refusal, match="一季最多 1 次"):
        desk.ask_swap(last, by=world["mediator"], to=world.experts["third"])


@pytest.mark.django_db
def test_days_away_are_shown_and_taken_back(world, browser):
    mediator, first = world.experts["mediator"], today() + 20 * ONE
    page = f"/mediation/experts/{mediator.pk}/away/"
    office = browser("office")
    assert page in office.get("/mediation/experts/").content.decode()
    office.post(page, {"first": first.isoformat(), "last": (first + 2 * ONE).isoformat()})
    text = browser("mediator").get(page).content.decode()
    assert "2027年3月30日 周二 — 2027年4月1日 周四" in text
    browser("mediator").post(f"{page}back/", {"first": first.isoformat(), "last": (first + ONE).isoformat()})
    mediator.refresh_from_db()
    assert mediator.away == ["2027-04-01"]
    answer = browser("mediator").post(f"{page}back/", {"first": first.isoformat(), "last": first.isoformat()})
    assert answer.status_code == 422 and "没有登记过不在" in answer.content.decode()
    assert browser("third").get(f"{page}back/").status_code == 404


@pytest.mark.django_db
def test_who_asked_may_take_it_back_and_ask_somebody_else(world, browser):
    made = laid(world.experts["mediator"], world.experts["second"], days=2)
    shift = made.shifts.filter(day=today() + ONE, expert=world.experts["mediator"]).get()
    swap = desk.ask_swap(shift, by=world["mediator"], to=world.experts["third"])
    with pytest.raises(Refusal, match="先在“班次”里收回"):
        desk.ask_swap(shift, by=world["mediator"], to=world.experts["third"])
    assert "收回，不问了" in browser("mediator").get("/mediation/rota/shifts/").content.decode()
    assert browser("third").post(f"/mediation/rota/swaps/{swap.pk}/off/").status_code == 404
    browser("mediator").post(f"/mediation/rota/swaps/{swap.pk}/off/")
    assert Message.objects.filter(person_key=world.people["third"].key, title__contains="不用你来上").count() == 1
    with pytest.raises(Refusal, match="回过话"):
        desk.decide_swap(Swap.objects.get(), by=world["third"], agree=True)
    assert desk.ask_swap(shift, by=world["mediator"], to=world.experts["third"]), "nor does it count for the quarter"


@pytest.mark.django_db
def test_two_swap_their_shifts_and_both_keep_the_rules(world, browser):
    made = laid(world.experts["mediator"], world.experts["second"], days=1)
    later = Shift.objects.create(
        rota=made, day=today() + 5 * ONE, planned=world.experts["third"], expert=world.experts["third"]
    )
    mine = made.shifts.get(expert=world.experts["mediator"])
    with pytest.raises(Refusal, match="另一天的班"):
        desk.ask_swap(mine, by=world["mediator"], to=world.experts["second"], back=later)
    page = browser("mediator").get(f"/mediation/rota/shifts/{mine.pk}/swap/").content.decode()
    assert str(later) in page
    browser("mediator").post(
        f"/mediation/rota/shifts/{mine.pk}/swap/", {"to": world.experts["third"].pk, "back": later.pk}
    )
    swap = Swap.objects.get()
    assert "换你" in browser("third").get("/mediation/rota/shifts/").content.decode()
    browser("third").post(f"/mediation/rota/swaps/{swap.pk}/yes/")
    mine.refresh_from_db()
    later.refresh_from_db()
    assert (mine.expert, later.expert) == (world.experts["third"], world.experts["mediator"])


@pytest.mark.django_db
def test_nobody_stands_in_after_their_term(world):
    made = laid(world.experts["mediator"], world.experts["second"], days=1)
    third = world.experts["third"]
    third.ends_on = today()
    third.save()
    made.shifts.update(day=today() + ONE)
    with pytest.raises(Refusal, match="那天不在"):
        desk.ask_swap(made.shifts.get(expert=world.experts["mediator"]), by=world["mediator"], to=third)


@pytest.mark.django_db
def test_who_goes_away_is_replaced_on_those_days_only(world):
    made = laid(world.experts["mediator"], world.experts["second"], days=3)
    before = dict(made.shifts.values_list("pk", "expert"))
    count = desk.go_away(world.experts["mediator"], by=world["mediator"], first=today() + ONE, last=today() + ONE)
    after = dict(made.shifts.values_list("pk", "expert"))
    changed = {pk for pk in before if before[pk] != after[pk]}
    assert count == 1 == len(changed) and after[changed.pop()] == world.experts["third"].pk
    with pytest.raises(Refusal, match="没有人能替"):
        desk.go_away(world.experts["third"], by=world["third"], first=today() + ONE, last=today() + ONE)
    assert dict(made.shifts.values_list("pk", "expert")) == after


@pytest.mark.django_db
def test_who_comes_counts_for_the_unit_and_who_does_not_against_it(world):
    made = laid(world.experts["mediator"], world.experts["second"], days=1)
    mine, other = made.shifts.order_by("pk")
    with pytest.raises(Refusal, match="过了那天"):
        desk.miss(other)
    desk.serve(mine, by=world["mediator"])
    with frozen(today() + ONE):
        assert desk.look_at_shifts() == 1
        assert desk.look_at_shifts() == 0
    told = Message.objects.filter(title__contains="没有人到岗").values_list("person_key", flat=True)
    assert other.expert.person.key in told and len(told) > 1, "the expert and the office"
    assert list(Fact.objects.filter(kind__startswith="mediation.expert").order_by("kind").values_list("kind", "subject")) == [
        ("mediation.expert_shift_missed", world.units[1].key), ("mediation.expert_shift_served", world.units[0].key),
    ]  # fmt: skip


@pytest.mark.django_db
def test_three_days_before_a_duty_its_expert_is_reminded_once(world):
    made = laid(world.experts["mediator"], world.experts["second"], days=1)
    made.shifts.update(day=today() + 3 * ONE)
    desk.look_at_shifts()
    desk.look_at_shifts()
    assert Message.objects.filter(title__contains="值班提醒").count() == 2


@pytest.mark.django_db
def test_the_pages_of_the_desk(world, browser, client):
    made = laid(world.experts["mediator"], world.experts["second"], days=2)
    page = browser("mediator").get(made.get_absolute_url()).content.decode()
    feed = world.experts["mediator"].feed
    assert "3-10" in page and "远山物业" in page and feed in page
    assert "长桥" not in page and browser("admin").get(made.get_absolute_url()).status_code == 404
    answer = client.get(f"/mediation/rota/feed/{feed}.ics")
    text = answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/calendar") and text.count("BEGIN:VEVENT") == 2
    assert "DTSTART;VALUE=DATE:20270310" in text and "某" not in text
    assert client.get("/mediation/rota/feed/nothing.ics").status_code == 404
    shift = made.shifts.filter(expert=world.experts["mediator"]).last()
    form = browser("mediator").get(f"/mediation/rota/shifts/{shift.pk}/swap/").context["form"]
    assert world.experts["third"] in form.fields["to"].queryset
    assert not form.fields["to"].queryset.filter(organisation=shift.expert.organisation).exists()
    answer = browser("mediator").post(f"/mediation/rota/shifts/{shift.pk}/swap/", {"to": world.experts["third"].pk})
    assert answer.status_code == 302
    swap = Swap.objects.get()
    assert "有人请你替班" in browser("third").get("/mediation/rota/shifts/").content.decode()
    assert browser("second").post(f"/mediation/rota/swaps/{swap.pk}/yes/").status_code == 404
    browser("third").post(f"/mediation/rota/swaps/{swap.pk}/yes/")
    assert Shift.objects.get(pk=shift.pk).expert == world.experts["third"]
    assert browser("office").get(f"{made.get_absolute_url()}print/").status_code == 200


@pytest.mark.django_db
def test_the_pool_the_ties_and_the_committee_are_kept_by_the_office(world, browser):
    office = browser("office")
    office.post("/mediation/experts/new/", {
        "name": "样律师", "phone": "13612340000", "organisation": world.units[0].pk, "field": "律师", "starts_on": "2027-03-01", "ends_on": "2029-02-28"})  # fmt: skip
    assert "律师" in office.get("/mediation/experts/").content.decode()
    office.post(
        "/mediation/affiliations/new/", {"one": world.units[0].pk, "other": world.units[1].pk, "basis": "同一股东"}
    )
    assert "同一股东" in office.get("/mediation/affiliations/").content.decode()
    office.post(
        "/mediation/committees/new/", {"name": "市调委会", "paper_number": "司备1号", "registered_on": "2027-01-04"}
    )
    assert "市调委会" in office.get("/mediation/experts/").content.decode()
    with pytest.raises(Refusal, match="聘任过"):
        expert(1, company("又一家"), world.people["mediator"])


@given(
    st.integers(0, 60), st.dictionaries(st.integers(0, 6), st.tuples(st.integers(1, 3), st.integers(0, 20)), min_size=1)
)
def test_duties_are_shared_by_weight_to_the_last_one(total, units):
    weights, room = {key: pair[0] for key, pair in units.items()}, {key: pair[1] for key, pair in units.items()}
    found = shared(total, weights, room)
    assert sum(found.values()) == min(total, sum(room.values()))
    assert all(found[key] <= room[key] for key in units)
    free = [key for key in units if found[key] < room[key]]
    for one in free:
        for other in units:
            assert found[other] * weights[one] <= (found[one] + 1) * weights[other] + weights[one], (
                "nobody bears more than by weight while another has room"
            )


@pytest.mark.django_db
def test_a_unit_bears_its_share_by_its_kind_of_membership(world, browser):
    more = [expert(10 + n, company(f"分摊{n}物业")) for n in range(3)]
    Member.objects.create(organisation=world.units[0], number="0001", kind="president", joined_on=DAY(2020, 1, 1))
    Member.objects.create(organisation=more[0].organisation, number="0002", kind="council", joined_on=DAY(2020, 1, 1))
    made = desk.draft(
        by=world["office"], name="四月", place="协会接待室", starts_on=DAY(2027, 4, 1), ends_on=DAY(2027, 4, 30), per_day=2, rest_days=0, seed=11,
        weighted=True,
    )  # fmt: skip
    assert run_waiting() == 1
    made.refresh_from_db()
    found = {one.name: (one.weight, one.duties) for one in queries.loads(made)}
    total, parts = made.shifts.count(), 9
    assert found[world.units[0].name][0] == 3 and found[more[0].organisation.name][0] == 2
    for weight, duties in found.values():
        assert abs(duties - total * weight / parts) < 1
    assert made.optimal and reckon(made.document)["spread"] == made.spread
    page = browser("office").get(made.get_absolute_url()).content.decode()
    assert "各单位按会员类别" in page and world.units[0].name in page


@pytest.mark.django_db
def test_an_expert_s_desk_says_when_their_turn_is(world, browser):
    assert "desk-duties" not in browser("mediator").get("/desk/").content.decode()
    made = laid(world.experts["mediator"], world.experts["second"], days=2)
    first, later = made.shifts.filter(expert=world.experts["mediator"]).order_by("day")
    page = browser("mediator").get("/desk/").content.decode()
    for part in (
        "今天",
        "同班",
        str(world.experts["second"]),
        f"/mediation/rota/shifts/{first.pk}/serve/",
        f"/mediation/rota/shifts/{later.pk}/swap/",
    ):
        assert part in page, part
    desk.ask_swap(later, by=world["mediator"], to=world.experts["third"])
    assert "1 位同行请你替班" in browser("third").get("/desk/").content.decode()
    assert "desk-duties" not in browser("office").get("/desk/").content.decode()
    laid(world.experts["mediator"], days=1, state="solved", single=True)
    assert len(queries.coming(world.people["mediator"].pk)) == 2, "what is not published binds nobody"


def quarter(world, **known):
    given = {
        "name": "二季度",
        "place": "接待室",
        "starts_on": DAY(2027, 4, 1),
        "ends_on": DAY(2027, 4, 9),
        "per_day": 1,
        "rest_days": 0,
        "seed": 3,
    }
    return desk.draft(by=world["office"], **given | known)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (
            lambda w, by: desk.enter_committee(by=by, name="调委会", paper_number="1号", registered_on=DAY(2027, 3, 11)),
            "备案日不能晚于今天",
        ),
        (lambda w, by: expert(9, w.units[0], starts_on=DAY(2027, 3, 1), ends_on=DAY(2027, 2, 1)), "聘期止要在聘期起以后"),
        (lambda w, by: desk.tie(by=by, one=w.units[0], other=w.units[0], basis="同一家"), "一家单位不用和自己登记关联"),
        (lambda w, by: quarter(w, ends_on=DAY(2027, 3, 1)), "从哪天到哪天：止不早于起，一次最多排一年"),
        (lambda w, by: quarter(w, ends_on=DAY(2028, 12, 1)), "从哪天到哪天：止不早于起，一次最多排一年"),
        (lambda w, by: quarter(w, starts_on=DAY(2029, 4, 2), ends_on=DAY(2029, 4, 30)), "先聘任专家，或改起止"),
        (lambda w, by: desk.begin(laid(w.experts["third"], single=True), by=by), "已经公布的值班表不能重排，只能换班、替班"),
        (lambda w, by: desk.publish(laid(w.experts["third"], single=True), by=by), "排好了才能公布"),
    ],
)  # fmt: skip
def test_what_the_office_enters_about_the_desk_is_refused_with_the_mend(world, act, sentence):
    with pytest.raises(Refusal, match=sentence):
        act(world, world["office"])


@pytest.mark.django_db
def test_shifts_change_hands_only_by_those_concerned_and_while_there_is_time(world):
    first, second, third = (world.experts[name] for name in ("mediator", "second", "third"))
    made = laid(first, second, days=2)
    mine, later = made.shifts.filter(expert=first).order_by("day")
    with pytest.raises(Refusal, match="请选另一位在聘的专家"):
        desk.ask_swap(later, by=world["mediator"], to=first)
    with pytest.raises(Refusal, match="当天才能签到，一班只签一次"):
        desk.serve(later, by=world["mediator"])
    with pytest.raises(Refusal, match="由值班的专家或协会秘书处签到"):
        desk.serve(mine, by=world["third"])
    swap = desk.ask_swap(later, by=world["mediator"], to=third)
    with pytest.raises(Refusal, match="由请人替班的专家或协会秘书处收回"):
        desk.call_off(swap, by=world["third"])
    Shift.objects.filter(pk=later.pk).update(expert=expert(40, company("替班物业")))
    with pytest.raises(Refusal, match="这一班已经换给别人，不用再换"):
        desk.decide_swap(Swap.objects.get(pk=swap.pk), by=world["third"], agree=True)
    desk.call_off(swap, by=world["office"])
    with pytest.raises(Refusal, match="已经回过话"):
        desk.call_off(swap, by=world["mediator"])
    for act in (desk.go_away, desk.come_back):
        with pytest.raises(Refusal, match="只能登记自己不在的日子"):
            act(first, by=world["third"], first=today(), last=today())
    with pytest.raises(Refusal, match="从今天起填，止不早于起，最多一年"):
        desk.go_away(first, by=world["mediator"], first=today() - ONE, last=today())
    with frozen(today() + ONE), pytest.raises(Refusal, match="只有公布了、还没有到的班可以换"):
        desk.ask_swap(mine, by=world["mediator"], to=third)


@pytest.mark.django_db
def test_a_swap_of_before_who_gave_was_kept_is_answered_and_tells_nobody(world):
    made = laid(world.experts["mediator"], days=2, single=True)
    swap = Swap.objects.create(
        shift=made.shifts.order_by("day").last(), to=world.experts["third"], asked_by="person:0", asked_at=now()
    )
    desk.decide_swap(swap, by=world["third"], agree=True)
    assert made.shifts.order_by("day").last().expert == world.experts["third"]
    assert not Message.objects.filter(title__contains="答应").exists()


@pytest.mark.django_db
def test_a_published_rota_is_not_solved_again_and_a_unit_that_is_no_company_has_no_merit(world):
    made = laid(world.experts["mediator"], single=True, days=1)
    shift = made.shifts.get()
    assert desk.solve(Job(), rota=made.pk) == {"link": made.get_absolute_url()}
    assert list(made.shifts.all()) == [shift]
    shift.expert.organisation.kind = "third_party_agency"
    desk.serve(shift, by=world["mediator"])
    assert shift.state == "served" and not Fact.objects.filter(kind="mediation.expert_shift_served").exists()


@pytest.mark.django_db
def test_an_office_without_its_own_unit_publishes_too(world):
    made = laid(world.experts["mediator"], days=1, state="solved", single=True)
    desk.publish(made, by=OFFICE)
    assert made.state == "published" and not Fact.objects.filter(source=f"rota:{made.pk}").exists()
