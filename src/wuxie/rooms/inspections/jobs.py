"""What time causes by itself."""

from __future__ import annotations

from wuxie.kernel.jobs.periodic import every

from .actions import night


@every(300, name="inspections.night")
def open_what_is_due() -> None:
    """Soon after midnight what has come into its lead time stands on the desks."""
    night.run()
