"""The case page and the page of one step, for every procedure: fetched through ``visible_to``, acted on through actions.

A room declares once what its steps ask for and which verb they call::

    PAGES = CasePages(
        STAR_APPLICATION, template="rating/application.html",
        acts={"submit": Act(actions.submit, forms.Submit), …},
    )
    urlpatterns = PAGES.urls("applications", name="rating_application")
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from wuxie.kernel import labels
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.once.pages import go_once
from wuxie.kernel.papers.models import Attachment
from wuxie.kernel.statutes.queries import unvouched
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.models import DeadlineRow, Follow
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.kernel.workflow.table import Workflow

from .asking import put_on

Context = Callable[[HttpRequest, Any], Mapping[str, Any]]


class NoteForm(forms.Form):
    """What a step asks for when it asks for nothing in particular: a word on it."""

    note = forms.CharField(
        label=gettext_lazy("说明"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


@dataclass(frozen=True)
class Act:
    """The verb behind a step and the form it asks for; ``run(case, by=actor, **cleaned_data)``."""

    run: Callable[..., Any]
    form: type[forms.Form] = NoteForm
    template: str = "web/step.html"
    initial: Callable[[Any], dict[str, Any]] | None = None
    context: Context | None = None
    wants_case: bool = False
    """Whether the form's constructor takes ``case=``."""


@dataclass
class CasePages:
    workflow: Workflow
    template: str
    acts: Mapping[str, Act]
    context: Context | None = None
    select_related: tuple[str, ...] = ()
    name: str = ""
    figures: tuple[str, ...] | Callable[[Any], Iterable[str]] = ()
    """The figures of law that this procedure (or one case of it) counts with; those that nobody vouches for are named on its page and forms."""
    extra: dict[str, Any] = field(default_factory=dict)

    def fetch(self, request: HttpRequest, pk: int) -> Any:
        """The case, if this person may see it; a stranger gets "not found"."""
        rows = self.workflow.model.objects.visible_to(request.actor).select_related(*self.select_related)  # type: ignore[attr-defined]
        return get_object_or_404(rows, pk=pk)

    def detail(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Where the case stands, what this person may do, why not the rest."""
        return render(request, self.template, self.page(request, self.fetch(request, pk)))

    def page(self, request: HttpRequest, case: Any) -> dict[str, Any]:
        """What every case page shows; the room adds its own."""
        actor = request.actor  # type: ignore[attr-defined]
        offers = [offer for offer in engine.offers(self.workflow, case, actor) if offer.name in self.acts]
        key = self.workflow.key(case)
        context: dict[str, Any] = {
            "case": case, "workflow": self.workflow, "offers": offers, "base": self.name,
            "mine": [offer for offer in offers if offer.open and offer.step.is_awaited(case)],
            "aside": [offer for offer in offers if offer.open and not offer.step.is_awaited(case)],
            "closed": [offer for offer in offers if not offer.open],
            "state_label": self.workflow.state_label(case.state),
            "deadlines": list(
                DeadlineRow.objects.filter(workflow=self.workflow.name, case_pk=case.pk, state__in=["open", "paused", "overdue"])
            ),
            "events": list(engine.history(self.workflow, case)[:200]),
            "papers": list(Attachment.objects.on(key)),
            "followed": Follow.objects.filter(workflow=self.workflow.name, case_pk=case.pk, person_key=actor.key).exists(),
        }  # fmt: skip
        if self.figures:
            context["unvouched"] = self._unvouched(case)
        if self.context:
            context.update(self.context(request, case))
        return context

    def _unvouched(self, case: Any) -> list[Any]:
        return unvouched(*(self.figures(case) if callable(self.figures) else self.figures))

    def step(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        """The form of one step, and taking it."""
        case = self.fetch(request, pk)
        if step not in self.acts:
            raise Http404
        offer = next((one for one in engine.offers(self.workflow, case, request.actor) if one.name == step), None)  # type: ignore[attr-defined]
        if offer is None or not offer.open:
            if offer is None and step not in self.workflow.steps:
                raise Http404
            reason = offer.reason if offer else _("现在是“%(state)s”，这一步不能办。") % {
                "state": self.workflow.state_label(case.state)}  # fmt: skip
            messages.error(request, reason)
            return redirect(self.name, pk=pk)
        act = self.acts[step]
        form = self._form(request, act, case)
        if request.method == "POST" and form.is_valid():
            by, done = request.actor, _("已%(step)s。") % {"step": offer.label}  # type: ignore[attr-defined]
            try:
                return go_once(
                    request,
                    lambda: act.run(case, by=by, **form.cleaned_data),
                    lambda _made: reverse(self.name, args=[pk]),
                    done,
                )
            except (Refusal, Problem) as refusal:
                form.add_error(None, refusal.message)
            except forms.ValidationError as error:
                put_on(form, error)
        context = {
            "case": case, "workflow": self.workflow, "offer": offer, "form": form, "base": self.name,
            "title": labels.said(self.workflow.title(case)), "back": self.workflow.url(case.pk), "unvouched": self._unvouched(case),
            **(act.context(request, case) if act.context else {}),
        }  # fmt: skip
        return render(request, act.template, context, status=422 if form.errors else 200)

    def _form(self, request: HttpRequest, act: Act, case: Any) -> forms.Form:
        rest: dict[str, Any] = {"case": case} if act.wants_case else {}
        if request.method == "POST":
            return act.form(request.POST, request.FILES, **rest)
        return act.form(initial=act.initial(case) if act.initial else None, **rest)

    def follow(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Begin or stop following a case that is not mine to act on."""
        case = self.fetch(request, pk)
        row = {"workflow": self.workflow.name, "case_pk": case.pk, "person_key": request.actor.key}  # type: ignore[attr-defined]
        if not Follow.objects.filter(**row).delete()[0]:
            Follow.objects.get_or_create(**row)
        return redirect(self.name, pk=pk)

    def urls(self, prefix: str, *, name: str, space: str = "") -> list[URLPattern]:
        """``prefix/<pk>/``, its steps and following; ``name`` is the page's, ``name_step`` the steps', in the room's ``space``."""
        self.name = f"{space}:{name}" if space else name
        return [
            path(f"{prefix}/<int:pk>/", require_http_methods(["GET", "HEAD"])(self.detail), name=name),
            path(f"{prefix}/<int:pk>/follow/", require_http_methods(["POST"])(self.follow), name=f"{name}_follow"),
            path(
                f"{prefix}/<int:pk>/<slug:step>/",
                require_http_methods(["GET", "HEAD", "POST"])(self.step),
                name=f"{name}_step",
            ),
        ]
