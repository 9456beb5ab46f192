"""A company disputes a fact: it stops counting until someone else decides, or until the time for that is over."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from wuxie.kernel.workflow.table import Step, Workflow, within

from .. import facts
from ..models import FactDispute
from ..rules import company_side, no_interest, not_the_opener, secretariat, the_clock

S = FactDispute.State
#: Working days for the ruling on a dispute; after them the fact counts again.
RULING_DAYS = 10
ruling_due = within(RULING_DAYS, name="ruling", label=_("争议裁定"), orelse="expire", whose=secretariat)

TITLE = gettext_noop("事实争议")
FACT_DISPUTE = Workflow(
    "fact_dispute",
    FactDispute,
    label=_("事实争议"),
    initial=S.OPENED,
    final=(S.UPHELD, S.REJECTED, S.WITHDRAWN, S.EXPIRED),
    subject=lambda case: case.project.key,
    title=lambda case: f"{case.project.estate.name} · {TITLE}",
    url=lambda pk: f"/rating/disputes/{pk}/",
    opens=(ruling_due,),
    steps={
        "uphold": Step(
            S.OPENED, S.UPHELD, facts.DISPUTE_UPHELD, by=secretariat & no_interest & not_the_opener,
            label=_("认定争议成立"), says=_("这条事实不再计分，留在账本里。"),
        ),
        "reject": Step(
            S.OPENED, S.REJECTED, facts.DISPUTE_REJECTED, by=secretariat & no_interest & not_the_opener,
            label=_("认定争议不成立"), says=_("这条事实恢复计分。"),
        ),
        "withdraw": Step(
            S.OPENED, S.WITHDRAWN, facts.DISPUTE_WITHDRAWN, by=company_side, label=_("撤回争议"), quiet=True
        ),
        "expire": Step(
            S.OPENED, S.EXPIRED, facts.DISPUTE_EXPIRED, by=the_clock, label=_("到期恢复计分")
        ),
    },
)  # fmt: skip
