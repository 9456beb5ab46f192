"""A hotline's sheet of 5,000 rows, 300 of them broken in six ways, as the association's office takes it in.

Nothing is written while a row is broken; the broken ones are said cell by cell, left out by hand, and the sound ones become cases.
Beside it reading the sheet and inserting as many bare cases and voices. In a process of its own; everything is rolled back.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from .figures import Figure, once
from .imports import memory, silent

ROWS, BROKEN = 5000, 300
HEADINGS = ("工单号", "来电时间", "小区", "物业公司", "标题", "诉求内容", "来电人", "联系电话", "是否保密")
#: Which cell is broken, and by what.
WAYS = ((1, "昨天"), (2, "没有这个小区"), (4, ""), (5, ""), (8, "也许"), (0, ""))
MEMORY = 400


def figures(folder: Path) -> Iterator[Figure]:
    command = [sys.executable, "-m", "bench.hotline", str(folder / "hotline.xlsx")]
    made = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    spent = json.loads(made.stdout.splitlines()[-1])
    yield Figure(
        "hotline", f"{ROWS:,} rows read and checked, {spent['said']} broken ones said", (spent["read"],) * 2, most=10, unit="s",
        bound=f"nothing written while one is broken: {spent['refused']}",
    )  # fmt: skip
    yield Figure(
        "hotline", f"{spent['written']:,} cases with encrypted voices written", (spent["ours"],) * 2, (spent["bare"],) * 2,
        "read the sheet, bulk-insert cases and voices alone: no event, deadline, turn, fact or category", unit="s",
        bound="checked once more, category suggested for each, deadlines, turns, facts",
    )  # fmt: skip
    yield Figure(
        "hotline", "highest memory of that", (spent["memory"],) * 2, most=MEMORY, unit="MiB",
        beside=f"{spent['before']:.0f} MiB before",
    )  # fmt: skip


def sheet(path: Path, estates: list[str], day: str) -> set[int]:
    """Write it; the rows of the file that are broken."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    page = book.add_worksheet("转办单")
    page.write_row(0, 0, HEADINGS)
    broken, every = set(), ROWS // BROKEN
    for number in range(ROWS):
        row = [
            f"BX{number:06d}", day, estates[number % len(estates)], "", f"{number % 90 + 1} 栋电梯停用", "电梯坏了两周没人修，打了几次电话都没有人来",
            "例某", f"1360000{number:04d}", "是" if number % 3 == 0 else "否",
        ]  # fmt: skip
        if number % every == 0 and len(broken) < BROKEN:
            cell, text = WAYS[number // every % len(WAYS)]
            row[cell] = text
            broken.add(number + 2)
        page.write_row(number + 1, 0, row)
    book.close()
    return broken


def measure(path: Path) -> dict[str, Any]:
    from django.db import transaction

    from wuxie.kernel.access.actor import actor_of
    from wuxie.kernel.access.models import Account
    from wuxie.kernel.calc.problems import Problem
    from wuxie.kernel.clock.now import today
    from wuxie.kernel.tabular import actions
    from wuxie.kernel.tabular.models import Upload
    from wuxie.rooms.mediation.models import Dispute, Voice
    from wuxie.rooms.register.models import Project

    account = Account.objects.select_related("person").get(username="mishuchu")
    assert account.person is not None
    me, day = actor_of(account.person), today() - timedelta(days=1)
    projects = list(Project.objects.on(day).select_related("estate").order_by("pk")[:200])
    broken = sheet(path, [one.estate.code for one in projects], day.isoformat())
    spent: dict[str, Any] = {"before": memory()}
    with transaction.atomic():
        before = Dispute.objects.count()

        def read() -> Upload:
            made = actions.receive(path.read_bytes(), "热线转办单.xlsx", "hotline", by=me)
            if made.state == Upload.State.RECEIVED:
                actions.read(made, silent)
            return made

        uploads: list[Upload] = []
        spent["read"] = once(lambda: uploads.append(read()))[0]
        upload = Upload.objects.get(pk=uploads[0].pk)
        said = {flaw.row for flaw in actions.flaws_of(upload)}
        if said != broken:
            raise RuntimeError(f"{len(said ^ broken)} rows are said to be broken that are not, or not said")
        try:
            actions.write(upload, by=me)
            spent["refused"] = "no"
        except Problem:
            spent["refused"] = "yes" if Dispute.objects.count() == before else "no"

        def write() -> None:
            actions.drop(upload, broken, by=me)
            actions.write(Upload.objects.get(pk=upload.pk), by=me)

        spent["ours"] = once(write)[0]
        made = Dispute.objects.order_by("pk")[before:]
        spent |= {"said": len(said), "written": len(made)}
        told = Voice.objects.filter(reference__startswith="BX").count()

        if len(made) != ROWS - BROKEN or told != ROWS - BROKEN:
            raise RuntimeError(f"{len(made)} cases, {told} voices")
        spent["memory"] = memory()
        transaction.set_rollback(True)
    with transaction.atomic():
        spent["bare"] = once(lambda: _bare(path, projects))[0]
        transaction.set_rollback(True)
    return spent


def _bare(path: Path, projects: list[Any]) -> None:
    import python_calamine
    from django.utils import timezone

    from wuxie.rooms.mediation.models import Dispute, Voice

    rows = (
        python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[1 : ROWS - BROKEN + 1]
    )
    at = timezone.now()
    cases = Dispute.objects.bulk_create(
        (
            Dispute(project=projects[n % len(projects)], title=str(row[4]), occurred_on=at.date(), channel="hotline", state="registered",
                    opened_at=at, changed_at=at)
            for n, row in enumerate(rows)
        ),
        batch_size=500,
    )  # fmt: skip
    Voice.objects.bulk_create(
        (
            Voice(dispute=case, channel="hotline", receipt=f"BARE{n}", received_on=at.date(), name=str(row[6]), phone=str(row[7]),
                  words=str(row[5])).index()
            for n, (case, row) in enumerate(zip(cases, rows, strict=True))
        ),
        batch_size=500,
    )  # fmt: skip


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(measure(Path(sys.argv[1]))))
