"""What the keeper of the database does by itself."""

from __future__ import annotations

from wuxie.kernel.jobs.periodic import every

from . import planner


@every(24 * 3600, name="custody.planner")
def count_anew() -> None:
    """Rows came and went: let the database choose its ways by what is there today."""
    planner.refresh()
