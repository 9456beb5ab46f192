"""A member asks and has its answer within days; letters pass from level to level with a receipt at each."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from wuxie.kernel.workflow.table import Rung, Step, Workflow, within

from .. import facts, queries, rules
from ..models import Inquiry, Letter
from .meetings import term

I, L = Inquiry.State, Letter.State

answer_due = within(
    term("answer"), name="answer", label=gettext_lazy("答复会员诉求"), during=(I.ASKED,), whose=rules.answerer, remind=(2, 1),
    ladder=(Rung(0, rules.president),),
)  # fmt: skip
rate_due = within(
    term("rate"), name="rate", label=gettext_lazy("评价答复"), during=(I.ANSWERED,), orelse="lapse", whose=rules.payer, remind=(3,),
)  # fmt: skip

INQUIRY = Workflow(
    "inquiry",
    Inquiry,
    label=gettext_lazy("会员诉求"),
    initial=I.ASKED,
    final=Inquiry.DONE,
    subject=lambda case: queries.association_key(),
    title=lambda case: case.title,
    url=lambda pk: f"/association/inquiries/{pk}/",
    opens=(answer_due,),
    steps={
        "hand_on": Step(
            I.ASKED, None, by=rules.office, label=gettext_lazy("转给工作组"), quiet=True,
            says=gettext_lazy("期限不变，从会员提出那天算。"),
        ),
        "answer": Step(
            I.ASKED, I.ANSWERED, facts.ANSWERED, by=rules.answerer, label=gettext_lazy("答复会员"), then=rate_due,
            says=gettext_lazy("答复会通知会员。会员不满意可以追问。"),
        ),
        "ask_again": Step(
            I.ANSWERED, I.ASKED, by=rules.payer, label=gettext_lazy("没有解决，追问"), quiet=True, reopens=True, then=answer_due,
        ),
        "rate": Step(I.ANSWERED, I.CLOSED, facts.RATED, by=rules.payer, label=gettext_lazy("评价答复")),
        "lapse": Step(I.ANSWERED, I.CLOSED, by=rules.the_clock, label=gettext_lazy("到期没有评价")),
    },
)  # fmt: skip

receive_due = within(
    term("receive"), name="receive", label=gettext_lazy("签收转办件"), during=(L.SENT,), whose=rules.holder, remind=(1,),
    ladder=(Rung(0, rules.sender),),
)  # fmt: skip
reply_due = within(
    term("reply"), name="reply", label=gettext_lazy("办复转办件"), during=(L.HELD,), whose=rules.holder, remind=(3, 1),
    ladder=(Rung(0, rules.sender),),
)  # fmt: skip

LETTER = Workflow(
    "letter",
    Letter,
    label=gettext_lazy("转办件"),
    initial=L.SENT,
    final=Letter.DONE,
    subject=lambda case: queries.association_key(),
    title=lambda case: case.title,
    url=lambda pk: f"/association/letters/{pk}/",
    opens=(receive_due,),
    steps={
        "receive": Step(
            L.SENT, L.HELD, facts.RECEIVED, by=rules.holder, label=gettext_lazy("签收"), then=reply_due,
            says=gettext_lazy("签收就有回执号，发件的一级看得到谁、什么时候收的。"),
        ),
        "send_back": Step(
            L.SENT, None, by=rules.holder, label=gettext_lazy("不属本级，退回"), quiet=True, then=receive_due,
            says=gettext_lazy("退给发来的一级，写明该由谁办。"),
        ),
        "forward": Step(
            L.HELD, L.SENT, by=rules.holder, label=gettext_lazy("转给另一级"), quiet=True, then=receive_due,
            says=gettext_lazy("转出以后由那一级签收；你仍然看得到办到哪里。"),
        ),
        "answer": Step(L.HELD, L.ANSWERED, facts.REPLIED, by=rules.holder, label=gettext_lazy("办复")),
        "reopen": Step(
            L.ANSWERED, L.HELD, by=rules.sender, label=gettext_lazy("没有办好，退回再办"), quiet=True, reopens=True, then=reply_due,
        ),
        "close": Step(L.ANSWERED, L.CLOSED, by=rules.sender, label=gettext_lazy("办结")),
    },
)  # fmt: skip
