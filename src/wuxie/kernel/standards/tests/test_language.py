from __future__ import annotations

from fractions import Fraction

import pytest

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.standards.language import FormulaProblem, NoData, Slot, compile_formula
from wuxie.kernel.standards.sentence import say

HOSTILE = {
    "import": "__import__('os').system('true')",
    "attribute": "count('a').numerator",
    "attribute of a number": "1 .real",
    "private name": "__builtins__",
    "lambda": "(lambda: 1)()",
    "f-string": "count(f'{1}')",
    "bytes": "count(b'a')",
    "raw text": "count(r'a')",
    "text outside a kind": "'a'",
    "text as a value": "min('a', 1)",
    "text for months": "count('a', 'b')",
    "joined texts": "count('a' 'b')",
    "escape in a kind": "count('a\\x41')",
    "percent in a kind": "count('100%')",
    "quote in a kind": 'count("a\'b")',
    "newline in a kind": "count('a\nb')",
    "empty kind": "count('')",
    "kind that is a name": "count(k)",
    "kind that is a number": "count(1)",
    "power": "9 ** 9",
    "power tower": "9**9**9**9",
    "floor division": "7 // 2",
    "remainder": "7 % 2",
    "bits": "1 | 2",
    "shift": "1 << 99999",
    "invert": "~1",
    "matrix product": "1 @ 2",
    "walrus": "(x := 1)",
    "assignment": "x = 1",
    "two statements": "1; 2",
    "comment": "1 # why",
    "newline between statements": "1\n2",
    "backslash": "1 + \\\n 2",
    "subscript": "[1, 2][0]",
    "list as a value": "[1]",
    "tuple": "(1, 2)",
    "dict": "{1: 2}",
    "comprehension": "[x for x in [1]]",
    "star": "min(*[1, 2])",
    "keyword": "count('a', months=3)",
    "is": "1 is 1",
    "in": "1 in [1]",
    "True": "True",
    "None": "None",
    "ellipsis": "...",
    "other function": "abs(1)",
    "call of a call": "min(1, 2)(3)",
    "function as a value": "min",
    "exponent": "1e3",
    "hexadecimal": "0x10",
    "underscore": "1_000",
    "imaginary": "1j",
    "leading nought": "007",
    "number and word": "1if 2 else 3",
    "long number": "9" * 41,
    "thousands of digits": "9" * 5000,
    "full-width digit": "１ + 1",
    "Arabic digit": "\u0661 + 1",
    "full-width letter": "ｃount('a')",
    "full-width bracket": "count（'a'）",
    "no-break space": "1\u00a0+ 1",
    "nought byte": "1\x00",
    "lone surrogate": "\ud800",
    "deep brackets": "(" * 4000 + "1" + ")" * 4000,
    "ten thousand brackets": "(" * 10_000 + "1" + ")" * 10_000,
    "deep brackets, unclosed": "(" * 9_999,
    "deep lists": "[" * 61 + "]" * 61,
    "deep minus": "-" * 9_000 + "1",
    "deep not": "not " * 2_000 + "1",
    "deep if": "1 if 1 else " * 800 + "1",
    "deep products": "*".join(["(1"] * 61) + ")" * 61,
    "too long": "1 + " * 3_000 + "1",
    "nothing": "",
    "only spaces": "   \n ",
    "half a sum": "1 +",
    "if without else": "1 if 2",
    "one bracket": "(1",
    "months nought": "count('a', 0)",
    "months too many": "count('a', 121)",
    "months negative": "count('a', -1)",
    "months with a point": "count('a', 12.0)",
    "months worked out": "count('a', 6 + 6)",
    "months of active": "active('a', 3)",
    "months of has": "has('a', 3)",
    "ratio of one": "ratio(1)",
    "ratio of three": "ratio(1, 2, 3)",
    "clamp of two": "clamp(1, 2)",
    "min of one": "min(1)",
    "max of none": "max()",
    "bands without rows": "bands(1)",
    "bands of nothing": "bands(1, [])",
    "bands of numbers": "bands(1, [1, 2])",
    "bands of triples": "bands(1, [[1, 2, 3]])",
    "bands of a value": "bands(1, count('a'))",
}


@pytest.mark.parametrize("formula", HOSTILE.values(), ids=list(HOSTILE))
def test_what_is_not_in_the_language_is_refused_with_its_position(formula: str) -> None:
    with pytest.raises(FormulaProblem) as refusal:
        compile_formula(formula, "$.groups[0].indicators[1].formula")
    assert refusal.value.code == "formula"
    assert refusal.value.path == "$.groups[0].indicators[1].formula"
    assert f"第 {refusal.value.position} 个字符" in refusal.value.message
    assert set(refusal.value.as_dict()["error"]) == {"code", "path", "message"}  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("formula", "position"),
    [("1 + abs(2)", 5), ("  1 + abs(2)", 7), ("count('类别') + x", 15), ("1 ** 2", 3), ("1 + ", 3), ("min(1, 'a')", 8)],
)
def test_the_position_is_that_of_the_fault(formula: str, position: int) -> None:
    with pytest.raises(FormulaProblem) as refusal:
        compile_formula(formula)
    assert refusal.value.position == position


