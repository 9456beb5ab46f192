"""What may be written down, what is refused, and what later facts make of earlier ones."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from wuxie.kernel.clock.now import frozen, today
from wuxie.kernel.facts import audit, joins_registry, ledger, private, queries, sealer
from wuxie.kernel.facts.canonical import commitment
from wuxie.kernel.facts.models import Also, Fact, Private, Seal, Unsealed
from wuxie.kernel.facts.refusal import Refused
from wuxie.kernel.facts.trust import Trust
from wuxie.kernel.jobs import outbox
from wuxie.kernel.jobs.models import Outgoing

from .factories import ALICE, BO, CHARLIE, DAY, fact, rows

pytestmark = pytest.mark.django_db


def test_a_fact_is_written_with_its_hash_and_waits_for_the_sealer() -> None:
    made = fact("probe.drill.fire", source="sheet/1", quantity="2.5", also_counts_for=("company:3", "company:3"))
    read = Fact.objects.get(pk=made.pk)
    assert (read.quantity, read.amount, read.unit, read.trust) == (2_500_000, "2.5", "次", Trust.ASSOCIATION_VERIFIED)
    assert read.subjects == ["project:1", "company:3"]
    assert read.content_hash == made.content_hash
    assert list(Also.objects.values_list("fact_id", "subject")) == [(made.pk, "company:3")]
    assert Unsealed.objects.filter(fact=made).exists()
    assert str(read) == "演练（fire） project:1 2026-03-02"
    assert audit.examine().well


@pytest.mark.parametrize(
    ("kind", "subject", "known", "path", "says"),
    [
        ("probe.other", "project:1", {}, "$.kind", "没有“probe.other”这种事实"),
        ("probe.done", "company:1", {}, "$.subject", "不能记在“company:1”名下"),
        ("probe.done", "project", {}, "$.subject", "写成“类别:编号”"),
        ("probe.done", "project:1", {"also_counts_for": ("x y",)}, "$.subject", "写成“类别:编号”"),
        ("probe.breach", "company:1", {}, "$.also_counts_for", "要写明所涉的 project"),
        ("probe.done", "project:1", {"source": ""}, "$.source", "来源单据"),
        ("probe.done", "project:1", {"quantity": "1e-9"}, "$.quantity", "至多六位小数"),
        ("probe.done", "project:1", {"trust": "sure"}, "$.trust", "没有“sure”这个可信等级"),
        ("probe.done", "project:1", {"valid_until": datetime.date(2026, 3, 1)}, "$.valid_until", "不能早于发生日"),
        ("probe.done", "project:1", {"attachments": ("photo.jpg",)}, "$.attachments", "SHA-256"),
        ("probe.admitted", "project:1", {}, "$.regards", "要写明所涉的事实"),
        ("probe.done", "project:1", {"occurred_on": datetime.date(2999, 1, 1)}, "$.occurred_on", "不能晚于今天"),
    ],
)
def test_what_does_not_fit_is_refused(kind: str, subject: str, known: dict[str, Any], path: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        fact(kind, subject, **known)
    assert refused.value.path == path
    assert says in refused.value.message
    assert not Fact.objects.exists()


def test_only_a_level_may_begin_later_than_today() -> None:
    assert fact("probe.head_count", occurred_on=today() + datetime.timedelta(days=1)).pk


def test_a_source_gives_a_kind_once_and_another_kind_besides() -> None:
    fact(source="paper:1")
    with pytest.raises(Refused, match="单据“paper:1”已经产生过“查了一次”"):
        fact(source="paper:1", subject="project:2")
    fact("probe.drill.fire", source="paper:1")
    assert Fact.objects.count() == Unsealed.objects.count() == 2


def test_many_are_written_all_or_none() -> None:
    assert ledger.announce_many(rows(450), by=BO) == 450
    assert set(Fact.objects.values_list("by", flat=True)) == {BO}
    twice = [*rows(3, tag="other"), rows(1, tag="other")[0]]
    with pytest.raises(Refused, match="other/0"):
        ledger.announce_many(twice)
    with pytest.raises(Refused, match="sheet/5"):
        ledger.announce_many([*rows(3, tag="other"), rows(6)[5]])
    assert Fact.objects.count() == Unsealed.objects.count() == 450
    assert list(Fact.objects.order_by("id").values_list("source", flat=True)) == [row["source"] for row in rows(450)]
    assert audit.examine().well


def test_facts_go_with_the_transaction_they_tell_of() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        fact()
        raise RuntimeError
    assert not Fact.objects.exists()


def test_evidence_of_another_day_is_marked() -> None:
    assert fact(seen_on=[DAY + datetime.timedelta(days=1)]).suspicious == ""
    marked = fact(seen_on=[DAY - datetime.timedelta(days=9), DAY])
    assert marked.suspicious == "所附证据的日期是2026-02-21，与发生日2026-03-02不符。"


def test_late_is_the_distance_between_two_times() -> None:
    with frozen(DAY + datetime.timedelta(days=4)):
        assert fact().days_late == 4


def test_received_time_never_falls() -> None:
    with frozen(datetime.datetime(2026, 3, 3, 4, tzinfo=datetime.UTC)):
        fact()
        sealed = sealer.seal()
    assert sealed is not None
    with frozen(datetime.datetime(2026, 3, 3, 3, 58, tzinfo=datetime.UTC)):
        assert fact().recorded_at == sealed.sealed_at
    with frozen(datetime.datetime(2026, 3, 3, 3, tzinfo=datetime.UTC)):
        with pytest.raises(Refused, match="服务器时钟早于最近一次封存"):
            fact()
        with pytest.raises(Refused, match="不能封存"):
            sealer.seal()
    assert Seal.objects.count() == 1


# Corrections


def test_a_correction_takes_the_place_of_the_fact() -> None:
    old = fact("probe.drill.fire", quantity="3", also_counts_for=("company:3",))
    new = ledger.supersede(old, by=BO, reason="重复计了一次", quantity="2")
    assert (new.amount, new.revision, new.source, new.also_counts_for) == ("2", 2, old.source, ["company:3"])
    assert queries.state_of(_again(old)).superseded_by == new.pk
    assert queries.state_of(_again(new)).counts
    assert Fact.objects.get(pk=old.pk).content_hash == old.content_hash
    said = queries.facts_about(old).get()
    assert (said.kind, said.subjects, said.note) == ("ledger.superseded", ["project:1", "company:3"], "重复计了一次")
    with pytest.raises(Refused, match="请更正最新的一条"):
        ledger.supersede(old, by=BO, reason="再改")
    assert ledger.supersede(new, by=BO, reason="再改", quantity="1").revision == 3
    assert audit.examine().well


def test_a_level_ends_by_a_correction_with_its_last_day() -> None:
    level = fact("probe.head_count", quantity="12")
    ended = ledger.supersede(level, by=BO, reason="人员变动", valid_until=DAY + datetime.timedelta(days=9))
    assert (ended.amount, ended.valid_until, ended.occurred_on) == ("12", datetime.date(2026, 3, 11), DAY)


def test_a_withdrawal_puts_nothing_in_its_place() -> None:
    old = fact()
    gone = ledger.withdraw(old, by=BO, reason="张冠李戴")
    assert queries.state_of(_again(old)).superseded_by == gone.pk
    with pytest.raises(Refused, match="已被更正或撤回"):
        ledger.withdraw(old, by=BO, reason="再撤")


def test_a_correction_needs_a_reason_and_leaves_who_and_what_alone() -> None:
    old = fact()
    with pytest.raises(Refused, match="请写明理由"):
        ledger.supersede(old, by=BO, reason=" ")
    with pytest.raises(Refused, match="不能改动“subject”"):
        ledger.supersede(old, by=BO, reason="换主体", subject="project:2")
    said = ledger.withdraw(old, by=BO, reason="错")
    for verb in (ledger.supersede, ledger.dispute, ledger.withdraw):
        with pytest.raises(Refused, match="本身是对另一条事实的说明"):
            verb(said, by=CHARLIE, reason="不服")


def test_a_mere_claim_does_not_switch_a_confirmed_fact_off() -> None:
    one = fact(trust="counterpart_confirmed")
    ledger.raise_trust(one, by=BO, to="association_verified", paper="document:1")
    with pytest.raises(Refused, match="不能低于原事实（协会核验）"):
        ledger.supersede(one, by=ALICE, reason="没有这么多", quantity="0", trust="counterpart_confirmed")
    assert ledger.supersede(one, by=BO, reason="少计", quantity="2").trust == Trust.ASSOCIATION_VERIFIED


# Disputes


def test_a_dispute_freezes_until_its_day_and_not_longer() -> None:
    one = fact()
    with frozen(DAY):
        opened = ledger.dispute(one, by=BO, reason="没有这回事", until=DAY + datetime.timedelta(days=10))
    assert opened.valid_until == DAY + datetime.timedelta(days=10)
    last = DAY + datetime.timedelta(days=10)
    assert queries.state_of(_again(one), on=last).disputed
    assert not queries.state_of(_again(one), on=last + datetime.timedelta(days=1)).disputed


def test_whoever_opened_a_dispute_cannot_close_it() -> None:
    one = fact()
    ledger.dispute(one, by=BO, reason="没有这回事")
    with pytest.raises(Refused, match="不能自己作结论"):
        ledger.close_dispute(one, by=BO, upheld=False, reason="算了")
    assert queries.state_of(_again(one)).disputed
    ledger.close_dispute(one, by=CHARLIE, upheld=False, reason="查实无误")
    assert queries.state_of(_again(one)).counts
    with pytest.raises(Refused, match="没有待处理的异议"):
        ledger.close_dispute(one, by=CHARLIE, upheld=True, reason="再来")


def test_an_upheld_dispute_withdraws_the_fact() -> None:
    one = fact()
    ledger.dispute(one, by=BO, reason="没有这回事")
    ledger.close_dispute(one, by=CHARLIE, upheld=True, reason="确有错误")
    state = queries.state_of(_again(one))
    assert (state.disputed, state.counts, bool(state.superseded_by)) == (False, False, True)
    assert audit.examine().well


def test_a_dispute_is_no_switch_to_be_thrown_again_and_again() -> None:
    one = fact()
    with frozen(DAY):
        ledger.dispute(one, by=BO, reason="没有这回事", until=DAY)
        with pytest.raises(Refused, match="已有异议正在处理"):
            ledger.dispute(one, by=CHARLIE, reason="我也这么看")
    with frozen(DAY + datetime.timedelta(days=2)):
        with pytest.raises(Refused, match="不能再次提出"):
            ledger.dispute(one, by=BO, reason="还是没有")
        ledger.dispute(one, by=CHARLIE, reason="我也这么看")
        ledger.close_dispute(one, by=ALICE, upheld=False, reason="查实无误")
        with pytest.raises(Refused, match="已被驳回"):
            ledger.dispute(one, by="person:9", reason="换个人再来")


@pytest.mark.parametrize("days", [-1, 181])
def test_a_dispute_has_an_end_in_sight(days: int) -> None:
    one = fact()
    with pytest.raises(Refused, match="180 天之内"):
        ledger.dispute(one, by=BO, reason="拖着", until=today() + datetime.timedelta(days=days))
    with pytest.raises(Refused, match="请写明理由"):
        ledger.dispute(one, by=BO, reason="")


# Trust


def test_trust_is_raised_on_a_paper_and_never_lowered() -> None:
    one = fact(trust="self_declared")
    ledger.raise_trust(one, by=BO, to="association_verified", paper="ab" * 32)
    assert queries.state_of(_again(one)).trust == Trust.ASSOCIATION_VERIFIED
    assert queries.facts_about(one).get().attachments == ["ab" * 32]
    for to, says in (
        ("counterpart_confirmed", "只能提高"),
        ("association_verified", "只能提高"),
        ("sure", "没有“sure”"),
    ):
        with pytest.raises(Refused, match=says):
            ledger.raise_trust(one, by=BO, to=to, paper="document:3")
    with pytest.raises(Refused, match="依据的文书"):
        ledger.raise_trust(one, by=BO, to=3, paper="")
    ledger.raise_trust(one, by=BO, to=3, paper="document:3")
    assert queries.state_of(_again(one)).trust == Trust.AUTHORITY_DOCUMENT
    assert Fact.objects.get(pk=one.pk).trust == Trust.SELF_DECLARED


# Personal values


def test_personal_values_enter_as_salted_commitments_only() -> None:
    one = fact(personal={"name": "张三丰", "phone": "13800000000"})
    opening = private.opening_of(one)["name"]
    assert one.personal["name"] == commitment(bytes.fromhex(opening["salt"]), "张三丰")
    assert private.values_of(one) == {"name": "张三丰", "phone": "13800000000"}
    assert fact(personal={"name": "张三丰"}).personal["name"] != one.personal["name"]
    for row in (*Fact.objects.values(), *Private.objects.values()):
        assert "张三丰" not in str(row)
        assert "张三丰".encode() not in bytes(row.get("sealed", b""))


def test_erasing_leaves_every_root_valid() -> None:
    one = fact(personal={"name": "张三丰"})
    sealed = sealer.seal()
    assert sealed is not None
    ledger.erase_personal(one, by=BO, reason="本人要求")
    assert not Private.objects.exists()
    assert private.values_of(one) == {}
    sealer.seal()
    assert audit.examine(root=sealed.root).well
    with pytest.raises(Refused, match="没有可删除的个人信息"):
        ledger.erase_personal(one, by=BO, reason="再删")


def test_personal_values_that_go_without_a_record_are_noticed() -> None:
    one, other = fact(personal={"name": "张三丰"}), fact(personal={"name": "李四"})
    Private.objects.filter(fact=one).delete()
    Private.objects.filter(fact=other).update(sealed=b"\x01" * 40)
    assert [broken.fact for broken in audit.examine().broken] == [other.pk, one.pk]


# Consequences


@pytest.fixture
def heard() -> Iterator[list[str]]:
    seen: list[str] = []

    def listen(one: Fact) -> None:
        seen.append(one.kind)

    for pattern in ("probe.drill.*", "probe.done"):
        joins_registry.on(pattern, listen)
        joins_registry.on(pattern, listen)
    yield seen
    for pattern in ("probe.drill.*", "probe.done"):
        joins_registry.off(pattern, listen)


def test_a_consequence_follows_once_after_the_fact(heard: list[str]) -> None:
    fact("probe.drill.fire")
    fact("probe.head_count")
    fact("probe.done")
    assert heard == []
    assert Outgoing.objects.filter(topic=ledger.ANNOUNCED).count() == 2
    outbox.drain_all()
    outbox.drain_all()
    assert heard == ["probe.drill.fire", "probe.done"]


def test_a_consequence_that_fails_waits_and_leaves_no_half(heard: list[str]) -> None:
    def fail(one: Fact) -> None:
        ledger.announce("probe.head_count", one.subject, occurred_on=DAY, source="half")
        raise RuntimeError

    joins_registry.on("probe.done", fail)
    fact()
    assert outbox.drain() == 0
    joins_registry.off("probe.done", fail)
    assert not Fact.objects.filter(source="half").exists()
    assert Outgoing.objects.get().done_at is None


def test_a_join_may_name_a_kind_with_all_its_variants() -> None:
    from .factories import KINDS

    def nothing(one: Fact) -> None:
        return None

    joins_registry.on(KINDS[2], nothing)
    joins_registry.on("*", nothing)
    assert joins_registry.actions_for("probe.drill.flood") == [nothing, nothing]
    assert joins_registry.actions_for("probe.done") == [nothing]
    joins_registry.off(KINDS[2], nothing)
    joins_registry.off("*", nothing)
    assert joins_registry.actions_for("probe.drill.flood") == []


def _again(one: Fact) -> Fact:
    return Fact.objects.select_related("standing", "unsealed").get(pk=one.pk)
