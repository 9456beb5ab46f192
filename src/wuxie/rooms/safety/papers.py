"""The letter of responsibility (责任书): Word and PDF by the kernel, from the list as it was decided."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.papers.actions import issue
from wuxie.kernel.papers.models import Document
from wuxie.kernel.papers.registry import register_paper
from wuxie.kernel.papers.visibility import register_case_visibility
from wuxie.rooms.register.models import Holding

from .models import Check, ListPost

LETTER = "post_responsibility_letter"
CASE = "safety_post"
CHECK = "safety_check"
FIELDS = (
    ("project_name", "项目"), ("post_name", "岗位"), ("list_version", "清单版本"), ("in_force", "生效日"),
    ("certificate", "应持证书"), ("signer", "签字人"), ("role", "身份"), ("measure", "考核"),
)  # fmt: skip


def register() -> None:
    register_paper(
        LETTER, "岗位安全责任书", "AQ-{project}-{post}-{year}-{seq:3}", FIELDS, signers=("岗位人员", "项目经理")
    )
    register_case_visibility(
        CASE, lambda actor, pk: pk.isdecimal() and ListPost.objects.visible_to(actor).filter(pk=pk).exists()
    )
    register_case_visibility(CHECK, lambda actor, pk: Check.objects.visible_to(actor).filter(pk=pk).exists())


def letter(post: ListPost, holding: Holding, *, by: Actor) -> Document:
    """The letter of one person for one post; what stands on it is Chinese whoever is signed in."""
    with translation.override(settings.LANGUAGE_CODE):
        values = {
            "project_name": str(post.duty_list.project), "post_name": str(post), "list_version": str(post.duty_list.number),
            "in_force": post.duty_list.starts_on.isoformat(), "certificate": post.certificate, "signer": holding.person.masked_name,
            "role": "替岗人" if holding.substitute else "任岗人", "measure": "按时履职且证据有效的次数，占应履职次数的比例",
        }  # fmt: skip
        table = {
            "columns": [{"label": "职责", "wide": True}, {"label": "频次"}, {"label": "依据"}],
            "rows": [
                [duty.text, str(duty.get_event_display() if duty.event else duty.get_every_display()), duty.basis]
                for duty in post.duties.all()
            ],
        }
        return issue(
            LETTER, f"{CASE}:{post.pk}", {name: text for name, text in values.items() if text}, by=by.key, table=table,
            extra={"project": str(post.duty_list.project_id), "post": post.code},
        )  # fmt: skip
