"""YAML as a standard may use it: plain texts and numbers, no tricks.

Numbers keep the digits that were written (``Written``), dates stay texts, a key given twice is refused, and the size that
aliases would unfold to is counted before anything is built.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from wuxie.kernel.calc.problems import Problem

LARGEST = 2_000_000
MOST_NODES = 100_000
DEEPEST = 20
NUMBER = re.compile(r"[-+]?(?:[0-9][0-9_]*\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$")
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Written(str):
    """A number of a YAML file, as its digits: never a float."""

    __slots__ = ()


class _Loader(Loader):
    """SafeLoader without dates, octal numbers and yes/no words; it refuses a key given twice."""

    yaml_implicit_resolvers = {
        first: [
            (tag, pattern)
            for tag, pattern in resolvers
            if tag.rpartition(":")[2] not in ("timestamp", "bool", "int", "float")
        ]
        for first, resolvers in Loader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise Problem("type", "$", f"第 {key.start_mark.line + 1} 行：键应是一个词。")
            if key.value in seen and key.tag != "tag:yaml.org,2002:merge":
                raise Problem(
                    "duplicate", "$", f"第 {key.start_mark.line + 1} 行：“{key.value[:40]}”写了两次，请删去一个。"
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def _number(loader: Any, node: Any) -> Written:
    return Written(node.value)


def _flag(loader: Any, node: Any) -> bool:
    return bool(node.value.lower() == "true")


_Loader.add_implicit_resolver("!written", NUMBER, list("-+.0123456789"))
_Loader.add_implicit_resolver("!flag", re.compile(r"(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))
_Loader.add_constructor("!written", _number)
_Loader.add_constructor("!flag", _flag)


def load(text: bytes) -> Any:
    """The document, or ``Problem("json", "$", …)`` for what is not YAML in UTF-8 or would be too large."""
    if len(text) > LARGEST:
        raise Problem("range", "$", f"文件太大，最多 {LARGEST // 1_000_000} MB。")
    try:
        source = text.decode("utf-8-sig")
        _measure(source)
        return yaml.load(source, Loader=_Loader)  # noqa: S506  (a SafeLoader of our own)
    except (UnicodeDecodeError, yaml.YAMLError, ValueError, RecursionError) as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f"第 {mark.line + 1} 行附近" if mark else "文件"
        raise Problem("json", "$", f"{where}不是 UTF-8 编码的 YAML。请检查缩进、冒号和引号。") from None


def _measure(source: str) -> None:
    """Walk the parser's events and refuse what would unfold to too many nodes or go too deep."""
    sizes: dict[str, int] = {}
    open_nodes: list[tuple[str | None, int]] = []
    total = 0
    for event in yaml.parse(source, Loader=Loader):
        match event:
            case yaml.AliasEvent():
                if event.anchor not in sizes:
                    raise Problem(
                        "reference", "$", f"第 {event.start_mark.line + 1} 行：引用 *{event.anchor[:40]} 还没有写完。"
                    )
                total += sizes[event.anchor]
            case yaml.ScalarEvent():
                total += 1
                if event.anchor:
                    sizes[event.anchor] = 1
            case yaml.CollectionStartEvent():
                open_nodes.append((event.anchor, total))
                total += 1
            case yaml.CollectionEndEvent():
                anchor, before = open_nodes.pop()
                if anchor:
                    sizes[anchor] = total - before
        if total > MOST_NODES or len(open_nodes) > DEEPEST:
            raise Problem("range", "$", "文件展开后太大或套得太深。请去掉重复的引用。")
