"""Answering an objection, disputing a fact, deciding a dispute."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel import labels
from wuxie.kernel.facts.models import Fact

from .. import public
from ..actions.hearing import Correction
from ..models import Objection
from .application import Long

NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")
ROWS = (1, 2, 3)
#: So many facts are offered; a day of everyday work is one fact, so that this is more than a year.
MOST = 500


class Reply(forms.Form):
    reply = Long(
        gettext_lazy("答复"), gettext_lazy("请写明事实和依据。"), rows=6,
        help_text=gettext_lazy("写明查到的事实、依据和是否影响得分；持回执号的人和公众都能看到。"),
    )  # fmt: skip


class Uphold(Reply):
    """The answer, and which facts it corrects: another quantity, or none at all.

    The facts of the indicator that the objection is about are offered by their words; any other number may be written.
    """

    def __init__(self, *args: Any, case: Objection, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.known = facts_behind(case)
        for n in ROWS:
            self.fields[f"fact{n}"] = forms.CharField(
                label=_("更正的事实编号 %(n)s") % {"n": n}, max_length=26, required=n == 1,
                widget=forms.TextInput(attrs={"list": "known-facts", "autocomplete": "off"} if self.known else {}),
                help_text=_("点开可选这项指标依据的事实，新的在前；也可以写别的编号。") if self.known else "",
                error_messages={"required": _("认定成立要指明更正哪条事实。")},
            )  # fmt: skip
            self.fields[f"quantity{n}"] = forms.CharField(
                label=_("更正后的数量 %(n)s") % {"n": n}, max_length=20, required=False,
                widget=forms.TextInput(attrs={"inputmode": "decimal"}), help_text=_("不填表示撤销这条事实。"),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        corrections = []
        for n in ROWS:
            fact, quantity = data.pop(f"fact{n}", "").strip(), data.pop(f"quantity{n}", "").strip()
            if quantity and not NUMBER.fullmatch(quantity):
                self.add_error(f"quantity{n}", _("数量要写成数字，例如 12 或 0.5。"))
            elif quantity and not fact:
                self.add_error(f"fact{n}", _("写了数量，请写是哪条事实。"))
            elif fact:
                corrections.append(Correction(fact, quantity or None))
        return {**data, "corrections": corrections}


def facts_behind(case: Objection) -> list[tuple[str, str]]:
    """Number and words of the facts that the indicator was scored from, the newest first."""
    groups = public.scores(case.application.snapshot)
    ids = [pk for group in groups for one in group.indicators if one.id == case.indicator for pk in one.facts]
    rows = Fact.objects.filter(pk__in=ids[:MOST]).order_by("-occurred_on", "pk") if ids else ()
    return [(row.pk, f"{row.label} {row.amount} {labels.said(row.unit)} · {row.occurred_on}") for row in rows]


class Look(forms.Form):
    """Why someone has to read what is kept from view."""

    reason = forms.CharField(
        label=gettext_lazy("查看理由"), max_length=200, help_text=gettext_lazy("会记入经过，例如：电话核实现场情况。"),
        error_messages={"required": gettext_lazy("请写明为什么要看，例如：电话核实现场情况。")},
    )  # fmt: skip


class Dispute(forms.Form):
    reason = Long(
        gettext_lazy("哪里不对"), gettext_lazy("请写明这条事实哪里不对、依据是什么。"),
        help_text=gettext_lazy("写明事发经过和依据；有材料的，争议立案后在争议页补上。"),
    )  # fmt: skip


class Ruling(forms.Form):
    reply = Long(gettext_lazy("裁定理由"), gettext_lazy("裁定要写明理由。"), rows=6)
