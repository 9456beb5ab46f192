"""How a view says what came of an act."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.workflow.refusal import Refusal

#: The four stages of an import, in order.
STAGES = ("file", "columns", "check", "done")


@contextmanager
def refusals_on(form: BaseForm) -> Iterator[None]:
    """Put what an action refuses on the form, where the person reads it; ``form.is_valid()`` is false afterwards."""
    try:
        yield
    except (Refusal, Problem) as refused:
        form.add_error(None, refused.message)
    except ValidationError as refused:
        form.add_error(None, refused)


def respond(request: HttpRequest, template: str, **context: object) -> HttpResponse:
    """``fitout/permit.html#steps``: the part for htmx, the page around it for everyone else."""
    whole, _hash, part = template.partition("#")
    htmx = getattr(request, "htmx", None)
    wanted = template if part and htmx and not htmx.history_restore_request else whole
    response = render(request, wanted, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def toast(response: HttpResponse, text: str) -> HttpResponse:
    """Let an answer to htmx confirm what can be undone. Refusals and errors never go this way: they stay on the page."""
    response.headers["HX-Trigger"] = json.dumps({"toast": text})
    return response


def import_stages(now: str) -> list[dict[str, str]]:
    """The stages as ``web/import.html`` shows them, ``now`` being one of ``STAGES``."""
    labels = (_("选文件"), _("对列名"), _("核对"), _("写入"))
    here = STAGES.index(now)
    states = ["done" if at < here else "now" if at == here else "next" for at in range(len(STAGES))]
    return [{"label": label, "state": state} for label, state in zip(labels, states, strict=True)]