@pytest.mark.parametrize("value", [None, 1.5, True, ["1"], {}, 3])
def test_what_is_no_text_is_refused_as_a_type(value: object) -> None:
    with pytest.raises(Problem) as refusal:
        compile_formula(value)  # type: ignore[arg-type]
    assert refusal.value.code == "type"


LAWFUL = {
    "1 + 2 * 3 - 4 / 8": "6.5",
    "-2 * -3": "6",
    "+5": "5",
    "--5": "5",
    "2 - 3 - 4": "-5",
    "8 / 4 / 2": "1",
    "8 / (4 / 2)": "4",
    "0.1 + 0.2 == 0.3": "1",
    "1 < 2 < 3": "1",
    "1 < 3 < 2": "0",
    "3 > 2 > 1 > 0 > 1": "0",
    "not 0": "1",
    "not 1 == 2": "1",
    "0 or 3": "3",
    "2 and 3": "3",
    "0 and 1 / 0": "0",
    "1 or 1 / 0": "1",
    "5 if 0 else 7": "7",
    "1 / 0 if 0 else 7": "7",
    "7 if 1 else 1 / 0": "7",
    "0 < -1 < 1 / 0": "0",
    "1 / 0": None,
    "1 / 0 and 0": None,
    "0 * (1 / 0)": None,
    "min(1, 1 / 0)": None,
    "bands(5, [[1, 2], [0, 1 / 0]])": None,
    "ratio(1, 0) if 1 else 0": None,
    "1 / 0 < 1": None,
    "not 1 / 0": None,
    "ratio(1, 3) * 3 == 1": "1",
    "ratio(1, -4)": "-0.25",
    "bands(0.2, [[0.2, 3], [0.1, 2]])": "3",
    "bands(0.15, [[0.2, 3], [0.1, 2]])": "2",
    "bands(-1, [[0, 6]])": "0",
    "bands(-1, [[-2, 6]])": "6",
    "clamp(5, 0, 3)": "3",
    "clamp(-5, 0, 3)": "0",
    "clamp(2, 0, 3)": "2",
    "min(3, 1, 2)": "1",
    "max(3, 1, 2)": "3",
    ".5 + 5.": "5.5",
    "1 +\n\t2\n": "3",
    "(1 > 0) + (2 > 0)": "2",
    "1 if (2 if 0 else 3) else 4": "1",
    " + ".join(["1"] * 900): "900",
}


@pytest.mark.parametrize(("formula", "value"), LAWFUL.items(), ids=[name[:30] for name in LAWFUL])
def test_lawful_formulas_are_worth_what_arithmetic_says(formula: str, value: str | None) -> None:
    try:
        result: Fraction | None = Fraction(*compile_formula(formula).number({}))
    except NoData:
        result = None
    assert result == (None if value is None else Fraction(value))


def test_a_formula_knows_the_figures_it_needs_also_in_branches_not_taken() -> None:
    formula = compile_formula("sum('a', 3) if has('b') else days('c') or sum('a', 3)")
    assert set(formula.slots) == {Slot("sum", "a", 3), Slot("count", "b"), Slot("active", "b"), Slot("days", "c")}
    assert set(formula.kinds) == {"a", "b", "c"}


def test_a_condition_without_data_does_not_hold() -> None:
    assert not compile_formula("1 / 0 > 0 or 1").truth({})
    assert compile_formula("1 or 1 / 0").truth({})


SAID = {
    "4 * ratio(sum('a'), sum('b'))": "4 × 甲 ÷ 乙",
    "ratio(sum('a') + 1, sum('b') - 1)": "（甲 + 1） ÷ （乙 − 1）",
    "1 / ratio(sum('a'), sum('b'))": "1 ÷ （甲 ÷ 乙）",
    "1 - (sum('a') + sum('b'))": "1 − （甲 + 乙）",
    "-sum('a')": "−甲",
    "+sum('a')": "甲",
    "2 - -sum('a')": "2 − （−甲）",
    "count('a', 12)": "近 12 个月的甲的条数",
    "days('a')": "有甲的天数",
    "active('a') > 0 and not has('b')": "期末有效的甲 大于 0 且 不满足“有乙”",
    "1 if has('a') else 0.5 if has('b') else 0": "若有甲，为 1；若有乙，为 0.5；否则为 0",
    "min(sum('a'), 1)": "甲、1 中较小者",
    "clamp(sum('a'), 0, 2)": "甲（不低于 0，不高于 2）",
    "bands(sum('a'), [[3, 0], [1, 3]])": "按 甲 分档：不少于 3 为 0，不少于 1 为 3，其余为 0",
}


@pytest.mark.parametrize(("formula", "sentence"), SAID.items(), ids=list(SAID))
def test_a_formula_is_said_in_words(formula: str, sentence: str) -> None:
    assert say(formula, {"a": "甲", "b": "乙"}.__getitem__) == sentence
