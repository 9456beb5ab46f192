"""A project's keepers: what the estate has, how the library is cut to it, and from when."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from wuxie.kernel.clock.now import today
from wuxie.rooms.register.models import Project
from wuxie.web.asking import acting, ask, require, sent

from .. import rules, tailoring
from ..actions import lists as actions
from ..forms import HostForm, ProfileForm, StartForm, TailorForm
from ..models import Library
from .lists import fetch


def _kept(request: HttpRequest, pk: int) -> tuple[Project, dict[str, Any]]:
    """The project, and what every form about it shows."""
    found = fetch(request, pk)
    require(rules.keeper, request, found)
    here = reverse("safety:project", args=[found.pk])
    return found, {"then": here, "back": here, "crumbs": [(found.estate.name, here)]}


@login_required
def equipment(request: HttpRequest, pk: int) -> HttpResponse:
    found, rest = _kept(request, pk)
    form = ProfileForm(sent(request), profile=tailoring.profile_of(found))
    return ask(
        request, form, lambda **known: actions.keep_profile(found, by=acting(request), **known), said=_("已登记设施。"),
        title=_("登记设施：%(name)s") % {"name": found.estate.name}, send=_("保存设施"),
        lead=_("有几台写几；没有的留空。有什么设施，就有什么职责。"), **rest,
    )  # fmt: skip


@login_required
def company_posts(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether the posts of the whole company stand on the list of this project."""
    found, rest = _kept(request, pk)
    require(rules.company_of, request, found)
    form = HostForm(sent(request), initial={"hosts": tailoring.profile_of(found).hosts_company})
    return ask(
        request, form, lambda **known: actions.host_company(found, by=acting(request), **known), said=_("已保存。启用新版后才生效。"),
        title=_("公司级岗位：%(name)s") % {"name": found.estate.name}, send=_("保存"),
        after=_("两个岗位的职责排在这个项目的清单上，不计入这个项目的履职率。"), **rest,
    )  # fmt: skip


@login_required
def tailor(request: HttpRequest, pk: int) -> HttpResponse:
    """How each post is manned, and which duties do not apply here."""
    found, rest = _kept(request, pk)
    profile, source = tailoring.profile_of(found), Library.objects.all().newest()
    if source is None or not profile.pk:
        return redirect("safety:equipment", pk=found.pk)
    form = TailorForm(sent(request), profile=profile, rows=tailoring.planned(profile, source))
    return ask(
        request, form, lambda **known: actions.tailor(found, by=acting(request), **known), said=_("已保存。启用新版后才生效。"),
        title=_("裁剪职责：%(name)s") % {"name": found.estate.name}, send=_("保存裁剪"), groups=form.groups(),
        after=_("法定的职责不适用要写理由；岗位不能悬空，没有设岗的写明兼岗或外包。"), **rest,
    )  # fmt: skip


@login_required
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a new version in force."""
    found, rest = _kept(request, pk)
    tomorrow = today() + datetime.timedelta(days=1)
    form = StartForm(sent(request), initial={"starts_on": tomorrow})
    return ask(
        request, form, lambda **known: actions.put_in_force(found, by=acting(request), **known),
        **(rest | {"then": lambda made: made.get_absolute_url()}), said=_("新版清单已启用，请各岗重新签责任书。"),
        title=_("启用新版清单：%(name)s") % {"name": found.estate.name}, send=_("启用这一版"),
        after=_("旧版到前一天为止，内容留着可查；新版要各岗重新签。"),
    )  # fmt: skip
