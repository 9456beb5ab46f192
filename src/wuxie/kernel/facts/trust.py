"""How far a fact may be believed: the four levels, low to high."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Trust(models.IntegerChoices):
    """Who stands behind a fact; the words of ``word`` are those of the standards and of every exchange file."""

    SELF_DECLARED = 0, _("企业自报")
    COUNTERPART_CONFIRMED = 1, _("相对方确认")
    ASSOCIATION_VERIFIED = 2, _("协会核验")
    AUTHORITY_DOCUMENT = 3, _("主管部门文书")

    @property
    def word(self) -> str:
        """``self_declared``, ``counterpart_confirmed``, ``association_verified`` or ``authority_document``."""
        return self.name.lower()

    @classmethod
    def of(cls, value: Trust | int | str) -> Trust:
        """The level for a level, its number or its word; raises ``ValueError`` for anything else."""
        if isinstance(value, str):
            known = {level.word: level for level in cls}
            if value not in known:
                raise ValueError(value)
            return known[value]
        return cls(value)
