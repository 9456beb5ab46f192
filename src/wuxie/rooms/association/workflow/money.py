"""A quarter's accounts are drawn up by one, looked over by another, and put in public."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from wuxie.kernel.clock.days import add
from wuxie.kernel.clock.tables import calendar
from wuxie.kernel.workflow.table import Rung, Step, Workflow, within

from .. import facts, queries, rules
from ..models import Disclosure

S = Disclosure.State
NOTICE = "季度收支公示"

disclose_due = within(
    0, "day", name="disclose", label=gettext_lazy("季度收支公示"), during=(S.PREPARED, S.CHECKED), whose=rules.office, remind=(7, 1),
    on=lambda case: add(queries.span(case.year, case.quarter)[1], queries.term("disclose"), "day", calendar()).on,
    ladder=(Rung(0, rules.president),),
)  # fmt: skip

DISCLOSURE = Workflow(
    "disclosure",
    Disclosure,
    label=gettext_lazy("收支公示"),
    initial=S.PREPARED,
    final=Disclosure.DONE,
    subject=lambda case: queries.association_key(),
    title=str,
    url=lambda pk: f"/association/disclosures/{pk}/",
    opens=(disclose_due,),
    steps={
        "check": Step(
            S.PREPARED, S.CHECKED, by=rules.checker, label=gettext_lazy("核对收支"),
            says=gettext_lazy("对照凭证看过，和账上一致。编制的人不能自己核对。"),
        ),
        "return": Step(S.CHECKED, S.PREPARED, by=rules.president, label=gettext_lazy("退回重编"), quiet=True, reopens=True),
        "publish": Step(
            S.CHECKED, S.PUBLISHED, facts.DISCLOSED, by=rules.office, label=gettext_lazy("公示收支"), papers=(NOTICE,),
            says=gettext_lazy("按现在的账定下数字，出公示。公示后这一季的账不能再改。"),
        ),
    },
)  # fmt: skip
