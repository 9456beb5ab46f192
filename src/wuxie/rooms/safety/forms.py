"""What people type."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel import labels
from wuxie.rooms.register.models import Post, Project
from wuxie.web.fields import Day

from . import risk
from .models import ListPost, Profile
from .tailoring import Planned
from .words import Area, Equipment, PlaceKind, Shifts

MOST = 9999


class ProfileForm(forms.Form):
    """How many of each kind of equipment the estate has."""

    def __init__(self, *args: Any, profile: Profile, **rest: Any) -> None:
        super().__init__(*args, **rest)
        for one in Equipment:
            self.fields[one.value] = forms.IntegerField(
                label=one.label, required=False, min_value=0, max_value=MOST, initial=profile.equipment.get(one.value),
                widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        return {"equipment": {name: count or 0 for name, count in super().clean().items()}}  # type: ignore[union-attr]


class HostForm(forms.Form):
    hosts = forms.BooleanField(
        label=gettext_lazy("把主要负责人、安全总监两个岗位放在这个项目的清单上"), required=False,
        help_text=gettext_lazy("一家企业只放一处。先在名录里给这个项目设这两个岗位，写上谁任岗、谁替岗。"),
    )  # fmt: skip


class TailorForm(forms.Form):
    """For each post how it is manned and in which shifts, and which duties do not apply."""

    def __init__(self, *args: Any, profile: Profile, rows: list[Planned], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.rows = rows
        posts = profile.project.posts.filter(closed_on=None)
        for row in rows:
            code, wish = row.spec.code, profile.posts.get(row.spec.code, {})
            dropped = [duty.code for duty in row.asked if duty.code in profile.dropped]
            self.fields |= {
                f"way-{code}": forms.ChoiceField(
                    label=gettext_lazy("怎样落实"), choices=ListPost.Way.choices, initial=row.way
                ),
                f"post-{code}": forms.ModelChoiceField(
                    label=gettext_lazy("兼在哪一岗"), queryset=posts, required=False, initial=wish.get("post")
                ),
                f"contractor-{code}": forms.CharField(
                    label=gettext_lazy("外包单位"), max_length=120, required=False, initial=row.contractor
                ),
                f"shifts-{code}": forms.ChoiceField(
                    label=gettext_lazy("班次"), choices=Shifts.choices, initial=row.shifts
                ),
                f"drop-{code}": forms.MultipleChoiceField(
                    label=gettext_lazy("不适用的职责"), required=False, initial=dropped,
                    choices=[(duty.code, labels.said(duty.text)) for duty in row.asked], widget=forms.CheckboxSelectMultiple,
                ),
                f"why-{code}": forms.CharField(
                    label=gettext_lazy("为什么不适用"), max_length=100, required=False,
                    initial=profile.dropped.get(dropped[0]) if dropped else "",
                ),
            }  # fmt: skip

    def groups(self) -> list[tuple[str, list[Any]]]:
        """The fields of each post together."""
        names = ("way", "post", "contractor", "shifts", "drop", "why")
        return [(labels.said(row.spec.label), [self[f"{name}-{row.spec.code}"] for name in names]) for row in self.rows]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        posts: dict[str, dict[str, Any]] = {}
        dropped: dict[str, str] = {}
        for row in self.rows:
            code = row.spec.code
            posts[code] = self._wish(code, found)
            for duty in found.get(f"drop-{code}", ()):
                if not found.get(f"why-{code}"):
                    self.add_error(f"why-{code}", ValidationError(_("勾了不适用的职责，就要写为什么。")))
                    break
                dropped[duty] = found[f"why-{code}"]
        return {"posts": posts, "dropped": dropped}

    def _wish(self, code: str, found: dict[str, Any]) -> dict[str, Any]:
        way = found.get(f"way-{code}", ListPost.Way.OWN)
        wish: dict[str, Any] = {"way": way, "shifts": found.get(f"shifts-{code}", Shifts.DAY)}
        if way == ListPost.Way.COMBINED:
            post: Post | None = found.get(f"post-{code}")
            if post is None:
                self.add_error(f"post-{code}", ValidationError(_("请选由哪一岗兼任。")))
            else:
                wish["post"] = post.pk
        if way == ListPost.Way.OUTSOURCED:
            wish["contractor"] = found.get(f"contractor-{code}", "")
            if not wish["contractor"]:
                self.add_error(f"contractor-{code}", ValidationError(_("请写外包单位的全称。")))
        return wish


class StartForm(forms.Form):
    """From when a new version holds, and why there is one."""

    starts_on = Day(label=gettext_lazy("从哪天起"))
    reason = forms.CharField(
        label=gettext_lazy("为什么改"),
        max_length=200,
        help_text=gettext_lazy("首次编制、添了设备、出了事故、法规变了等。"),
    )


class SignForm(forms.Form):
    agreed = forms.BooleanField(label=gettext_lazy("我看过以上职责，按清单履职"))

    def clean(self) -> dict[str, Any]:
        super().clean()
        return {}


class RiskForm(forms.Form):
    """One point of the risk map."""

    place = forms.CharField(label=gettext_lazy("位置"), max_length=120)
    area = forms.ChoiceField(label=gettext_lazy("类别"), choices=Area.choices)
    danger = forms.CharField(label=gettext_lazy("可能出什么事"), max_length=120)
    likelihood = forms.TypedChoiceField(label=gettext_lazy("可能性"), choices=risk.LIKELIHOOD, coerce=int, initial=10)
    exposure = forms.TypedChoiceField(
        label=gettext_lazy("人多久接触一次"), choices=risk.EXPOSURE, coerce=int, initial=30
    )
    consequence = forms.TypedChoiceField(label=gettext_lazy("后果"), choices=risk.CONSEQUENCE, coerce=int, initial=70)
    control = forms.CharField(label=gettext_lazy("怎样管控"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))
    post = forms.ModelChoiceField(
        label=gettext_lazy("责任岗位"),
        queryset=Post.objects.none(),
        required=False,
        empty_label=gettext_lazy("还没有定"),
    )

    def __init__(self, *args: Any, project: Project, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["post"].queryset = project.posts.filter(closed_on=None)  # type: ignore[attr-defined]


class EndRiskForm(forms.Form):
    agreed = forms.BooleanField(label=gettext_lazy("这个风险已经消除，或不再有"))

    def clean(self) -> dict[str, Any]:
        super().clean()
        return {}


class SpotForm(forms.Form):
    """A place that gets a code, and the duties that are done there and nowhere else."""

    label = forms.CharField(label=gettext_lazy("地点"), max_length=30, help_text=gettext_lazy("例如 2# 配电室"))
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=PlaceKind.choices)
    duties = forms.MultipleChoiceField(
        label=gettext_lazy("在这里做的职责"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, duties: dict[str, str], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["duties"].choices = list(duties.items())  # type: ignore[attr-defined]


class TakeDownForm(forms.Form):
    sure = forms.BooleanField(label=gettext_lazy("这张码不再用了"))

    def clean(self) -> dict[str, Any]:
        super().clean()
        return {}


class WaiveForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("为什么免做"), max_length=200)
