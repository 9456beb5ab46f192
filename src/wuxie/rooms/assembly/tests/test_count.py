"""The count: read twice, settled by who watches, exact, strict beside silent; what was slipped in is not counted."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.assembly import law
from wuxie.rooms.assembly.actions import counting, question
from wuxie.rooms.assembly.models import Ballot, Decision, Entry, Helper, Mark, Typing
from wuxie.rooms.assembly.verifier import verify_vote

from .factories import AFTER, ALL_FOR, DAY, PDF, TODAY, shot

B = Ballot.State


@pytest.fixture
def ballot(world):
    made = world.collecting("fund_use", "covenant")
    found = world.collect(made, "1-1-101")
    world.close(made)
    found.refresh_from_db()
    return found


@pytest.mark.django_db
def test_two_counters_read_alike_and_it_stands(world, ballot):
    assert world.read(ballot, "for").state == B.VALID
    ballot.refresh_from_db()
    assert ballot.choices == {"1": "for", "2": "for"} and len(ballot.scan_sha256) == 64


@pytest.mark.django_db
def test_two_readings_that_differ_are_settled_by_who_watches(world, ballot):
    world.read(ballot, "for", {"1": "for", "2": "against"})
    ballot.refresh_from_db()
    assert ballot.state == B.DOUBTFUL and ballot.marks.last().reason == "两遍录入不一致，由监票人核定"
    with frozen(AFTER):
        with pytest.raises(Refusal, match="没有录完两遍"):
            counting.count(ballot.decision, by=world["committee"], seed="1")
        with pytest.raises(Refusal, match="由监票人办理"):
            counting.settle(ballot, by=world["counter"], choices={"1": "for", "2": "against"}, reason="看清了")
        with pytest.raises(Refusal, match="核定的理由"):
            counting.settle(ballot, by=world["watcher"], choices={"1": "for", "2": "against"}, reason="")
        counting.settle(ballot, by=world["watcher"], choices={"1": "for", "2": "against"}, reason="第二项确为反对")
        counting.count(ballot.decision, by=world["committee"], seed="1")
    assert ballot.decision.result[1]["against"] == {"area": "89.50", "heads": 1}


@pytest.mark.django_db
def test_a_paper_of_nothing_but_void_items_is_void(world, ballot):
    assert world.read(ballot, "void").state == B.VOID
    with frozen(AFTER):
        counting.count(ballot.decision, by=world["committee"], seed="1")
    found = ballot.decision.result[0]
    assert found["void_ballots"] == 1 and found["participating"] == {"area": "0.00", "heads": 0}


@pytest.mark.django_db
def test_who_watches_declares_a_ballot_void_with_the_reason(world, ballot):
    with frozen(AFTER):
        counting.doubt(ballot, by=world["counter"], reason="信封拆过")
        counting.settle(ballot, by=world["watcher"], choices=None, reason="封口已破，整张无效")
    ballot.refresh_from_db()
    assert ballot.state == B.VOID and [one.reason for one in ballot.marks.all()] == [
        "",
        "信封拆过",
        "封口已破，整张无效",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("choices", "sentence"), [
    ({"1": "for"}, "每一项都要录"), ({"1": "for", "2": "maybe"}, "每一项都要录"), ({"1": "for", "2": "for", "3": "for"}, "每一项都要录"),
])  # fmt: skip
def test_every_item_has_a_side_and_nothing_else(world, ballot, choices, sentence):
    with frozen(AFTER), pytest.raises(Refusal, match=sentence):
        counting.read(ballot, by=world["counter"], choices=choices, scan=shot())
    assert not Typing.objects.exists()


@pytest.mark.django_db
def test_nobody_reads_twice_without_a_picture_or_before_the_close(world, ballot):
    both = {"1": "for", "2": "for"}
    with frozen(AFTER):
        with pytest.raises(Refusal, match="拍下票面"):
            counting.read(ballot, by=world["counter"], choices=both)
        counting.read(ballot, by=world["counter"], choices=both, scan=shot())
        with pytest.raises(Refusal, match="另一名计票人"):
            counting.read(ballot, by=world["counter"], choices=both)
        with pytest.raises(Refusal, match="由计票人办理"):
            counting.read(ballot, by=world["watcher"], choices=both)
    early = world.collect(world.collecting(title="另一次"), "1-1-101")
    with pytest.raises(Refusal, match="截止以后"):
        counting.read(early, by=world["counter"], choices={"1": "for"}, scan=shot())
    assert not early.choices


@pytest.mark.django_db
def test_an_owner_of_two_is_one_head_and_split_on_no_side(world):
    case = world.counted(ALL_FOR | {"1-1-201": "against"})
    found = case.result[0]
    assert found["participating"] == {"area": "599.00", "heads": 5} and found["split_heads"] == 1
    assert (
        found["for"] == {"area": "509.50", "heads": 4}
        and found["against"] == {"area": "89.50", "heads": 0}
        and found["passed"]
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("rule", "came", "passed"), [
    ("not_participating", "389.50", False), ("participates_abstain", "509.50", True), ("participates_follow_majority", "509.50", True),
])  # fmt: skip
def test_silence_counts_as_the_rules_say_and_only_where_delivery_is_proved(world, rule, came, passed):
    if rule != "not_participating":
        question.keep_rules(
            world.estate, by=world["committee"], adopted_on=TODAY, paper=PDF, silent_rule=rule, silent_clause="第二十条"
        )
    case = world.collecting()
    ballots = [world.collect(case, label) for label in ("1-1-101", "1-1-102", "1-1-202", "2-1-101")]
    world.deliver(case, "2-1-102")
    world.deliver(case, "1-1-201", picture=None)  # nothing shows that it was delivered
    world.close(case)
    for one in ballots:
        world.read(one, "for")
    with frozen(AFTER):
        counting.count(case, by=world["committee"], seed="1")
    found = case.result[0]
    assert found["participating"]["area"] == came and found["passed"] is passed
    assert ("not_participating_result" in found) is (rule != "not_participating")
    if rule != "not_participating":
        assert found["not_participating_result"] == {
            "passed": False,
            "quorate": False,
            "reasons": ["participation_area"],
        }
        assert found["for"]["heads"] == (5 if "follow" in rule else 4)


def _stuffed(world):
    """A vote with ballots read by both, just before the count."""
    case = world.collecting()
    ballots = {label: world.collect(case, label) for label in list(ALL_FOR)[:5]}
    world.close(case)
    for one in ballots.values():
        world.read(one, "for")
    return case, ballots


def _invented(case, ballots):
    entry = case.entries.get(label="2-1-102")
    made = Ballot.objects.create(
        decision=case, entry=entry, issue=1, state=B.VALID, capacity="owner", collector=ballots["1-1-101"].collector,
        second=ballots["1-1-101"].second, collected_at=AFTER, envelope="x", envelope_sha256="1" * 64, choices={"1": "for"},
    )  # fmt: skip
    Mark.objects.create(ballot=made, state=B.VALID, reason="", by="x", at=AFTER)


def _turned(case, ballots):
    Ballot.objects.filter(pk=ballots["1-1-101"].pk).update(choices={"1": "against"})


def _typed_anew(case, ballots):
    Ballot.objects.filter(pk=ballots["1-1-101"].pk).update(choices={"1": "against"})
    Typing.objects.filter(ballot=ballots["1-1-101"]).first().delete()


def _other_envelope(case, ballots):
    Ballot.objects.filter(pk=ballots["1-1-101"].pk).update(envelope_sha256="2" * 64)


def _taken_away(case, ballots):
    Ballot.objects.filter(pk=ballots["1-1-101"].pk).update(stands=False, state=B.REPLACED)


def _larger(case, ballots):
    Entry.objects.filter(decision=case, label="1-1-101").update(area=99999)


def _two_heads(case, ballots):
    Entry.objects.filter(decision=case, label="1-1-101").update(head="p999")


def _one_more_unit(case, ballots):
    Entry.objects.filter(decision=case, label="2-1-102").delete()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "move", [_invented, _turned, _typed_anew, _other_envelope, _taken_away, _larger, _two_heads, _one_more_unit]
)
def test_what_was_slipped_in_past_the_program_is_not_counted(world, move):
    case, ballots = _stuffed(world)
    move(case, ballots)
    with frozen(AFTER), pytest.raises(Refusal, match="不能计票"):
        counting.count(case, by=world["committee"], seed="1")
    assert Decision.objects.get(pk=case.pk).result is None


@pytest.mark.django_db
def test_the_sample_is_picked_by_the_public_seed(world):
    case = world.counted(ALL_FOR)
    assert counting.sampled(case) == sorted(case.entries.values_list("paper", flat=True))
    assert case.seed == "2027041 03 11 24"


# The law against a second implementation, which shares nothing with the first but the article.


def plainly(matter, rule, units, cast, silent):
    """Counted the slow way with fractions and sets, straight from the words of the article."""
    every = {head for _name, _area, head in units}
    whole = sum(area for _name, area, _head in units)

    def verdict(votes):
        came = [(area, head, votes[name]) for name, area, head in units if name in votes]
        sides = {head: {side for _a, other, side in came if other == head} for _a, head, _s in came}
        part_area, part_heads = sum(area for area, _h, _s in came), len(sides)
        yes_area = sum(area for area, _h, side in came if side == "for")
        yes_heads = len([head for head, said in sides.items() if said == {"for"}])
        quorate = Fraction(part_area, whole) >= Fraction(2, 3) and Fraction(part_heads, len(every)) >= Fraction(2, 3)
        if not came:
            return False, part_area, part_heads, yes_area, yes_heads
        share = (Fraction(yes_area, part_area), Fraction(yes_heads, part_heads))
        special = matter in ("fund_raising", "rebuilding", "common_use_change")
        enough = min(share) >= Fraction(3, 4) if special else min(share) > Fraction(1, 2)
        return quorate and enough, part_area, part_heads, yes_area, yes_heads

    strict = verdict(cast)
    if rule == "not_participating":
        return strict, strict
    side = "abstain"
    if rule == "participates_follow_majority":
        heads = {head: {cast[n] for n, _a, h in units if h == head and n in cast} for _n, _a, head in units}
        weight = {
            one: (sum(a for n, a, _h in units if cast.get(n) == one), sum(said == {one} for said in heads.values()))
            for one in ("for", "against")
        }
        if weight["for"][0] > weight["against"][0] and weight["for"][1] > weight["against"][1]:
            side = "for"
        elif weight["against"][0] > weight["for"][0] and weight["against"][1] > weight["for"][1]:
            side = "against"
    return verdict({**dict.fromkeys(silent, side), **cast}), strict


def election(rng):
    """A random small vote, often close to a threshold."""
    count = rng.randint(1, 14)
    units = [
        (f"u{n}", rng.choice((8950, 9000, 12000, 5001)), rng.choice(("developer", *(f"o{k}" for k in range(count)))))
        for n in range(count)
    ]
    cast, silent, void = {}, [], 0
    for name, _area, _head in units:
        lot = rng.random()
        if lot < 0.75:
            cast[name] = rng.choices(("for", "against", "abstain"), (5, 2, 1))[0]
        elif lot < 0.8:
            void += 1
        elif lot < 0.95:
            silent.append(name)
    return rng.choice(law.MATTERS), rng.choice(law.SILENT_RULES), units, cast, silent, void


def recounted(seed, how_many):
    """How many random votes the two count differently; also the verifier that stands in a pack."""
    rng, differing = random.Random(seed), 0
    thresholds = {"participation": "2/3", "ordinary": "1/2", "special": "3/4"}
    for _turn in range(how_many):
        matter, rule, units, cast, silent, void = election(rng)
        heads = [
            law.Unit(name, area, ("developer",) if head == "developer" else ("owner", head))
            for name, area, head in units
        ]
        found = law.count_votes(matter, rule, heads, cast, void, silent, on=DAY(2027, 4, 5))
        ours = (found["passed"], *(round(float(found[at]["area"]) * 100) if what == "area" else found[at]["heads"]
                                   for at in ("participating", "for") for what in ("area", "heads")))  # fmt: skip
        said, strict = plainly(matter, rule, units, cast, silent)
        rows = [{"paper": name, "area": area, "head": head, "choices": {"1": cast[name]} if name in cast else {},
                 "state": "valid" if name in cast else "none", "delivered": name in silent} for name, area, head in units]  # fmt: skip
        third = verify_vote.recount({"item": "1", "matter": matter}, rows, rule, thresholds)
        fits = ours == said and third["failed"] == found["reasons"]
        if rule != "not_participating":
            fits = fits and found["not_participating_result"]["passed"] == strict[0]
        differing += not fits
    return differing


def test_a_second_implementation_counts_every_random_vote_the_same():
    assert recounted(278, 1500) == 0


def test_five_hundred_units_of_which_the_developer_has_sixty_are_439_heads():
    units = [
        law.Unit(str(n), 10000, ("developer",) if n < 60 else ("owner", "A" if n < 63 else str(n))) for n in range(500)
    ]
    found = law.count_votes("other", "not_participating", units, {}, 0, [], on=DAY(2027, 1, 1))
    assert found["total"]["heads"] == 439


@pytest.mark.parametrize(("yes", "no", "abstain", "silent", "passed", "strict"), [
    # 1,291 ballots, 703 returned (417, 278, 8), 584 delivered and silent, 4 never delivered: the article counts heads.
    (417, 278, 8, 584, True, False),
    # A majority that no silent paper would have changed.
    (900, 100, 0, 200, True, True),
    # The silent follow the majority against.
    (278, 417, 8, 584, False, False),
])  # fmt: skip
def test_the_decided_cases_of_silent_ballots(yes, no, abstain, silent, passed, strict):
    sides = ["for"] * yes + ["against"] * no + ["abstain"] * abstain
    units = [law.Unit(str(n), 9000, ("owner", str(n))) for n in range(1291)]
    cast = {str(n): side for n, side in enumerate(sides)}
    quiet = [str(n) for n in range(len(sides), min(len(sides) + silent, 1291))]
    found = law.count_votes("other", "participates_follow_majority", units, cast, 0, quiet, on=DAY(2022, 6, 22))
    assert found["passed"] is passed and found["not_participating_result"]["passed"] is strict
    if yes == 417:
        assert found["for"]["heads"] == 1001


@pytest.mark.django_db
def test_forty_moves_of_stuffing_are_all_refused(world):
    from .trustworthy import stuffed

    assert stuffed(world, 5, 40) == 0


@pytest.mark.django_db
def test_a_paper_is_read_twice_and_settled_with_its_picture_only_where_in_doubt(world, ballot):
    with frozen(AFTER):
        counting.doubt(ballot, by=world["counter"], reason="信封拆过")
        sides = {"1": "for", "2": "for"}
        with pytest.raises(Refusal, match="先由计票人拍下票面再核定"):
            counting.settle(ballot, by=world["watcher"], choices=sides, reason="看清了")
        Ballot.objects.filter(pk=ballot.pk).update(state=B.COLLECTED)
        world.read(ballot, "for")
        with pytest.raises(Refusal, match="这张票没有疑问"):
            counting.settle(ballot, by=world["watcher"], choices=sides, reason="看清了")
        Helper.objects.create(
            decision=ballot.decision, person=world.people["second"], duty="counter", by="test", at=AFTER
        )
        with pytest.raises(Refusal, match="这张票已经录了两遍"):
            counting.read(ballot, by=world["second"], choices=sides)
        Ballot.objects.filter(pk=ballot.pk).update(stands=False)
        with pytest.raises(Refusal, match="这张票已经换发作废"):
            counting.doubt(ballot, by=world["counter"], reason="信封拆过")
