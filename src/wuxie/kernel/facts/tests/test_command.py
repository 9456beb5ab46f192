"""``ledger`` as typed: what it prints and how it ends."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from wuxie.kernel.facts import ledger, sealer
from wuxie.kernel.facts.models import Fact, Seal
from wuxie.kernel.facts.testing import lifted

from .factories import BO, fact

pytestmark = pytest.mark.django_db


def run(*words: str) -> tuple[int, str]:
    """Exit code, and everything written."""
    out = StringIO()
    try:
        call_command("ledger", *words, stdout=out, stderr=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_seal_then_verify_with_the_older_root() -> None:
    one = fact()
    assert run("seal")[0] == 0
    assert run("seal") == (0, "没有待封存的事实。\n")
    seal = Seal.objects.get()
    code, said = run("verify", "--root", seal.root)
    assert code == 0
    assert "VERIFIED 1 条事实，1 个链节，1 次封存；待封存 0 条" in said
    assert f"root {seal.root} size {seal.size}" in said
    assert run("verify", "--root", "0" * 64)[0] == 1
    assert run("verify", "--root", "abc") == (2, "--root 要写 64 位十六进制的根。\n")
    assert one.pk in run("verify", "--root", "0" * 64)[1]


def test_verify_names_the_altered_fact() -> None:
    one = fact()
    sealer.seal()
    with lifted():
        Fact.objects.filter(pk=one.pk).update(quantity=5)
    assert run("verify") == (1, f"不符：事实 {one.pk}：内容与封存时的摘要不符。\n")


def test_seal_stops_at_an_altered_fact_or_a_busy_house(monkeypatch: pytest.MonkeyPatch) -> None:
    one = fact()
    with lifted():
        Fact.objects.filter(pk=one.pk).update(quantity=5)
    code, said = run("seal")
    assert (code, one.pk in said) == (1, True)
    monkeypatch.setattr(sealer, "sealing", lambda: False)
    assert run("seal") == (1, "仍有写入在进行，这次没有封存；请稍后再试。\n")


def test_show_lists_seals_and_places_a_fact() -> None:
    one = fact(also_counts_for=("company:3",))
    ledger.dispute(one, by=BO, reason="不服")
    assert "尚未封存" in run("show", one.pk)[1]
    sealer.seal()
    code, said = run("show", one.pk)
    assert code == 0
    for words in (
        "查了一次",
        "project:1 第 1 号，第 1 次封存，叶 0",
        "company:3 第 1 号",
        "异议中：是",
        one.content_hash,
    ):
        assert words in said
    assert "待封存 0 条" in run("show")[1]
    assert run("show", "nobody")[0] == 2


@pytest.mark.parametrize("words", [(), ("burn",), ("export",), ("seal", "now")])
def test_what_is_not_understood_is_bad_input_and_the_forms_are_shown(words: tuple[str, ...], capsys: Any) -> None:
    with pytest.raises(SystemExit) as left:
        call_command("ledger", *words)

    assert left.value.code == 2
    assert "wuxie ledger verify [--root HEX]" in capsys.readouterr().err
