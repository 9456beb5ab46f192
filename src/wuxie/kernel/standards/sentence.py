"""A formula in the reader's words, for the person who edits a standard and for the one who asks where a point went."""

from __future__ import annotations

import ast
from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .language import syntax_tree

Label = Callable[[str], str]
SIGNS: dict[type, str] = {ast.Add: " + ", ast.Sub: " − ", ast.Mult: " × ", ast.Div: " ÷ "}
COMPARED: dict[type, Promise] = {
    ast.Lt: gettext_lazy("小于"), ast.LtE: gettext_lazy("不超过"), ast.Gt: gettext_lazy("大于"),
    ast.GtE: gettext_lazy("不少于"), ast.Eq: gettext_lazy("等于"), ast.NotEq: gettext_lazy("不等于"),
}  # fmt: skip
#: How tightly each part holds together; a looser part inside a tighter one is put in brackets.
LOOSE, CHOICE, OR, AND, NOT, COMPARED_AT, SUM, PRODUCT, TIGHT = range(9)


def say(formula: str, label: Label = str) -> str:
    """One sentence without a full stop: ``4 × 按时履职 ÷ 应履职``. ``label`` names a kind; ``Problem`` as in ``compile``."""
    return _Sentence(label).say(syntax_tree(formula), LOOSE)


class _Sentence:
    def __init__(self, label: Label) -> None:
        self.label = label

    def say(self, node: ast.expr, outside: int) -> str:
        text, rank = self.part(node)
        return _("（%s）") % text if rank < outside else text

    def part(self, node: ast.expr) -> tuple[str, int]:
        """The words for a node, and how tightly they hold together."""
        match node:
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return f"−{self.say(operand, TIGHT)}", PRODUCT
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.part(operand)
            case ast.UnaryOp(operand=operand):
                return _("不满足“%s”") % self.say(operand, LOOSE), TIGHT
            case ast.BinOp():
                return self.operation(node)
            case ast.Compare(left=left, ops=ops, comparators=values):
                words = [f"{COMPARED[type(op)]} {self.say(value, SUM)}" for op, value in zip(ops, values, strict=True)]
                return " ".join([self.say(left, SUM), *words]), COMPARED_AT
            case ast.BoolOp(op=ast.And(), values=values):
                return _(" 且 ").join(self.say(value, NOT) for value in values), AND
            case ast.BoolOp(values=values):
                return _(" 或 ").join(self.say(value, AND) for value in values), OR
            case ast.IfExp():
                return self.choice(node), CHOICE
            case ast.Call():
                return self.call(node)
        return ast.unparse(node), TIGHT

    def operation(self, node: ast.BinOp) -> tuple[str, int]:
        """A ratio after × is read in one breath (a × b ÷ c); after ÷ it needs its brackets."""
        product = isinstance(node.op, ast.Mult | ast.Div)
        rank = PRODUCT if product else SUM
        right = {ast.Div: TIGHT, ast.Mult: PRODUCT, ast.Sub: PRODUCT, ast.Add: SUM}[type(node.op)]
        if isinstance(node.right, ast.UnaryOp):
            right = TIGHT
        return f"{self.say(node.left, rank)}{SIGNS[type(node.op)]}{self.say(node.right, right)}", rank

    def choice(self, node: ast.IfExp) -> str:
        words = _("若%(test)s，为 %(value)s") % {"test": self.say(node.test, OR), "value": self.say(node.body, OR)}
        if isinstance(node.orelse, ast.IfExp):
            return _("%(first)s；%(then)s") % {"first": words, "then": self.choice(node.orelse)}
        return _("%(first)s；否则为 %(value)s") % {"first": words, "value": self.say(node.orelse, OR)}

    def call(self, node: ast.Call) -> tuple[str, int]:
        name, arguments = node.func.id, node.args  # type: ignore[attr-defined]
        if isinstance(arguments[0], ast.Constant) and isinstance(arguments[0].value, str):
            return self.reader(name, arguments), TIGHT
        if name == "ratio":
            return f"{self.say(arguments[0], PRODUCT)} ÷ {self.say(arguments[1], TIGHT)}", PRODUCT
        if name == "bands":
            return self.bands(arguments), CHOICE
        parts = [self.say(part, SUM) for part in arguments]
        if name == "clamp":
            limits = {"value": parts[0], "least": parts[1], "most": parts[2]}
            return _("%(value)s（不低于 %(least)s，不高于 %(most)s）") % limits, TIGHT
        words = _("%s 中较小者") if name == "min" else _("%s 中较大者")
        return words % _("、").join(parts), COMPARED_AT

    def reader(self, name: str, arguments: list[ast.expr]) -> str:
        kind = self.label(arguments[0].value)  # type: ignore[attr-defined]
        words = {
            "count": _("%s的条数"), "sum": "%s", "days": _("有%s的天数"), "active": _("期末有效的%s"), "has": _("有%s"),
        }[name] % kind  # fmt: skip
        if len(arguments) == 1:
            return words
        return _("近 %(months)s 个月的%(what)s") % {"months": ast.unparse(arguments[1]), "what": words}

    def bands(self, arguments: list[ast.expr]) -> str:
        steps = []
        for row in arguments[1].elts:  # type: ignore[attr-defined]
            least, points = row.elts
            steps.append(
                _("不少于 %(least)s 为 %(points)s") % {"least": self.say(least, SUM), "points": self.say(points, SUM)}
            )
        said = {"value": self.say(arguments[0], SUM), "steps": _("，").join([*steps, _("其余为 0")])}
        return _("按 %(value)s 分档：%(steps)s") % said
