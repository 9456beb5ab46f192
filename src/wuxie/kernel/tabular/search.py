"""The search column, for rooms; it stands in ``wuxie.kernel.search`` because lower parts fill it too."""

from __future__ import annotations

from wuxie.kernel.search import search_filter, search_text

__all__ = ["search_filter", "search_text"]
