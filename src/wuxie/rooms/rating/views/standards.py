"""Standards: read, imported, drafted part by part with formulas checked while they are typed, published and frozen."""

from __future__ import annotations

from typing import Any

import yaml
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wuxie.kernel import labels
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.facts import kinds
from wuxie.kernel.facts.kinds import label_of
from wuxie.kernel.parties.roles import ASSOCIATION, AT_COMPANY, GOVERNMENT
from wuxie.kernel.standards import actions, sentence
from wuxie.kernel.standards.models import Version
from wuxie.kernel.standards.words import in_words
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.web import words
from wuxie.web.asking import acting, ask, require, sent
from wuxie.web.cells import Chip
from wuxie.web.tables import Column, Segment, Table, table_page

from .. import drafting
from ..actions.cycle import secretariat
from ..forms import standard as forms
from ..rules import city_reader

READERS = (*ASSOCIATION, *GOVERNMENT, *AT_COMPANY, "reviewer")
PARTS: dict[str, tuple[Any, Any]] = {
    "group": (forms.Group, gettext_lazy("分组")), "indicator": (forms.Indicator, gettext_lazy("指标")),
    "veto": (forms.Veto, gettext_lazy("否决项")), "grade": (forms.Grade, gettext_lazy("星级门槛")),
    "benefit": (forms.Benefit, gettext_lazy("权益")),
}  # fmt: skip


def _chip(row: Version) -> Chip:
    published = row.state == Version.State.PUBLISHED
    return Chip(words.choice(row, "state"), "green" if published else "", "lock" if published else "pencil")


TABLE = Table(
    "standards", gettext_lazy("评定标准"),
    columns=[
        Column("label", gettext_lazy("标准"), text=lambda row: labels.said(row.label), sort="label",
               link=lambda row: reverse("rating_standard", args=[row.pk])),
        Column("version", gettext_lazy("版本"), sort="version"),
        Column("name", gettext_lazy("代号"), sort="name"),
        Column("indicators", gettext_lazy("指标"), align="right",
               text=lambda row: sum(len(group["indicators"]) for group in row.document["groups"])),
        Column("published_at", gettext_lazy("发布"), sort="published_at",
               text=lambda row: f"{row.published_at:%Y-%m-%d} {row.published_name}" if row.published_at else ""),
        Column("state", gettext_lazy("状态"), kind="state",
               text=lambda row: _chip(row)),
    ],
    search=["label", "name", "version"], search_label=gettext_lazy("名称、代号、版本"), order=["name", "-created_at", "-pk"],
    segments=[Segment("published", gettext_lazy("已发布"), Q(state="published")), Segment("draft", gettext_lazy("草拟"), Q(state="draft"))],
    empty=gettext_lazy("还没有标准。可以从 YAML 文件导入一份。"),
)  # fmt: skip


def _makes(request: HttpRequest) -> bool:
    return secretariat.test(acting(request), None)


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Every version this person may see: drafts are the makers' own."""
    actor = acting(request)
    if not actor.holds(*READERS):
        raise Http404
    act = (
        {"label": _("导入标准"), "url": reverse("rating_standard_import"), "icon": "upload"}
        if _makes(request)
        else None
    )
    return table_page(
        request, TABLE, Version.objects.visible_to(actor), act=act,
        lead=_("发布后的版本不能再改，每个得分都能按它重算；要改就复制成新草稿。"),
    )  # fmt: skip


def _fetch(request: HttpRequest, pk: int) -> Version:
    if not acting(request).holds(*READERS):
        raise Http404
    return get_object_or_404(Version.objects.visible_to(acting(request)), pk=pk)


def _draft(request: HttpRequest, pk: int) -> Version:
    """A draft to change; a published version is not found here."""
    version = _fetch(request, pk)
    require(secretariat, request)
    if version.state != Version.State.DRAFT:
        raise Http404
    return version


