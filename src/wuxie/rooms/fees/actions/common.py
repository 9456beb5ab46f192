"""What several verbs of a change of fee do."""

from __future__ import annotations

from functools import partial

from wuxie.kernel.workflow import verbs
from wuxie.kernel.workflow.verbs import File, issued, save

from ..workflow import ADJUSTMENT

__all__ = ["File", "issued", "keep", "save", "with_reason"]

keep, with_reason = partial(verbs.keep, ADJUSTMENT), partial(verbs.with_reason, ADJUSTMENT)
