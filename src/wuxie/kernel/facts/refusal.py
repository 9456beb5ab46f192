"""What the ledger does not take, with the sentence that the person sees."""

from __future__ import annotations

from wuxie.kernel.calc.problems import Problem


class Refused(Problem):
    """A fact that was not written; ``code`` and ``path`` as everywhere, ``message`` in Chinese."""