def says(formula: str) -> str:
    """The formula in words; as it stands where it cannot be said."""
    try:
        return sentence.say(formula, label_of)
    except Problem:
        return formula


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: what is asked, how it is counted, what ends a star, what a star is worth."""
    version = _fetch(request, pk)
    document = in_words(version.document)
    groups = [
        {**group, "indicators": [
            {**one, "says": says(one["formula"]), "no_data_label": dict(forms.NO_DATA)[one.get("no_data", "zero")]}
            for one in group["indicators"]
        ]}
        for group in document["groups"]
    ]  # fmt: skip
    grades = [
        {**one, "floor_words": "、".join(f"{group} {share}" for group, share in (one.get("floors") or {}).items())}
        for one in document.get("grades") or []
    ]
    benefits = [{**one, "offers": sorted((int(n), text) for n, text in one["per_star"].items())}
                for one in document.get("benefits") or []]  # fmt: skip
    published = version.state == Version.State.PUBLISHED
    context = {
        "version": version, "document": document, "groups": groups, "grades": grades, "benefits": benefits,
        "vetoes": [{**one, "says": says(one["when"])} for one in document.get("vetoes") or []],
        "title": f"{labels.said(version.label)} {version.version}", "lead": document.get("note", ""), "makes": _makes(request),
        "compares": city_reader.test(acting(request), None),
        "edits": _makes(request) and not published, "chip": _chip(version),
        "crumbs": [(_("评定标准"), reverse("rating_standards")), (str(version), "")],
    }  # fmt: skip
    return render(request, "rating/standard.html", context)


@require_safe
def as_yaml(request: HttpRequest, pk: int) -> HttpResponse:
    """The document as a file that can be imported again."""
    version = _fetch(request, pk)
    body = yaml.safe_dump(version.document, allow_unicode=True, sort_keys=False)
    response = HttpResponse(body, content_type="application/yaml; charset=utf-8")
    response.headers["Content-Disposition"] = (
        content_disposition_header(True, f"{version.name}-{version.version}.yaml") or ""
    )
    return response


def import_file(request: HttpRequest) -> HttpResponse:
    """A new draft from a YAML file."""
    require(secretariat, request)
    return ask(
        request, forms.Upload(sent(request), request.FILES or None),
        lambda file: actions.import_yaml(file.read(), by=acting(request).key),
        then=lambda made: reverse("rating_standard", args=[made.pk]), said=_("已导入为草稿，核对后发布。"),
        title=_("导入标准"), send=_("导入为草稿"), back=reverse("rating_standards"),
        crumbs=[(_("评定标准"), reverse("rating_standards")), (_("导入标准"), "")],
        after=_("文件有错时指出在哪里；导入后只是草稿，发布前都能改。"),
    )  # fmt: skip


def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """A new draft that begins as this version."""
    version = _fetch(request, pk)
    require(secretariat, request)
    back = reverse("rating_standard", args=[pk])
    return ask(
        request, forms.Copy(sent(request)),
        lambda version: actions.copy_to_draft(_fetch(request, pk), version=version, by=acting(request).key),
        then=lambda made: reverse("rating_standard", args=[made.pk]), said=_("新草稿已建好。"), title=_("复制成新草稿"),
        send=_("建新草稿"), back=back, crumbs=[(_("评定标准"), reverse("rating_standards")), (str(version), back), (_("复制"), "")],
    )  # fmt: skip


def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze a draft."""
    version = _draft(request, pk)
    back = reverse("rating_standard", args=[pk])
    actor = acting(request)
    return ask(
        request, forms.Confirm(sent(request)), lambda: actions.publish(version, by=actor.key, by_name=actor.name),
        then=back, said=_("已发布，从现在起不能再改。"), title=_("发布 %(version)s") % {"version": version}, send=_("发布标准"),
        back=back, crumbs=[(_("评定标准"), reverse("rating_standards")), (str(version), back), (_("发布"), "")],
        lead=_("发布后内容冻结，评定周期可以采用；要改只能复制成新草稿。"), after=_("发布不能撤回。"),
    )  # fmt: skip


# Editing a draft


