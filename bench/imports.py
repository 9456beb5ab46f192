"""A list of 100,000 units with twelve columns taken in, beside reading the sheet and inserting the same columns.

Everything is rolled back. Memory is the highest resident size of the process, before and after.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator
from pathlib import Path

from .figures import Figure, once

ROWS = 100_000
HEADINGS = [
    "小区编码", "楼号", "单元", "房间", "楼层", "房屋类型", "房屋户型", "建筑面积", "室内面积", "房屋状态", "业主名称", "手机号",
]  # fmt: skip


def sheet(path: Path) -> None:
    """500 buildings of 200 units, written with constant memory."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    page = book.add_worksheet("房屋信息")
    page.write_row(0, 0, HEADINGS)
    for number in range(ROWS):
        building, door = divmod(number, 200)
        page.write_row(number + 1, 0, [
            "XQ00001", f"T{building + 1}", f"{door // 100 + 1}单元", f"{door % 100 // 5 + 1}{door % 5 + 1:02d}",
            str(door % 100 // 5 + 1), "住宅", "三室两厅", f"{80 + number % 40}.50", f"{70 + number % 30}.25", "已交付",
            "例东", f"1000{number:07d}",
        ])  # fmt: skip
    book.close()


def figures(folder: Path) -> Iterator[Figure]:
    from django.db import transaction

    from wuxie.kernel.access.actor import actor_of
    from wuxie.kernel.access.models import Account
    from wuxie.kernel.tabular import actions
    from wuxie.kernel.tabular.models import Upload
    from wuxie.rooms.register.models import Unit

    path = folder / "units.xlsx"
    sheet(path)
    account = Account.objects.select_related("person").get(username="mishuchu")
    assert account.person is not None
    me, content = actor_of(account.person), path.read_bytes()
    before = memory()
    spent: dict[str, float] = {}

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
        spent["write"] = once(lambda: actions.write(upload, by=me))[0]

    with transaction.atomic():
        count = Unit.objects.count()
        ours = once(take_in)
        if Unit.objects.count() != count + ROWS:
            raise RuntimeError("not all units arrived")
        transaction.set_rollback(True)
    most = memory()
    with transaction.atomic():
        bare = once(lambda: insert_bare(path))
        transaction.set_rollback(True)
    bound = f"highest memory {most:.0f} MiB, {before:.0f} MiB before; owners encrypted, history written"
    beside = "read the sheet, bulk-insert units and encrypted owners, nothing checked"
    yield Figure("import", f"{ROWS:,} units × 12 columns from xlsx", ours, bare, beside, unit="s", bound=bound)


def silent(_done: int, _total: int) -> None:
    """Nobody watches."""


def memory() -> float:
    """MiB, the highest so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def insert_bare(path: Path) -> None:
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
    people = Person.objects.bulk_create(
        (Person(name=str(row[10]), phone=str(row[11])).index() for row in rows), batch_size=500
    )
    Ownership.objects.bulk_create(
        (Ownership(unit=unit, person=person) for unit, person in zip(units, people, strict=True)), batch_size=500
    )
