"""The journal of administration: who looked at whom, who gave and took keys and posts, backups and changes of key."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from wuxie.kernel.clock.now import local, today
from wuxie.kernel.facts import journal
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.parties import roles
from wuxie.kernel.parties.models import Person
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.web.asking import acting
from wuxie.web.cells import Chip
from wuxie.web.tables import Column, Filter, Table, table_page

from . import subjects

READERS = ASSOCIATION
SPANS = [("7", gettext_lazy("近7日")), ("30", gettext_lazy("近30日")), ("183", gettext_lazy("近半年"))]
#: What the details of a line are called; a role is said in words.
WORDS = {
    "fields": gettext_lazy("字段"), "role": gettext_lazy("角色"), "seat": gettext_lazy("任于"),
    "starts_on": gettext_lazy("起"), "ends_on": gettext_lazy("止"), "table": gettext_lazy("表"),
    "format": gettext_lazy("格式"), "number": gettext_lazy("密钥编号"), "keys": gettext_lazy("保管人指纹"),
    "size": gettext_lazy("字节"), "sha256": "SHA-256", "root": gettext_lazy("根"), "faults": gettext_lazy("不符"),
    "made_at": gettext_lazy("备份时间"), "index": gettext_lazy("索引密钥编号"),
}  # fmt: skip


def _details(row: Fact) -> str:
    said = []
    for name, value in sorted(row.details.items()):
        text = str(roles.label(value)) if name == "role" else value
        said.append(f"{WORDS.get(name, name)} {text}")
    return "；".join(said)


def _name(rows: Sequence[Any]) -> None:
    """Who acted and about whom, one query for all people of a page."""
    known = subjects.actors(key for row in rows for key in (row.subject, row.by))
    for row in rows:
        row.about, row.actor = known[row.subject], known[row.by]


def _since(value: str) -> Q:
    return Q(occurred_on__gte=today() - datetime.timedelta(days=int(value)))


def _search(rows: QuerySet[Fact], text: str) -> QuerySet[Fact]:
    """An id, a source, or somebody's whole name or telephone number."""
    people = [f"person:{pk}" for pk in Person.objects.matching(text).values_list("pk", flat=True)]
    return rows.filter(
        Q(pk=text) | Q(source=text) | Q(by=text) | Q(subject=text) | Q(by__in=people) | Q(subject__in=people)
    )


LINES = Table(
    "journal",
    gettext_lazy("管理日志"),
    columns=[
        Column("label", gettext_lazy("做了什么"), link=lambda row: reverse("pages:fact", args=[row.pk])),
        Column("about", gettext_lazy("关于")),
        Column("actor", gettext_lazy("谁做的")),
        Column("details", gettext_lazy("细节"), text=_details),
        Column("recorded_at", gettext_lazy("什么时候"), text=lambda row: f"{local(row.recorded_at):%Y-%m-%d %H:%M:%S}",
               sort="recorded_at"),
        Column("state", gettext_lazy("状态"), kind="state",
               text=lambda row: Chip(_("待封存"), "", "hourglass") if hasattr(row, "unsealed") else Chip(_("已封存"), "green", "lock")),
    ],
    search=_search,
    search_label=gettext_lazy("全名、手机号、编号或来源"),
    filters=[
        Filter("kind", gettext_lazy("做了什么"), [(kind.code, kind.label) for kind in journal.KINDS], "kind"),
        Filter("since", gettext_lazy("时间"), SPANS, where=_since),
    ],
    order=["-recorded_at"],
    related=["unsealed"],
    most=10_000,
    export=True,
    personal=True,
    prepare=_name,
    empty=gettext_lazy("还没有记录。看明文、开账号、给任职、备份和换密钥，都会记在这里。"),
)  # fmt: skip


@require_safe
def lines(request: HttpRequest) -> HttpResponse:
    """The whole journal, for the association's office."""
    if not acting(request).holds(*READERS):
        raise Http404
    lead = _("与事实在同一条链、同一次封存里，谁也删不掉、改不了；不计入任何指标。")
    return table_page(request, LINES, journal.lines(), title=_("管理日志"), lead=lead)
