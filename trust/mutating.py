"""A plugin of pytest: instead of one run, one run for each small fault in the files asked for (``trust.mutants``)."""

from __future__ import annotations

import ast
import contextlib
import copy
import importlib
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

ASKED = json.loads(os.environ["TRUST_MUTANTS"])
ROOT = Path(__file__).resolve().parents[1]
SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult,
    ast.Mod: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.RShift: ast.LShift,
}  # fmt: skip
#: Seconds after which a run counts as noticed: the fault made it endless.
ENDLESS, BROKEN = 60, 2


@dataclass(frozen=True)
class Fault:
    path: str
    function: str
    line: int
    what: str
    tree: ast.Module


def variants(node: ast.AST) -> Iterator[tuple[str, Callable[[Any], None]]]:
    """What can be made wrong at this place: words, and how to do it to a copy of the node."""
    if isinstance(node, ast.Compare):
        for at, op in enumerate(node.ops):
            if other := SWAPS.get(type(op)):
                yield (
                    f"{type(op).__name__} → {other.__name__}",
                    lambda one, at=at, other=other: one.ops.__setitem__(at, other()),
                )
    elif isinstance(node, (ast.BoolOp, ast.BinOp)) and (other := SWAPS.get(type(node.op))):
        yield f"{type(node.op).__name__} → {other.__name__}", lambda one: setattr(one, "op", other())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield (
            "without its not",
            lambda one: setattr(one, "op", ast.UAdd()) or setattr(one, "operand", _truth(one.operand)),
        )
    elif isinstance(node, ast.Constant) and type(node.value) is bool:
        yield f"{node.value} → {not node.value}", lambda one: setattr(one, "value", not one.value)
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        yield f"{node.value} → {node.value + 1}", lambda one: setattr(one, "value", one.value + 1)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isascii() and node.value:
        yield f"{node.value!r} → another word", lambda one: setattr(one, "value", one.value + "x")
    elif isinstance(node, (ast.If, ast.IfExp)):
        yield "condition always true", lambda one: setattr(one, "test", ast.Constant(True))
        yield "condition always false", lambda one: setattr(one, "test", ast.Constant(False))
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "returns None", lambda one: setattr(one, "value", ast.Constant(None))
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield "left out", lambda one: setattr(one, "value", ast.Constant(None))


def _truth(node: Any) -> ast.Call:
    return ast.Call(ast.Name("bool", ast.Load()), [node], [])


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def faults(path: str) -> Iterator[Fault]:
    """All small faults inside the functions of a file; docstrings, messages and annotations are left as they are."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    nodes = list(ast.walk(tree))
    within = dict(_functions(tree, ""))
    for at, node in enumerate(nodes):
        function = within.get(id(node))
        for what, change in variants(node) if function else ():
            changed = copy.deepcopy(tree)
            change(list(ast.walk(changed))[at])
            yield Fault(path, str(function), getattr(node, "lineno", 0), what, ast.fix_missing_locations(changed))


def _functions(node: ast.AST, inside: str) -> Iterator[tuple[int, str]]:
    """``(id of a node, qualified name of the outermost function it is in)``, without docstrings and annotations."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{inside}{child.name}.")
        elif isinstance(child, ast.FunctionDef):
            for part in child.body:
                if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)):
                    yield from ((id(one), f"{inside}{child.name}") for one in _code(part))


def _code(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for name, value in ast.iter_fields(node):
        if name not in ("annotation", "returns"):
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, ast.AST):
                    yield from _code(one)


def module_of(path: str) -> ModuleType:
    return importlib.import_module(path.removeprefix("src/").removesuffix(".py").replace("/", "."))


def take_over(fault: Fault) -> None:
    """Give the function of the running program the code of the changed one; whoever imported it has it too."""
    code = compile(fault.tree, fault.path, "exec")
    for name in fault.function.split("."):
        code = next(one for one in code.co_consts if isinstance(one, CodeType) and one.co_name == name)
    function_of(module_of(fault.path), fault.function).__code__ = code


def function_of(module: ModuleType, name: str) -> FunctionType:
    found: Any = module
    for part in name.split("."):
        found = vars(found)[part]
    found = getattr(found, "func", found) if not isinstance(found, property) else found.fget
    while not isinstance(found, FunctionType) or hasattr(found, "__wrapped__"):
        found = found.__func__ if isinstance(found, (classmethod, staticmethod)) else found.__wrapped__
    return found


class Run:
    """The tests once as they are, remembering who calls what; then for each fault the tests that call its function."""

    def __init__(self) -> None:
        self.failed = False
        self.called: dict[str, dict[tuple[str, str], float]] = {}

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.failed |= report.failed

    def once(self, items: list[Any]) -> None:
        files = {str(ROOT / path): path for path in ASKED["files"]}
        for at, item in enumerate(items):
            seen: set[tuple[str, str]] = set()

            def watch(frame: Any, event: str, _argument: Any, seen: set[tuple[str, str]] = seen) -> None:
                if event == "call" and frame.f_code.co_filename in files:
                    name = frame.f_code.co_qualname.partition(".<locals>")[0]
                    seen.add((files[frame.f_code.co_filename], name))

            began = time.monotonic()
            sys.setprofile(watch)
            protocol(item, items[(at + 1) % len(items)])
            sys.setprofile(None)
            if self.failed:
                pytest.exit(f"{item.nodeid} fails without any fault", returncode=1)
            self.called[item.nodeid] = dict.fromkeys(seen, time.monotonic() - began)

    def noticed(self, fault: Fault, items: list[Any], change: bool = True) -> bool:
        key = (fault.path, fault.function)
        callers = [item for item in items if key in self.called[item.nodeid]]
        callers.sort(key=lambda item: self.called[item.nodeid][key])
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(ENDLESS)
            with contextlib.suppress(BaseException):
                if change:
                    take_over(fault)
                for item, after in zip(callers, [*callers[1:], callers[0]], strict=True):
                    item.session._setupstate.teardown_exact(item)
                    protocol(item, after)
                    if self.failed:
                        os._exit(1)
                os._exit(0)
            os._exit(BROKEN)
        status = os.waitpid(child, 0)[1]
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == BROKEN:
            raise RuntimeError(f"the fault could not be put in: {fault.path}:{fault.line} {fault.what}")
        return status != 0


def protocol(item: Any, after: Any) -> None:
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: Any) -> bool:
    run = Run()
    session.config.pluginmanager.register(run)
    run.once(session.items)
    every = [fault for path in ASKED["files"] for fault in faults(path)]
    if every and run.noticed(every[0], session.items, change=False):
        pytest.exit("the tests fail in a child without any fault", returncode=1)
    drawn = random.Random(ASKED["seed"]).sample(every, min(len(every), ASKED["most"]))
    kept = [fault for fault in drawn if not run.noticed(fault, session.items)]
    said = [f"{fault.path}:{fault.line} {fault.function}: {fault.what}" for fault in sorted(kept, key=lambda f: f.line)]
    report = {"killed": len(drawn) - len(kept), "survived": said}
    Path(ASKED["report"]).write_text(json.dumps(report), encoding="utf-8")
    session.testscollected = len(session.items)
    return True
