"""What several verbs of a repair do."""

from __future__ import annotations

from functools import partial

from wuxie.kernel.workflow import verbs
from wuxie.kernel.workflow.verbs import File, issued, save

from ..workflow import REPAIR

__all__ = ["File", "issued", "keep", "picture", "save", "step", "with_reason"]

keep, picture = partial(verbs.keep, REPAIR), partial(verbs.picture, REPAIR)
step, with_reason = partial(verbs.step, REPAIR), partial(verbs.with_reason, REPAIR)
