"""Commands of several verbs (``wuxie rating run …``) that answer bad input in words."""

from __future__ import annotations

import argparse
import sys
from typing import Any, ClassVar, NoReturn

from django.core.management.base import BaseCommand

from .problems import Problem


class Verbs(BaseCommand):
    """One method a verb, called with the verb's arguments: it returns the exit code (``None`` is 0) or raises ``Problem``.

    Exit 0 done, 1 the answer is no (a ``Problem`` whose code is among ``noes``), 2 bad input.
    """

    #: The forms that are understood, shown where the arguments are not.
    usage: ClassVar[tuple[str, ...]] = ()
    noes: ClassVar[frozenset[str]] = frozenset()

    def spoken(self, *parsers: argparse.ArgumentParser) -> None:
        """Let these parsers refuse in words."""
        for one in parsers:
            one.error = self._refuse  # type: ignore[method-assign]

    def _refuse(self, message: str) -> NoReturn:
        self.stderr.write("命令没看懂。写法：\n  " + "\n  ".join(self.usage))
        sys.exit(2)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            code = getattr(self, options["verb"])(**options)
        except Problem as problem:
            self.stderr.write(problem.message)
            code = 1 if problem.code in self.noes else 2
        if code:
            sys.exit(code)
