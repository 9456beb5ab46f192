"""The Word child: a program of its own that fills a template somebody uploaded, under limits.

A template may hold anything, loops that never end too. It is filled here with texts only, in a sandbox that cannot
change or call anything, and the parent sees the finished file or the reason:

    python -m wuxie.kernel.papers.wordchild TEMPLATE VALUES ANSWER
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

MEMORY = 768 * 1024 * 1024
CPU_SECONDS = 6


def limit() -> None:  # pragma: no cover - binds its process for good, so only a child ever calls it
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024 * 1024, 64 * 1024 * 1024))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def environment() -> Any:
    """Jinja that reads texts and nothing else: no attribute of anything, no filter that builds, no global."""
    import jinja2
    from jinja2.exceptions import SecurityError
    from jinja2.runtime import LoopContext
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Texts(ImmutableSandboxedEnvironment):
        intercepted_binops = frozenset(("+", "-", "*", "/", "//", "%", "**"))

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            raise SecurityError(operator)

        def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
            return False

        def is_safe_callable(self, obj: Any) -> bool:
            return False

        def getattr(self, obj: Any, attribute: str) -> Any:
            """``row.name`` reads a key of a row, ``loop.index`` counts; methods of texts and lists are out of reach."""
            if isinstance(obj, LoopContext) and attribute in ("index", "first", "last", "length"):
                return getattr(obj, attribute)
            return self.getitem(obj, attribute)

        def getitem(self, obj: Any, argument: Any) -> Any:
            if isinstance(obj, (dict, list)) and not isinstance(argument, slice):
                try:
                    return obj[argument]
                except (KeyError, IndexError, TypeError):
                    pass
            return self.undefined(name=str(argument))

    made = Texts(undefined=jinja2.StrictUndefined, autoescape=True)
    made.globals.clear()
    kept = ("default", "length", "upper", "lower", "trim", "e", "escape")
    made.filters = {name: made.filters[name] for name in kept}
    return made


def fill(template: Path, values: dict[str, Any], answer: Path) -> str:
    """The reason why it could not be filled, or nothing."""
    import jinja2
    from docxtpl import DocxTemplate

    try:
        document = DocxTemplate(str(template))
        document.render(values, environment(), autoescape=True)
        document.save(str(answer))
    except jinja2.exceptions.UndefinedError as unknown:
        return f"unknown: {unknown.message}"
    except jinja2.exceptions.SecurityError:
        return "forbidden"
    except jinja2.exceptions.TemplateError as wrong:
        return f"syntax: {wrong.message}"
    except MemoryError:  # pragma: no cover - only under the limit of the child
        return "limit"
    except Exception as broken:
        return f"broken: {type(broken).__name__}"
    return ""


def main(
    template: str, values: str, answer: str
) -> int:  # pragma: no cover - the child itself: it knows too little to be measured
    limit()
    reason = fill(Path(template), json.loads(Path(values).read_text(encoding="utf-8")), Path(answer))
    print(reason)  # noqa: T201 - this is the answer to the parent
    return 1 if reason else 0


if __name__ == "__main__":  # pragma: no cover - the child itself
    sys.exit(main(*sys.argv[1:]))
