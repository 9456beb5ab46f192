"""The house rule of a pooled request: intention, pooled, asked, compared, each signs for itself, performed, evaluated."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.workflow.table import Step, Workflow, guard, within
from wuxie.rooms.register.rules import secretariat

from . import facts
from .models import Pool

S = Pool.State


def companies(pool: Pool, **known: object) -> int:
    """How many different companies have a share (of which so much is known)."""
    return pool.shares.filter(**known).order_by().values("project__company").distinct().count()


@guard(lambda pool: _("至少要有两家企业报了意向，现在有 %(n)s 家。") % {"n": companies(pool)})
def has_company(pool: Pool) -> bool:
    return companies(pool) >= 2


@guard(gettext_lazy("还没有一家企业收到报价。"))
def has_offers(pool: Pool) -> bool:
    return pool.shares.filter(offer__isnull=False).exists()


@guard(gettext_lazy("还有签了约没有履约的，或者一家也没有签。"))
def is_performed(pool: Pool) -> bool:
    signed = pool.shares.filter(signed__isnull=False)
    return signed.exists() and not signed.filter(performed_on=None).exists()


@guard(gettext_lazy("还有履约了没有评价的。"))
def is_marked(pool: Pool) -> bool:
    return not pool.shares.filter(performed_on__isnull=False, marks=None).exists()


closing = within(
    0, "day", name="close", label=gettext_lazy("意向截止"), on=lambda pool: pool.closes_on, during=(S.INTENTION,), whose=secretariat,
    remind=(3,),
)  # fmt: skip

POOL = Workflow(
    "inspection_pool",
    Pool,
    label=gettext_lazy("集中询价"),
    initial=S.INTENTION,
    final=(S.EVALUATED,),
    subject=lambda pool: f"place:{pool.place_code}",
    title=lambda pool: pool.title,
    url=lambda pk: f"/inspections/pools/{pk}/",
    opens=(closing,),
    steps={
        "gather": Step(
            S.INTENTION, S.POOLED, facts.POOLED, by=secretariat, label=gettext_lazy("汇总意向"), needs=[has_company],
            says=gettext_lazy("意向到此为止，汇总出总数量。"),
        ),
        "ask": Step(
            S.POOLED, S.RFQ, by=secretariat, label=gettext_lazy("发询价函"),
            says=gettext_lazy("出一份询价函，只写总数量，不写是哪些企业。协会不定价、不指定供应商。"),
        ),
        "compare": Step(
            S.RFQ, S.COMPARISON, by=secretariat, label=gettext_lazy("结束收报价"), needs=[has_offers],
            says=gettext_lazy("报价到此为止，各企业自己比价。"),
        ),
        "contract": Step(
            S.COMPARISON, S.CONTRACT, by=secretariat, label=gettext_lazy("转各自签约"), says=gettext_lazy("每家企业自己决定签不签、和谁签、签什么价。"),
        ),
        "perform": Step(S.CONTRACT, S.PERFORMED, by=secretariat, label=gettext_lazy("确认履约完"), needs=[is_performed],
            says=gettext_lazy("签了约的都履约了。没有签约的项目以后不能再登记。"),
        ),
        "evaluate": Step(
            S.PERFORMED, S.EVALUATED, facts.POOL_EVALUATED, by=secretariat, label=gettext_lazy("评价归档"), needs=[is_marked],
            says=gettext_lazy("各项目省下的钱记入事实账本，不记价格。"),
        ),
    },
)  # fmt: skip
