"""The list of disputes, and looking for a text in it, as ten thousand cases grow to a hundred thousand.

In a home of its own, through the page as the association's office opens it; beside it the barest statements that answer the same
question: the exact number and the fifty newest, whole.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from .figures import Figure, timed
from .grown import at_home, grow, opened

SIZES = (10_000, 100_000)
ESTATES, TIMES, AIM = 1500, 20, 50
#: What is looked for: rare, common, an estate, part of a number, two words, in a saved view, nothing at all.
ASKED: dict[str, dict[str, str]] = {
    "first page": {},
    "a rare text": {"q": "屋面漏水"},
    "a common text": {"q": "漏水"},
    "no such text": {"q": "没有这样的事"},
    "an estate": {"q": "例园0777"},
    "a number": {"q": "WT2026-00777"},
    "two words": {"q": "例园07 漏水"},
    "initials": {"q": "wmls"},
    "a common text, in a saved view": {"q": "漏水", "view": "open"},
    "a common text, last page": {"q": "漏水", "page": "9999"},
}
THINGS = (
    "电梯", "外墙", "车位", "门禁", "路灯", "绿化", "物业费", "公共收益", "水泵", "楼道", "消防栓", "监控", "围墙", "雨棚", "地下室", "阳台", "下水管",
    "健身器材", "垃圾房",
)  # fmt: skip
TROUBLES = (
    "漏水", "停用两周", "没人修", "乱收费", "噪音扰民", "被占", "破损", "堵塞", "没有公示", "照明不亮", "有异味", "报修没有回音", "开裂", "积水", "被拆",
    "账目不清", "私拉电线", "堆放杂物", "高空坠物", "施工扰民",
)  # fmt: skip


def figures(folder: Path) -> Iterator[Figure]:
    few, many = at_home(folder, "bench.disputes")
    for what in ASKED:
        yield Figure(
            "disputes", f"{what}, {SIZES[1]:,} cases", tuple(many[what]["ours"]), tuple(many[what]["bare"]),
            "number and fifty newest by two bare statements", most=AIM,
            bound=f"{many[what]['found']:,} found; {few[what]['ours'][0]:.1f} ms with {SIZES[0]:,} cases",
        )  # fmt: skip


def _measured(browser: Any) -> dict[str, Any]:
    return {what: _page(browser, asked) for what, asked in ASKED.items()}


def _page(browser: Any, asked: dict[str, str]) -> dict[str, Any]:
    path = f"/mediation/?{urlencode(asked)}"
    return {
        "found": _bare(asked),
        "ours": timed(lambda: opened(browser, path), TIMES),
        "bare": timed(lambda: _bare(asked), TIMES),
    }


def _bare(asked: dict[str, str]) -> int:
    """The number of cases in which each word occurs and the newest of them, by the driver alone."""
    from django.db import connection

    words = [f"%{word.lower()}%" for word in asked.get("q", "").split()]
    where = " AND ".join(["search LIKE %s"] * len(words)) or "1 = 1"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM mediation_dispute WHERE {where}", words)
        found = int(cursor.fetchone()[0])
        cursor.execute(
            f"SELECT * FROM mediation_dispute WHERE {where} ORDER BY opened_at DESC, id DESC LIMIT 50", words
        )
        cursor.fetchall()
    return found


def fill(first: int, until: int) -> None:
    """Cases ``first`` to ``until``, each with another text, spread over the estates and the states."""
    from django.db import transaction

    from wuxie.kernel.parties.models import Organisation
    from wuxie.kernel.places.models import Place
    from wuxie.rooms.mediation.models import Dispute
    from wuxie.rooms.register.models import Estate, Project

    chance, start = random.Random(first), datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    states = [*Dispute.OPEN, *Dispute.AGREED, *Dispute.State.values]
    states.remove("merged")
    with transaction.atomic():
        if not first:
            place = Place.objects.filter(level=4).order_by("pk")[0]
            company = Organisation.objects.create(kind="company", name="例物业服务有限公司")
            made = Estate.objects.bulk_create(
                [Estate(name=f"例园{n:04d}", code=f"B{n:05d}", place=place) for n in range(ESTATES)], batch_size=500
            )
            Project.objects.bulk_create(
                [Project(estate=one, company=company, starts_on=datetime.date(2020, 1, 1)) for one in made],
                batch_size=500,
            )
        projects = list(Project.objects.select_related("estate").order_by("pk"))
        Dispute.objects.bulk_create(
            (
                Dispute(
                    project=(project := chance.choice(projects)), place_code=project.estate.place_id, state=chance.choice(states),
                    title=f"{n % 90 + 1} 栋{chance.choice(THINGS)}{chance.choice(TROUBLES)}", summary="住户反映多次，要求修好并答复。" * 8,
                    number=f"WT2026-{n:06d}", occurred_on=start.date(), channel="hotline", category="M5.01", suggested=["M5.01"],
                    opened_at=start + datetime.timedelta(minutes=5 * n), changed_at=start,
                ).index()
                for n in range(first, until)
            ),
            batch_size=2000,
        )  # fmt: skip
        if not first:
            one = Dispute.objects.order_by("-pk")[0]
            one.title = "3 栋屋面漏水没人修"
            one.index().save()


if __name__ == "__main__":
    grow(SIZES, fill, _measured)
