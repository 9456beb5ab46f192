"""The formula language of scoring standards: cut and parsed against an allow-list, compiled once, exact.

A formula reads facts through ``count``, ``sum``, ``days``, ``active`` and ``has``; everything else is arithmetic on
rationals, kept as pairs of whole numbers (numerator, positive denominator). What divides by nought has no data, and so
has every expression that meets it; a branch of ``if``, ``and``, ``or`` that is not taken is not met. All rows of ``bands``
are met. A comparison may be chained (``a < b <= c``): each value is worked out once, the first that fails ends it.

A formula comes from a stranger's file. ``ast`` is asked only for texts made of tokens from the list below: by itself it
would read comments, joined and escaped texts, full-width letters and other spellings of numbers.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

from wuxie.kernel.calc.problems import Problem

Number = tuple[int, int]
Value = Number | bool

#: More than any formula a person can read.
LONGEST, DEEPEST, MOST_MONTHS = 10_000, 60, 120
LONGEST_NUMBER = 40
DECIMAL = re.compile(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+", re.ASCII)
READERS = ("count", "sum", "days", "active", "has")
FUNCTIONS = (*READERS, "ratio", "bands", "clamp", "min", "max")
KEYWORDS = ("and", "or", "not", "if", "else")
BLANK = " \t\r\n"
#: A kind holds no quote, backslash, percent or control sign: it stands in the engine's statement as a literal.
TOKEN = re.compile(
    r"""(?P<blank>[ \t\r\n]+)
      | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?![0-9A-Za-z_.]))
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<text>'[^'"\\%\x00-\x1f\x7f]*'|"[^'"\\%\x00-\x1f\x7f]*")
      | (?P<sign><=|>=|==|!=|[-+*/<>(),\[\]])""",
    re.VERBOSE | re.ASCII,
)


class NoData(Exception):
    """An expression that divides by nought: there is nothing to judge."""


class Slot(NamedTuple):
    """One figure that a formula reads: ``measure`` of a kind, over the window or (``months``) the last months of it."""

    measure: str
    kind: str
    months: int | None = None


Slots = Mapping[Slot, Number]
Node = Callable[[Slots], Value]


@dataclass(frozen=True)
class Formula:
    """A compiled formula with the slots it reads, in the order of the text."""

    text: str
    slots: tuple[Slot, ...]
    run: Node

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(slot.kind for slot in self.slots))

    def number(self, slots: Slots) -> Number:
        """The value as a number; raises ``NoData``."""
        return number(self.run(slots))

    def truth(self, slots: Slots) -> bool:
        """The value as a condition; without data it does not hold."""
        try:
            return truth(self.run(slots))
        except NoData:
            return False


def number(value: Value) -> Number:
    return (int(value), 1) if isinstance(value, bool) else value


def truth(value: Value) -> bool:
    return value if isinstance(value, bool) else value[0] != 0


def less(a: Number, b: Number) -> bool:
    return a[0] * b[1] < b[0] * a[1]


def _add(a: Number, b: Number) -> Number:
    return (a[0] + b[0], 1) if a[1] == b[1] == 1 else (a[0] * b[1] + b[0] * a[1], a[1] * b[1])


def _subtract(a: Number, b: Number) -> Number:
    return _add(a, (-b[0], b[1]))


def multiply(a: Number, b: Number) -> Number:
    return (a[0] * b[0], a[1] * b[1])


def divide(a: Number, b: Number) -> Number:
    if b[0] == 0:
        raise NoData
    return (a[0] * b[1], a[1] * b[0]) if b[0] > 0 else (-a[0] * b[1], -a[1] * b[0])


OPERATORS: dict[type, Callable[[Number, Number], Number]] = {
    ast.Add: _add, ast.Sub: _subtract, ast.Mult: multiply, ast.Div: divide,
}  # fmt: skip
COMPARISONS: dict[type, Callable[[Number, Number], bool]] = {
    ast.Lt: less,
    ast.Gt: lambda a, b: less(b, a),
    ast.LtE: lambda a, b: not less(b, a),
    ast.GtE: lambda a, b: not less(a, b),
    ast.Eq: lambda a, b: a[0] * b[1] == b[0] * a[1],
    ast.NotEq: lambda a, b: a[0] * b[1] != b[0] * a[1],
}


def parse_decimal(text: str) -> Number:
    """A decimal text as an exact pair."""
    before, _, after = text.partition(".")
    return (int((before + after) or "0"), 10 ** len(after))


def compile_formula(text: str, path: str = "$") -> Formula:
    """Parse and compile; ``Problem("formula", path, …)`` names the position of what is not allowed."""
    if not isinstance(text, str):
        raise Problem("type", path, "公式应是文字，写在引号里。")
    tree, source, lead = _parsed(text, path)
    return _Compiler(source, lead, path).formula(tree, text)


def syntax_tree(text: str) -> ast.expr:
    """The tree of a formula that ``compile_formula`` has passed: for saying it in words."""
    return _parsed(text, "$")[0]


def _parsed(text: str, path: str) -> tuple[ast.expr, str, int]:
    """The tree, the text it was made from, and how many blanks were cut off before it."""
    if len(text) > LONGEST:
        raise _refusal(path, LONGEST + 1, f"公式太长（{len(text)} 字），最多 {LONGEST} 字。请拆成几个指标。")
    source = text.strip(BLANK)
    lead = len(text) - len(text.lstrip(BLANK))
    if not source:
        raise _refusal(path, 1, "公式是空的，请写出怎样得分。")
    _Tokens(source, lead, path).check()
    source = re.sub(r"[\t\r\n]", " ", source)  # lines mean nothing, and no text can hold one by now
    try:
        return ast.parse(source, mode="eval").body, source, lead
    except SyntaxError as fault:
        position = lead + min(fault.offset or len(source), len(source))
        raise _refusal(path, position, "这里读不通。请检查括号、逗号是否成对，if 是否配了 else。") from None
    except (ValueError, RecursionError, MemoryError):
        raise _refusal(path, lead + 1, "从这里起嵌套太深，请拆成几个指标。") from None


class FormulaProblem(Problem):
    """A formula that cannot be used; ``position`` is the character at fault, counted from 1."""

    def __init__(self, path: str, position: int, words: str) -> None:
        super().__init__("formula", path, f"公式第 {position} 个字符处：{words}")
        self.position = position


def _refusal(path: str, position: int, words: str) -> FormulaProblem:
    return FormulaProblem(path, position, words)


class _Tokens:
    """Every character, word and spelling of a number that the language does not have is refused here."""

    def __init__(self, source: str, lead: int, path: str) -> None:
        self.source, self.lead, self.path = source, lead, path

    def refuse(self, at: int, words: str) -> NoReturn:
        raise _refusal(self.path, self.lead + at + 1, words)

    def check(self) -> None:
        at, nesting, before = 0, 0, ""
        while at < len(self.source):
            token = TOKEN.match(self.source, at)
            if token is None:
                self._refuse_sign(at)
            text, sort = token.group(), token.lastgroup
            if sort == "name" and text not in FUNCTIONS and text not in KEYWORDS:
                self.refuse(at, f"不认识“{text[:30]}”。可用的函数：{'、'.join(FUNCTIONS)}。")
            elif sort == "number" and len(text) > LONGEST_NUMBER:
                self.refuse(at, f"数太长，最多 {LONGEST_NUMBER} 位。")
            elif sort == "text" and before != "(":
                self.refuse(at, "文字只能写在函数的事实种类里，例如 count('safety.duty_due')。")
            elif sort == "sign":
                nesting += (text in "([") - (text in ")]")
                if nesting > DEEPEST:
                    self.refuse(at, f"括号超过 {DEEPEST} 层，请拆成几个指标。")
            before = before if sort == "blank" else text
            at = token.end()

    def _refuse_sign(self, at: int) -> NoReturn:
        sign = self.source[at]
        if sign in "0123456789.":
            self.refuse(at, "数只能写成 2 或 0.25 这样，不带指数、下划线；也没有取属性的写法。")
        if sign in "'\"":
            self.refuse(at, "引号不成对，或引号里有反斜杠、百分号、换行。")
        self.refuse(at, f"不能用“{sign if sign.isprintable() else ascii(sign)[1:-1]}”。")


class _Compiler:
    """Walks the tree once; each node becomes a small function of the slots."""

    def __init__(self, text: str, lead: int, path: str) -> None:
        self.source = text.encode()
        self.lead, self.path = lead, path
        self.slots: dict[Slot, None] = {}

    def formula(self, tree: ast.expr, text: str) -> Formula:
        run = self.node(tree, 0)
        return Formula(text, tuple(self.slots), run)

    def refuse(self, node: ast.AST, words: str) -> FormulaProblem:
        byte = getattr(node, "col_offset", 0)
        position = self.lead + len(self.source[:byte].decode(errors="replace")) + 1
        return _refusal(self.path, position, words)

    def node(self, node: ast.expr, depth: int) -> Node:
        if depth > DEEPEST:
            raise self.refuse(node, f"嵌套超过 {DEEPEST} 层，请拆成几个指标。")
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
                return self._sign(node, depth)
            case ast.UnaryOp(op=ast.Not()):
                inner = self.node(node.operand, depth + 1)
                return lambda slots: not truth(inner(slots))
            case ast.BinOp() if type(node.op) in OPERATORS:
                return self._operation(node, depth)
            case ast.BoolOp():
                return self._junction(node, depth)
            case ast.Compare():
                return self._comparison(node, depth)
            case ast.IfExp():
                return self._choice(node, depth)
            case ast.Call(func=ast.Name()):
                return self._call(node, depth)
        if isinstance(node, ast.BinOp):
            raise self._refuse_operator(node)
        raise self.refuse(
            node, "这里的写法不在公式语言里。只能用数、四则运算、比较、and or not、p if c else q 和规定的函数。"
        )

    def _refuse_operator(self, node: ast.BinOp) -> FormulaProblem:
        """At the sign itself: what follows the left side and its closing brackets."""
        before = len(self.source[: node.left.end_col_offset].decode(errors="replace"))
        after = self.source.decode()[before:]
        return _refusal(
            self.path, self.lead + before + len(after) - len(after.lstrip(" )")) + 1, "只能用 + - * / 四种运算。"
        )

    def _constant(self, node: ast.Constant) -> Node:
        raw = self.source[node.col_offset : node.end_col_offset].decode()
        if isinstance(node.value, bool) or not isinstance(node.value, (int, float)) or not DECIMAL.fullmatch(raw):
            words = (
                "文字只能写在函数的事实种类里。"
                if isinstance(node.value, str)
                else "数只能写成 2 或 0.25 这样，不带指数和下划线。"
            )
            raise self.refuse(node, words)
        value = parse_decimal(raw)
        return lambda slots: value

    def _sign(self, node: ast.UnaryOp, depth: int) -> Node:
        inner = self.node(node.operand, depth + 1)
        if isinstance(node.op, ast.UAdd):
            return lambda slots: number(inner(slots))

        def negate(slots: Slots) -> Value:
            value = number(inner(slots))
            return (-value[0], value[1])

        return negate

    def _operation(self, node: ast.BinOp, depth: int) -> Node:
        """Down the left side in a loop, so that a sum of hundreds of terms is no deeper than one of two."""
        rest: list[tuple[Callable[[Number, Number], Number], Node]] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp) and type(left.op) in OPERATORS:
            rest.append((OPERATORS[type(left.op)], self.node(left.right, depth + 1)))
            left = left.left
        first = self.node(left, depth + 1)
        rest.reverse()

        def operation(slots: Slots) -> Value:
            value = number(first(slots))
            for operate, part in rest:
                value = operate(value, number(part(slots)))
            return value

        return operation

    def _junction(self, node: ast.BoolOp, depth: int) -> Node:
        parts = [self.node(value, depth + 1) for value in node.values]
        stops_on = isinstance(node.op, ast.Or)

        def junction(slots: Slots) -> Value:
            value: Value = False
            for part in parts:
                value = part(slots)
                if truth(value) is stops_on:
                    return value
            return value

        return junction

    def _comparison(self, node: ast.Compare, depth: int) -> Node:
        for operator in node.ops:
            if type(operator) not in COMPARISONS:  # pragma: no cover - a second lock: no token spells another one
                raise self.refuse(node, "比较只能用 < <= > >= == !=。")
        parts = [self.node(value, depth + 1) for value in (node.left, *node.comparators)]
        tests = [COMPARISONS[type(operator)] for operator in node.ops]

        def compare(slots: Slots) -> Value:
            left = number(parts[0](slots))
            for test, part in zip(tests, parts[1:], strict=True):
                right = number(part(slots))
                if not test(left, right):
                    return False
                left = right
            return True

        return compare

    def _choice(self, node: ast.IfExp, depth: int) -> Node:
        condition = self.node(node.test, depth + 1)
        yes, no = self.node(node.body, depth + 1), self.node(node.orelse, depth + 1)
        return lambda slots: yes(slots) if truth(condition(slots)) else no(slots)

    def _call(self, node: ast.Call, depth: int) -> Node:
        assert isinstance(node.func, ast.Name)
        name = node.func.id
        if name not in FUNCTIONS:  # pragma: no cover - a second lock: no token spells another one
            raise self.refuse(node, f"没有函数“{name[:30]}”。可用：{'、'.join(FUNCTIONS)}。")
        if node.keywords or any(isinstance(one, ast.Starred) for one in node.args):
            raise self.refuse(node, f"{name} 的参数要依次写出，不能用名字或星号。")
        if name in READERS:
            return self._reader(node, name)
        if name == "bands":
            return self._bands(node, depth)
        wanted = {"ratio": (2, 2), "clamp": (3, 3), "min": (2, 500), "max": (2, 500)}[name]
        if not wanted[0] <= len(node.args) <= wanted[1]:
            least = "至少" if wanted[1] > wanted[0] else ""
            raise self.refuse(node, f"{name} {least}应有 {wanted[0]} 个参数，现在是 {len(node.args)} 个。")
        parts = [self.node(one, depth + 1) for one in node.args]
        if name == "ratio":
            return lambda slots: divide(number(parts[0](slots)), number(parts[1](slots)))
        if name == "clamp":
            return lambda slots: _clamp(*(number(part(slots)) for part in parts))
        pick = _least if name == "min" else _most
        return lambda slots: pick([number(part(slots)) for part in parts])

    def _reader(self, node: ast.Call, name: str) -> Node:
        most = 2 if name in ("count", "sum", "days") else 1
        if not 1 <= len(node.args) <= most:
            raise self.refuse(node, f"{name} 应有 1{' 或 2' if most == 2 else ''} 个参数，现在是 {len(node.args)} 个。")
        kind = node.args[0]
        if not isinstance(kind, ast.Constant) or not isinstance(kind.value, str) or not kind.value.strip():
            raise self.refuse(kind, f"{name} 的第一个参数是事实种类，写成 {name}('safety.duty_due')。")
        months = self._months(node.args[1]) if len(node.args) == 2 else None
        if name == "has":
            count, active = self._slot("count", kind.value), self._slot("active", kind.value)
            return lambda slots: slots[count][0] > 0 or slots[active][0] > 0
        slot = self._slot(name, kind.value, months)
        return lambda slots: slots[slot]

    def _slot(self, measure: str, kind: str, months: int | None = None) -> Slot:
        slot = Slot(measure, kind, months)
        self.slots[slot] = None
        return slot

    def _months(self, node: ast.expr) -> int:
        raw = self.source[node.col_offset : node.end_col_offset or 0].decode()
        if not (isinstance(node, ast.Constant) and type(node.value) is int and DECIMAL.fullmatch(raw)):
            raise self.refuse(node, f"月数应是 1 到 {MOST_MONTHS} 的整数。")
        if not 1 <= node.value <= MOST_MONTHS:
            raise self.refuse(node, f"月数应是 1 到 {MOST_MONTHS} 的整数，现在是 {node.value}。")
        return int(node.value)

    def _bands(self, node: ast.Call, depth: int) -> Node:
        if len(node.args) != 2 or not isinstance(node.args[1], ast.List) or not node.args[1].elts:
            raise self.refuse(node, "bands 写成 bands(x, [[门槛, 分值], …])，从高到低。")
        value = self.node(node.args[0], depth + 1)
        rows = []
        for row in node.args[1].elts:
            if not isinstance(row, ast.List) or len(row.elts) != 2:
                raise self.refuse(row, "bands 的每一档写成 [门槛, 分值]。")
            rows.append((self.node(row.elts[0], depth + 2), self.node(row.elts[1], depth + 2)))

        def bands(slots: Slots) -> Value:
            x = number(value(slots))
            met = [(number(threshold(slots)), number(points(slots))) for threshold, points in rows]
            return next((points for threshold, points in met if not less(x, threshold)), (0, 1))

        return bands


def _clamp(x: Number, low: Number, high: Number) -> Number:
    return low if less(x, low) else high if less(high, x) else x


def _least(values: list[Number]) -> Number:
    best = values[0]
    for value in values[1:]:
        if less(value, best):
            best = value
    return best


def _most(values: list[Number]) -> Number:
    best = values[0]
    for value in values[1:]:
        if less(best, value):
            best = value
    return best
