"""What an authority found about charges: entered from its paper, held against the project and its company."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import now, today
from wuxie.kernel.facts import ledger
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.papers.models import Attachment
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.kernel.workflow.verbs import File
from wuxie.rooms.register.models import Project

from .. import rules
from ..models import Finding
from ..papers import FINDING
from ..words import Breach

RULING = gettext_noop("认定文书")


@transaction.atomic
def enter(
    project: Project, *, by: Actor, kind: str, number: str, words: str, found_on: datetime.date, file: File | None
) -> Finding:
    """A breach that an authority established; without its paper nothing is entered."""
    may(rules.authority, project, by, _("登记违规收费认定"))
    if kind not in Breach.values:
        raise Refusal("guard", _("“认定了什么”只能从名单里选。"))
    if found_on > today() or found_on < project.starts_on:
        raise Refusal("guard", _("“文书日期”要在服务起始日 %(day)s 和今天之间。") % {"day": project.starts_on})
    paper, what = said(number, _("请写认定文书的文号。"))[:80], said(words, _("请写认定了什么。"))[:400]
    if Finding.objects.filter(project=project, kind=kind, number=paper).exists():
        raise Refusal("guard", _("这份文书已经登记过。"))
    if file is None:
        raise Refusal("guard", _("请放上认定文书；没有处罚决定、判决等文书不能登记。"))
    made = Finding.objects.create(
        project=project, kind=kind, number=paper, words=what, found_on=found_on, at=now(), by=by.key
    )
    kept = filing.attach(f"{FINDING}:{made.pk}", file[1], file[0], kind=RULING, by=by.key)
    ledger.announce(
        kind, project.key, occurred_on=found_on, quantity="1", by=by.key, source=f"{FINDING}:{made.pk}", also_counts_for=[project.company.key],
        attachments=list(Attachment.objects.filter(pk=kept.pk).values_list("sha256", flat=True)), note=f"{paper}：{what}"[:300],
    )  # fmt: skip
    return made
