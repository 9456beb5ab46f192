"""The language of formulas: what may be written, and nothing else (``docs/schemas`` and the interface, section 2.7).

A formula comes from an editor's page or from a stranger's file. It is cut into tokens from an allow-list, parsed by
Python's ``ast`` and turned into the nodes of ``nodes.py``; no text of it is ever executed or becomes SQL. Whatever is not
listed is refused with ``Problem("formula", …)``, whose Chinese message names the position, counted from 1.
"""

from __future__ import annotations

import ast
import re
from typing import NoReturn

from wuxie.kernel.calc.problems import Problem

from .nodes import IN_MONTHS, READERS, Bands, Call, Chain, Choice, Compare, Logic, Node, Not, Number, Read, Sign

LONGEST = 10_000
DEEPEST = 40
LONGEST_NUMBER = 40
MONTHS = range(1, 121)
BLANK = " \t\r\n"
KEYWORDS = ("and", "or", "not", "if", "else")
FUNCTIONS = (*READERS, "ratio", "bands", "clamp", "min", "max")
TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?![0-9A-Za-z_.]))
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<text>'[^'"\\\x00-\x1f]*'|"[^'"\\\x00-\x1f]*")
      | (?P<sign><=|>=|==|!=|[-+*/<>(),\[\]])""",
    re.VERBOSE | re.ASCII,
)
RANKS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
SUMS = ("+", "-")
COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip


class FormulaProblem(Problem):
    """A formula that cannot be read; ``position`` is the character at fault, counted from 1."""

    def __init__(self, path: str, position: int, reason: str) -> None:
        super().__init__("formula", path, f"公式第 {position} 个字符处：{reason}")
        self.position = position


def parse(text: object, path: str = "$.formula") -> Node:
    """Read a formula; ``FormulaProblem`` for anything outside the language, ``Problem("type", …)`` for what is no text."""
    if not isinstance(text, str):
        raise Problem("type", path, "公式应是一行文字，请加上引号。")
    if len(text) > LONGEST:
        raise FormulaProblem(path, LONGEST, f"公式太长，最多 {LONGEST} 个字符。请拆成几个指标。")
    source = text.strip(BLANK)
    reader = _Reader(source, path, len(text) - len(text.lstrip(BLANK)))
    if not source:
        reader.refuse(0, "公式是空的，请写出怎样得分。")
    reader.tokens()
    return reader.tree()


class _Reader:
    """One formula on its way from text to nodes."""

    def __init__(self, source: str, path: str, indent: int) -> None:
        self.source = source
        self.bytes = source.encode("utf-8", "surrogatepass")
        self.path = path
        self.indent = indent

    def refuse(self, at: int, reason: str) -> NoReturn:
        raise FormulaProblem(self.path, self.indent + at + 1, reason)

    def refuse_node(self, node: ast.AST, reason: str) -> NoReturn:
        offset = getattr(node, "col_offset", 0)
        self.refuse(len(self.bytes[:offset].decode("utf-8", "replace")), reason)

    # ── tokens ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def tokens(self) -> None:
        """Refuse every character, word and number spelling that the language does not have, before ``ast`` sees it."""
        at, open_brackets, before = 0, 0, ""
        while at < len(self.source):
            token = TOKEN.match(self.source, at)
            if token is None:
                self._refuse_character(at)
            text = token.group()
            match token.lastgroup:
                case "name" if text not in FUNCTIONS and text not in KEYWORDS:
                    self.refuse(at, f"不认识“{text[:40]}”。可用的函数：{'、'.join(FUNCTIONS)}。")
                case "number" if len(text) > LONGEST_NUMBER:
                    self.refuse(at, f"数字太长，最多 {LONGEST_NUMBER} 位。")
                case "text" if before != "(":
                    self.refuse(at, "引号里的文字只能作为事实种类，写在 count、sum、days、active、has 的括号里。")
                case "sign":
                    open_brackets += (text in "([") - (text in ")]")
                    if open_brackets > DEEPEST:
                        self.refuse(at, f"括号套得太深，最多 {DEEPEST} 层。")
            if token.lastgroup != "space":
                before = text
            at = token.end()

    def _refuse_character(self, at: int) -> NoReturn:
        character = self.source[at]
        if character.isascii() and (character.isdigit() or character == "."):
            self.refuse(at, "数字只能写成 12 或 0.75 这样，不用指数、下划线和其他进位制；也没有取属性的写法。")
        if character in "'\"":
            self.refuse(at, "引号没有成对，或引号里有反斜杠、引号。")
        self.refuse(at, f"不能用“{character if character.isprintable() else ascii(character)[1:-1]}”。")

    # ── tree ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def tree(self) -> Node:
        self.source = re.sub(r"[\t\r\n]", " ", self.source)  # lines mean nothing; no text can hold one by now
        try:
            parsed = ast.parse(self.source, mode="eval")
        except SyntaxError as fault:
            at = min(max((fault.offset or 0) - 1, 0), len(self.source) - 1) if fault.offset else len(self.source) - 1
            self.refuse(at, "这里读不通。请检查括号、逗号是否成对，if 是否配了 else。")
        except (ValueError, MemoryError, RecursionError):
            self.refuse(0, "公式太复杂。请拆成几个指标。")
        try:
            return self.node(parsed.body, 0)
        except RecursionError:
            self.refuse(0, "公式太复杂。请拆成几个指标。")

    def node(self, node: ast.AST, depth: int) -> Node:
        if depth > DEEPEST:
            self.refuse_node(node, f"公式套得太深，最多 {DEEPEST} 层。请拆成几个指标。")
        below = depth + 1
        match node:
            case ast.Constant(value=bool() | None | str()):
                self.refuse_node(node, "这里应是数值，不是文字。")
            case ast.Constant():
                return Number(ast.get_source_segment(self.source, node) or "0")
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Sign(self.node(operand, below))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.node(operand, below)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(self.node(operand, below))
            case ast.BinOp():
                return self.chain(node, below)
            case ast.Compare():
                return self.comparison(node, below)
            case ast.BoolOp(op=op, values=values):
                word = "and" if isinstance(op, ast.And) else "or"
                return Logic(word, tuple(self.node(value, below) for value in values))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return Choice(self.node(test, below), self.node(body, below), self.node(orelse, below))
            case ast.Call():
                return self.call(node, below)
        self.refuse_node(node, "这种写法不在公式语言里。")

    def chain(self, node: ast.BinOp, depth: int) -> Node:
        """Walk down the left side in a loop, so that a sum of hundreds of terms is no deeper than one of two."""
        rest: list[tuple[str, Node]] = []
        rank = self.operator(node) in SUMS
        left: ast.AST = node
        while isinstance(left, ast.BinOp) and (self.operator(left) in SUMS) == rank:
            rest.append((self.operator(left), self.node(left.right, depth)))
            left = left.left
        return Chain(self.node(left, depth), tuple(reversed(rest)))

    def operator(self, node: ast.BinOp) -> str:
        if type(node.op) not in RANKS:
            end = self.bytes[: node.left.end_col_offset].decode("utf-8", "replace").rstrip(")")
            tail = self.source[len(end) :].lstrip(" )")
            self.refuse(len(self.source) - len(tail), "只能用 + - * / 四种运算。")
        return RANKS[type(node.op)]

    def comparison(self, node: ast.Compare, depth: int) -> Node:
        rest = []
        for op, value in zip(node.ops, node.comparators, strict=True):
            if type(op) not in COMPARISONS:
                self.refuse_node(node, "比较只能用 < <= > >= == !=。")
            rest.append((COMPARISONS[type(op)], self.node(value, depth)))
        return Compare(self.node(node.left, depth), tuple(rest))

    # ── calls ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def call(self, node: ast.Call, depth: int) -> Node:
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
            self.refuse_node(node, f"只能调用这些函数：{'、'.join(FUNCTIONS)}。")
        name = node.func.id
        if node.keywords:
            self.refuse_node(node, f"{name} 的参数直接写，不写名称。")
        if name in READERS:
            return self.read(node, name)
        if name == "bands":
            return self.bands(node, depth)
        need = {"ratio": 2, "clamp": 3}.get(name)
        if need is not None and len(node.args) != need:
            self.refuse_node(node, f"{name} 要 {need} 个参数，现在是 {len(node.args)} 个。")
        if need is None and len(node.args) < 2:
            self.refuse_node(node, f"{name} 至少要两个参数。")
        return Call(name, tuple(self.node(argument, depth) for argument in node.args))

    def read(self, node: ast.Call, name: str) -> Node:
        most = 2 if name in IN_MONTHS else 1
        if not 1 <= len(node.args) <= most:
            self.refuse_node(
                node, f"{name} 要写事实种类" + ("，后面最多再写一个月数。" if most == 2 else "，别无参数。")
            )
        kind = node.args[0]
        if not isinstance(kind, ast.Constant) or not isinstance(kind.value, str) or not kind.value.strip():
            self.refuse_node(kind, f"{name} 的第一个参数是引号里的事实种类，例如 {name}('safety.duty_due')。")
        if len(node.args) == 1:
            return Read(name, kind.value)
        months = node.args[1]
        if not isinstance(months, ast.Constant) or type(months.value) is not int or months.value not in MONTHS:
            self.refuse_node(months, f"月数是 {MONTHS[0]} 到 {MONTHS[-1]} 的整数。")
        return Read(name, kind.value, months.value)

    def bands(self, node: ast.Call, depth: int) -> Node:
        if len(node.args) != 2 or not isinstance(node.args[1], ast.List):
            self.refuse_node(node, "bands 写成 bands(数值, [[下限, 得分], …])。")
        rows = []
        value = self.node(node.args[0], depth)
        for row in node.args[1].elts:
            if not isinstance(row, ast.List) or len(row.elts) != 2:
                self.refuse_node(row, "bands 的每一档写成 [下限, 得分]。")
            rows.append((self.node(row.elts[0], depth), self.node(row.elts[1], depth)))
        return Bands(value, tuple(rows))
