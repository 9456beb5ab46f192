"""Which versions are compared over which cycle's facts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel import labels
from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.kernel.standards.models import Version

from ..models import Cycle


class _Version(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return _("%(version)s（%(state)s）") % {
            "version": f"{labels.said(obj.label)} {obj.version}",
            "state": obj.get_state_display(),
        }


class Compare(forms.Form):
    cycle = forms.ModelChoiceField(
        Cycle.objects.none(), label=gettext_lazy("用哪个周期的事实"), empty_label=None,
        help_text=gettext_lazy("取数窗口、截止收录日和不适用的指标都按这个周期；城市里所有在服务的项目都算，不论有没有申报。"),
    )  # fmt: skip
    base = _Version(
        Version.objects.none(), label=gettext_lazy("对照版本"), required=False, empty_label=gettext_lazy("这个周期现行的标准"),
        help_text=gettext_lazy("一般是现行标准，也可以换成任何另一版。"),
    )  # fmt: skip
    draft = _Version(
        Version.objects.none(), label=gettext_lazy("推演版本"),
        help_text=gettext_lazy("要试的草稿，或任何另一版。"), error_messages={"required": gettext_lazy("请选要推演的版本。")},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, actor: Actor, **known: Any) -> None:
        super().__init__(data, **known)
        versions = Version.objects.visible_to(actor).of_projects().order_by("-created_at", "-pk")
        self.fields["cycle"].queryset = cycles(actor)  # type: ignore[attr-defined]
        self.fields["base"].queryset = versions  # type: ignore[attr-defined]
        self.fields["draft"].queryset = versions  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        cycle = data.get("cycle")
        if cycle is not None and data.get("base") is None and "base" not in self.errors:
            data["base"] = Version.objects.published().keyed(cycle.standard)
            if data["base"] is None:
                self.add_error("base", _("这个周期还没有选定标准，请在这里选一个对照版本。"))
        return data


def cycles(actor: Actor) -> QuerySet[Cycle]:
    """The cycles over whose facts this person may compare, the newest first."""
    rows = Cycle.objects.order_by("-year", "-pk")
    return rows if actor.holds(*ASSOCIATION) else rows.filter(actor.within("place_code", "gov_city"))
