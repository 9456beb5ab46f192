import pytest

from wuxie.kernel.facts import kinds
from wuxie.kernel.facts.kinds import Kind
from wuxie.kernel.facts.refusal import Refused
from wuxie.kernel.facts.testing import declared
from wuxie.kernel.facts.trust import Trust


def test_a_kind_with_variants_is_found_by_its_written_code() -> None:
    assert kinds.get("probe.drill.fire").code == "probe.drill"
    assert kinds.get("probe.judged.A6").code == "probe.judged"
    assert kinds.get("probe.done").code == "probe.done"


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("probe.nothing", "没有“probe.nothing”这种事实"),
        ("probe.drill", "要写明细类"),
        ("probe.drill.quake", "fire、flood"),
        ("probe.judged", "任一指标编号"),
        ("probe.judged.A-6", "任一指标编号"),
        ("probe.done.fire", "没有“probe.done.fire”这种事实"),
        ("nothing", "没有“nothing”这种事实"),
    ],
)
def test_an_unknown_kind_or_variant_is_refused_in_chinese(code: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        kinds.get(code)
    assert says in refused.value.message
    assert (refused.value.code, refused.value.path) == ("reference", "$.kind")
    assert kinds.find(code) is None


def test_a_kind_is_declared_once() -> None:
    with pytest.raises(Refused, match="不能重复登记"):
        kinds.register(Kind("probe.done", "又一次"))


def test_open_variants_may_be_written_with_a_star() -> None:
    assert Kind("a.b", "甲", variants=("*",)).variants == "any"


@pytest.mark.parametrize("code", ["", "probe", "Probe.done", "probe..done", "probe.done'"])
def test_a_code_that_is_no_code_is_a_mistake_in_the_program(code: str) -> None:
    with pytest.raises(ValueError, match="not a kind"):
        Kind(code, "甲")


def test_a_variant_that_is_no_word_is_a_mistake_in_the_program() -> None:
    with pytest.raises(ValueError, match="not a variant"):
        Kind("a.b", "甲", variants=("x y",))


def test_declarations_end_with_their_block() -> None:
    with declared(Kind("passing.by", "路过")):
        assert kinds.get("passing.by").minimum == Trust.COUNTERPART_CONFIRMED
    assert kinds.find("passing.by") is None


def test_trust_has_the_words_of_the_standards() -> None:
    assert [level.word for level in Trust] == [
        "self_declared", "counterpart_confirmed", "association_verified", "authority_document",
    ]  # fmt: skip
    assert Trust.of("authority_document") == Trust.of(3) == Trust.AUTHORITY_DOCUMENT
    for wrong in ("somebody", 4):
        with pytest.raises(ValueError, match=str(wrong)):
            Trust.of(wrong)


def test_labels_name_the_variant() -> None:
    assert kinds.label_of("probe.drill.fire") == "演练（fire）"
    assert kinds.label_of("gone.kind") == "gone.kind"
    with declared(Kind("probe.paper", "公示", variants=("fund", "rest"), variant_labels={"fund": "维修资金"})):
        assert kinds.label_of("probe.paper.fund") == "公示（维修资金）"
        assert kinds.label_of("probe.paper.rest") == "公示（rest）"


def test_a_kind_is_shown_by_its_label() -> None:
    assert str(kinds.get("probe.done")) == kinds.get("probe.done").label