def add(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    return _edit(request, pk, part, "")


def edit(request: HttpRequest, pk: int, part: str, name: str) -> HttpResponse:
    return _edit(request, pk, part, name)


def _edit(request: HttpRequest, pk: int, part: str, name: str) -> HttpResponse:
    """Add or change one group, indicator, veto, grade or benefit."""
    if part not in PARTS:
        raise Http404
    version = _draft(request, pk)
    before = drafting.find(version.document, part, name) if name else {}
    if before is None:
        raise Http404
    form = _form(request, version, part, before)
    back = reverse("rating_standard", args=[pk])
    if request.method == "POST" and form.is_valid() and _saved(request, version, part, name, form, before):
        messages.success(request, _("已存进草稿。"))
        return redirect(f"{back}#{part}")
    label = PARTS[part][1]
    context = {
        "form": form, "title": _("修改%(part)s %(name)s") % {"part": label, "name": name} if name else _("添加%(part)s") % {"part": label},
        "send": _("存进草稿"), "back": back,
        "crumbs": [(_("评定标准"), reverse("rating_standards")), (str(version), back), (str(label), "")],
        "kinds": _kinds() if part in ("indicator", "veto", "group") else [],
        "spoken": says(before.get("formula") or before.get("when") or "") if before else "",
        "formula_field": "when" if part == "veto" else "formula",
    }  # fmt: skip
    return render(request, "rating/standard_part.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, version: Version, part: str, before: dict[str, Any]) -> Any:
    data = sent(request)
    if part == "group" and not before:
        return forms.NewGroup(data)
    if part == "indicator":
        chosen = request.GET.get("group", "")
        return forms.Indicator(data, groups=drafting.groups(version.document), initial=before or {"group": chosen})
    initial = dict(before)
    if part == "grade":
        initial["floors"] = "、".join(f"{group} {share}" for group, share in (before.get("floors") or {}).items())
    if part == "benefit":
        initial |= {f"star{n}": text for n, text in (before.get("per_star") or {}).items()}
    return PARTS[part][0](data, initial=initial)


def _saved(request: HttpRequest, version: Version, part: str, name: str, form: Any, before: dict[str, Any]) -> bool:
    """Whether the draft took the part; what is wrong with it stands at its field."""
    data = form.cleaned_data
    old = {key: value for key, value in before.items() if key != "group"}
    row = form.part(old)
    if isinstance(form, forms.NewGroup):
        row = {"id": data["group_id"], "label": data["group_label"], "points": data["points"], "indicators": [row]}
    try:
        made = drafting.put(version.document, part, row, name=name, group=data.get("group", ""))
        actions.save_draft(version, made, by=acting(request).key)
    except Problem as problem:
        last = problem.path.rpartition(".")[2].partition("[")[0]
        form.add_error(last if last in form.fields else None, problem.message)
    except Refusal as refusal:
        form.add_error(None, refusal.message)
    except ValidationError as error:
        form.add_error(None, error)
    return not form.errors


@require_POST
def remove(request: HttpRequest, pk: int, part: str, name: str) -> HttpResponse:
    """Take a part out of a draft."""
    if part not in PARTS:
        raise Http404
    version = _draft(request, pk)
    try:
        actions.save_draft(version, drafting.remove(version.document, part, name), by=acting(request).key)
    except (Refusal, Problem) as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("已从草稿去掉 %(name)s。") % {"name": name})
    return redirect(f"{reverse('rating_standard', args=[pk])}#{part}")


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """What stands under a formula while it is typed: what it does in words, or what is wrong and where."""
    require(secretariat, request)
    form = forms.CheckFormula(request.GET)
    formula = ""
    if form.is_valid():
        formula = form.cleaned_data["formula"] or form.cleaned_data["when"]
    found = actions.check_formula(formula) if formula else None
    unknown = [code for code in found.kinds if kinds.find(code) is None] if found else []
    context = {"check": found, "spoken": says(formula) if found and found.ok else "", "unknown": unknown}
    return render(request, "rating/formula_says.html", context)


def _kinds() -> list[tuple[str, str]]:
    """What a formula may read, in words."""
    return [
        (code, str(kind.label)) for kind in kinds.all_kinds() if kind.measure != "event"
        for code in (kind.codes() or (f"{kind.code}.…",))
    ]  # fmt: skip
