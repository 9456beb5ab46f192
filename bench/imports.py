"""A list of 100,000 units taken in, beside reading the sheet and inserting the same columns.

Twice: ten columns of the units alone, and twelve with owners and their phones, which are encrypted. Each in a process of its
own, so that its memory is its own; everything is rolled back.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .figures import Figure, once

ROWS = 100_000
HEADINGS = [
    "小区编码", "楼号", "单元", "房间", "楼层", "房屋类型", "房屋户型", "建筑面积", "室内面积", "房屋状态", "业主名称", "手机号",
]  # fmt: skip
#: Columns, and how many rows a second are wanted of them.
KINDS = {10: 20_000, 12: 10_000}
#: Mebibytes that an import may take.
MEMORY = 400


def sheet(path: Path, columns: int) -> None:
    """500 buildings of 200 units, written with constant memory."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    page = book.add_worksheet("房屋信息")
    page.write_row(0, 0, HEADINGS[:columns])
    for number in range(ROWS):
        building, door = divmod(number, 200)
        row = [
            "XQ00001", f"T{building + 1}", f"{door // 100 + 1}单元", f"{door % 100 // 5 + 1}{door % 5 + 1:02d}",
            str(door % 100 // 5 + 1), "住宅", "三室两厅", f"{80 + number % 40}.50", f"{70 + number % 30}.25", "已交付",
            "例东", f"0812{number:07d}",
        ]  # fmt: skip
        page.write_row(number + 1, 0, row[:columns])
    book.close()


def figures(folder: Path) -> Iterator[Figure]:
    for columns, wanted in KINDS.items():
        path = folder / f"units-{columns}.xlsx"
        sheet(path, columns)
        command = [sys.executable, "-m", "bench.imports", str(path), str(columns)]
        made = subprocess.run(command, check=True, stdout=subprocess.PIPE)
        spent = json.loads(made.stdout.splitlines()[-1])
        owners = "with encrypted owners" if columns == len(HEADINGS) else "without owners"
        yield Figure(
            "import", f"{ROWS:,} units × {columns} columns from xlsx, {owners}", (spent["ours"],) * 2, (spent["bare"],) * 2,
            "read the sheet, bulk-insert the same columns, nothing checked", factor=1.5, unit="s",
            bound=f"{ROWS / spent['ours']:,.0f} rows a second, wanted {wanted:,}; reading and checking {spent['read']:.1f} s, "
            "writing with its history the rest",
        )  # fmt: skip
        yield Figure(
            "import", f"highest memory of that, {columns} columns", (spent["memory"],) * 2, most=MEMORY, unit="MiB",
            beside=f"{spent['before']:.0f} MiB before",
        )  # fmt: skip


def measure(path: Path, columns: int) -> dict[str, float]:
    from django.db import transaction

    from wuxie.kernel.access.actor import actor_of
    from wuxie.kernel.access.models import Account
    from wuxie.kernel.tabular import actions
    from wuxie.kernel.tabular.models import Upload
    from wuxie.rooms.register.models import Unit

    account = Account.objects.select_related("person").get(username="mishuchu")
    assert account.person is not None
    me, content = actor_of(account.person), path.read_bytes()
    spent = {"before": memory()}

    def take_in() -> None:
        upload = actions.receive(content, "户室清册.xlsx", "units", by=me)
        if upload.state == Upload.State.RECEIVED:
            spent["read"] = once(lambda: actions.read(upload, silent))[0]
        upload.refresh_from_db()
        if upload.state == Upload.State.HEADINGS:
            raise RuntimeError("the headings are not understood")
        actions.recheck(upload, silent)
        upload.refresh_from_db()
        if upload.flaw_count:
            raise RuntimeError(f"{upload.flaw_count} cells are refused")
        actions.write(upload, by=me)

    with transaction.atomic():
        count = Unit.objects.count()
        spent["ours"] = once(take_in)[0]
        if Unit.objects.count() != count + ROWS:
            raise RuntimeError("not all units arrived")
        transaction.set_rollback(True)
    spent["memory"] = memory()
    with transaction.atomic():
        spent["bare"] = once(lambda: insert_bare(path, with_owners=columns == len(HEADINGS)))[0]
        transaction.set_rollback(True)
    return spent


def silent(_done: int, _total: int) -> None:
    """Nobody watches."""


def memory() -> float:
    """MiB, the highest so far of this process or of one that it started to read the sheet."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def insert_bare(path: Path, *, with_owners: bool) -> None:
    import python_calamine

    from wuxie.kernel.parties.models import Person
    from wuxie.rooms.register.models import Building, Estate, Ownership, Unit

    rows = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[1:]
    estate = Estate.objects.order_by("pk")[0]
    names = dict.fromkeys(row[1] for row in rows)
    buildings = {
        one.name: one for one in Building.objects.bulk_create(Building(estate=estate, name=name) for name in names)
    }
    units = Unit.objects.bulk_create(
        (
            Unit(
                estate=estate, building=buildings[str(row[1])], entrance=str(row[2]), number=str(row[3]), floor=int(row[4]),
                use="home", layout=str(row[6]), area=int(str(row[7]).replace(".", "")), status="delivered",
                inner_area=int(str(row[8]).replace(".", "")),
            )
            for row in rows
        ),
        batch_size=500,
    )  # fmt: skip
    if not with_owners:
        return
    people = Person.objects.bulk_create(
        (Person(name=str(row[10]), phone=str(row[11])).index() for row in rows), batch_size=500
    )
    Ownership.objects.bulk_create(
        (Ownership(unit=unit, person=person) for unit, person in zip(units, people, strict=True)), batch_size=500
    )


if __name__ == "__main__":
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "wuxie.config.settings"
    django.setup()
    print(json.dumps(measure(Path(sys.argv[1]), int(sys.argv[2]))))
