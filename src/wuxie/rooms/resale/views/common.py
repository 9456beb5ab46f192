"""What several pages of the room show."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from wuxie.web.cells import Chip

from ..models import Account, Month, Refund
from ..words import Answer

S = Month.State
TONES = {
    S.DRAFT: "", S.SUBMITTED: "blue", S.CHECKED: "blue", S.COMPLIANT: "green", S.REVIEW: "amber", S.SUSPECTED: "red", S.CORRECTED: "green",
    S.CONFIRMED: "red", S.PLANNED: "amber", S.REFUNDED: "green", S.ESCALATED: "red",
}  # fmt: skip
ACCOUNT_TONES = {Account.State.RESALE: "blue", Account.State.CONVERTING: "amber", Account.State.DIRECT: "green"}


def state(month: Month) -> Chip:
    return Chip(str(S(month.state).label), TONES[S(month.state)])


def account_state(account: Account) -> Chip:
    return Chip(str(Account.State(account.state).label), ACCOUNT_TONES[Account.State(account.state)])


def refund_state(refund: Refund) -> Chip:
    if refund.answer == Answer.NO:
        return Chip(_("用户说没收到"), "red")
    if refund.state == Refund.State.DUE:
        return Chip(_("待退"), "amber")
    if refund.answer == Answer.YES:
        return Chip(_("已退，用户收到"), "green")
    return Chip(str(refund.get_state_display()), "green")


def tabs(here: str) -> list[dict[str, Any]]:
    """The lists of the room beside one another."""
    listed = [("months", _("月账")), ("refunds", _("清退")), ("accounts", _("户号和电表"))]
    return [
        {"label": label, "url": reverse(f"resale:{name}"), "count": None, "current": name == here}
        for name, label in listed
    ]
