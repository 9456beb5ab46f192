"""The clock of the procedures: what comes round by itself."""

from __future__ import annotations

from wuxie.kernel.jobs.periodic import every

from . import clock, wished


@every(60, name="workflow.clock")
def take_due() -> int:
    """Remind, take the steps that time takes, climb the ladder."""
    return clock.take_due()


@every(300, name="workflow.wished")
def remind_as_wished() -> int:
    """The reminders that people asked for beside those of the procedures."""
    return wished.remind()
