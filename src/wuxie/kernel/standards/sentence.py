"""A formula said in Chinese, for the person who edits a standard and for the one who asks where a point went."""

from __future__ import annotations

from collections.abc import Callable

from .nodes import Bands, Call, Chain, Choice, Compare, Logic, Node, Not, Number, Read, Sign

Label = Callable[[str], str]
SIGNS = {"+": " + ", "-": " − ", "*": " × ", "/": " ÷ "}
COMPARED = {"<": "小于", "<=": "不超过", ">": "大于", ">=": "不少于", "==": "等于", "!=": "不等于"}
#: How tightly each part holds together; a looser part inside a tighter one is put in brackets.
LOOSE, CHOICE, OR, AND, NOT, COMPARED_AT, SUM, PRODUCT, TIGHT = range(9)


def say(node: Node, label: Label = lambda kind: kind) -> str:
    """One sentence without a full stop: ``4 × 按时履职数 ÷ 应履职数``. ``label`` names a kind (default: its code)."""
    return _say(node, label, LOOSE)


def _say(node: Node, label: Label, outside: int) -> str:
    text, rank = _part(node, label)
    return f"（{text}）" if rank < outside else text


def _part(node: Node, label: Label) -> tuple[str, int]:
    match node:
        case Number(text):
            return text, TIGHT
        case Read():
            return _read(node, label), TIGHT
        case Sign(of):
            return f"−{_say(of, label, TIGHT)}", PRODUCT
        case Not(of):
            return f"不满足“{_say(of, label, LOOSE)}”", TIGHT
        case Chain():
            return _chain(node, label)
        case Compare(first, rest):
            words = [_say(first, label, SUM)] + [f"{COMPARED[sign]} {_say(part, label, SUM)}" for sign, part in rest]
            return " ".join(words), COMPARED_AT
        case Logic("and", parts):
            return " 且 ".join(_say(part, label, NOT) for part in parts), AND
        case Logic(_, parts):
            return " 或 ".join(_say(part, label, AND) for part in parts), OR
        case Choice():
            return _choice(node, label), CHOICE
        case Call():
            return _call(node, label)
        case Bands(of, rows):
            steps = [f"不少于 {_say(least, label, SUM)} 为 {_say(points, label, SUM)}" for least, points in rows]
            return f"按 {_say(of, label, SUM)} 分档：{'，'.join([*steps, '其余为 0'])}", CHOICE


def _read(node: Read, label: Label) -> str:
    name = label(node.kind)
    period = f"近 {node.months} 个月的" if node.months else ""
    match node.function:
        case "count":
            return f"{period}{name}的条数"
        case "days":
            return f"{period}有{name}的天数"
        case "active":
            return f"期末有效的{name}"
        case "has":
            return f"有{name}"
    return f"{period}{name}"


def _chain(node: Chain, label: Label) -> tuple[str, int]:
    """A ratio that follows × is read in one breath (a × b ÷ c); one that follows ÷ or is added needs its brackets."""
    product = node.rest[0][0] in "*/"
    rank = PRODUCT if product else SUM
    words = _say(node.first, label, rank)
    for sign, part in node.rest:
        tight = TIGHT if sign == "/" else PRODUCT if product or sign == "-" else SUM
        if isinstance(part, Sign):
            tight = TIGHT
        words += SIGNS[sign] + _say(part, label, tight)
    return words, rank


def _choice(node: Choice, label: Label) -> str:
    words = f"若{_say(node.condition, label, OR)}，为 {_say(node.yes, label, OR)}"
    if isinstance(node.no, Choice):
        return f"{words}；{_choice(node.no, label)}"
    return f"{words}；否则为 {_say(node.no, label, OR)}"


def _call(node: Call, label: Label) -> tuple[str, int]:
    if node.name == "ratio":
        top, bottom = node.arguments
        return f"{_say(top, label, PRODUCT)} ÷ {_say(bottom, label, TIGHT)}", PRODUCT
    parts = [_say(part, label, SUM) for part in node.arguments]
    if node.name == "clamp":
        return f"{parts[0]}（不低于 {parts[1]}，不高于 {parts[2]}）", TIGHT
    word = "较小" if node.name == "min" else "较大"
    return f"{'、'.join(parts)} 中{word}者", COMPARED_AT
