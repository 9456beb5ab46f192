"""The house rules of the rating as tables: application, benefit, objection, disputed fact."""

from .application import STAR_APPLICATION
from .benefit import STAR_BENEFIT
from .dispute import FACT_DISPUTE
from .objection import STAR_OBJECTION

__all__ = ["FACT_DISPUTE", "STAR_APPLICATION", "STAR_BENEFIT", "STAR_OBJECTION"]
