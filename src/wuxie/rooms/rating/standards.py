"""The demonstration standard that ships with the program, and where published ones are found."""

from __future__ import annotations

from pathlib import Path

from wuxie.kernel.standards.actions import published

DEMONSTRATION = Path(__file__).parent / "data" / "star-rating.yaml"

__all__ = ["DEMONSTRATION", "published"]
