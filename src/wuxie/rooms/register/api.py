"""The door through which other rooms look at the register."""

from __future__ import annotations

from .queries import holder, levels, overlapping, serving, serving_many, vacancies

__all__ = ["holder", "levels", "overlapping", "serving", "serving_many", "vacancies"]
