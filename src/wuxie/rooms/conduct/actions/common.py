"""What several verbs of a proceeding do."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from wuxie.kernel import labels
from wuxie.kernel.access.actor import Actor
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.papers.models import Document
from wuxie.kernel.parties import masks
from wuxie.kernel.workflow.refusal import Refusal

from .. import law
from ..models import Proceeding
from ..workflow.discipline import DISCIPLINE

File = tuple[str, bytes]


def keep(case: Proceeding, kind: str, file: File | None, by: Actor, sentence: str = "") -> dict[str, str]:
    """File a paper with the case: its name and its reference. Without a file the sentence, or nothing."""
    if file is None:
        if sentence:
            raise Refusal("guard", sentence)
        return {}
    return {kind: f"attachment:{filing.attach(DISCIPLINE.key(case), file[1], file[0], kind=kind, by=by.key).pk}"}


def issued(document: Document) -> dict[str, str]:
    return {document.label: f"document:{document.pk}"}


def save(case: Proceeding, **values: Any) -> None:
    """Set these columns."""
    for name, value in values.items():
        setattr(case, name, value)
    case.save(update_fields=list(values))


def lawful(charge: str, *texts: str) -> None:
    """Refuse what an association may not write into a charge: blame for low prices, demands of money."""
    for text in texts:
        if law.price_charge(charge, text):
            raise Refusal(
                "guard",
                _("这里写到了低价或统一行动。协会不能因为价格处理会员（%(rule)s），请删去。")
                % {"rule": labels.said(law.ANTITRUST)},
            )
        if law.fines(text):
            raise Refusal("guard", _("这里写到了罚款或交钱。自律措施不含罚款，请删去。"))


def quiet(case: Proceeding, *texts: str) -> None:
    """Refuse words that the company reads and that name who told of it, by name or telephone number."""
    informant = case.informant
    if informant is not None and masks.told((informant.name, informant.phone), *texts):
        raise Refusal("guard", _("这段话里有反映人的姓名或电话。请改掉再存：企业看得到这段话。"))
