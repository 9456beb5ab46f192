"""The papers of one kind of case, told by name: which fields stand on each, and writing one in Chinese whoever is signed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation

from .actions import issue
from .models import Document
from .registry import register_paper


@dataclass(frozen=True)
class Form:
    """One paper: its code, the pattern of its number, its fields with their names, who signs, whether it is posted up."""

    code: str
    number: str
    fields: tuple[tuple[str, str], ...]
    signers: tuple[str, ...] = ()
    posting: bool = False


class Papers(dict[str, Form]):
    """Name → form."""

    def register(self) -> None:
        for label, form in self.items():
            register_paper(
                form.code, label, form.number, form.fields, signers=form.signers, posting=form.posting
            )  # fmt: skip

    def write(self, name: str, case: str, values: Mapping[str, Any], *, by: str, **rest: Any) -> Document:
        """Number and issue one; of ``values`` what its form has a field for and what says something. ``rest`` as in ``issue``."""
        form = self[name]
        known = {field for field, _label in form.fields}
        with translation.override(settings.LANGUAGE_CODE):
            said = {field: str(value) for field, value in values.items() if field in known and value}
            return issue(form.code, case, said, by=by, **rest)
