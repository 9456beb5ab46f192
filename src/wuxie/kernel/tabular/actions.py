"""The verbs of an import: receive, match, check, mend, drop, undo, apply, give up."""

from __future__ import annotations

import datetime
import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.jobs.models import Job
from wuxie.kernel.jobs.queue import enqueue

from . import gate, headings, reader, registry, vault
from .check import Checked, check
from .columns import Flaw
from .headings import Layout
from .models import Edit, Profile, Upload, by_headings
from .reader import Grid

Report = Callable[[int, int], None]

#: Up to here somebody may wait for the answer; beyond it becomes a job with a progress bar.
READ_AT_ONCE = 512 * 1024
CHECK_AT_ONCE = 20_000
APPLY_AT_ONCE = 2_000
#: An upload that nobody touched for so long is given up.
KEPT = datetime.timedelta(days=7)


def receive(content: bytes, title: str, name: str, *, by: Actor) -> Upload:
    """Take a file. A small one is read at once (``Problem`` if it is no sheet, and nothing stays); a large one by a job."""
    if len(content) > gate.MAX_BYTES:
        raise Problem("range", "$", _("文件有 %(have)s MB，最多 %(most)s MB。请分成几份上传。")
                      % {"have": len(content) // 2**20, "most": gate.MAX_BYTES // 2**20})  # fmt: skip
    upload = Upload(
        owner=by.key, name=name, title=title[:200], size=len(content), sha256=hashlib.sha256(content).hexdigest()
    )
    grids = None
    began = time.monotonic()
    if len(content) <= READ_AT_ONCE:
        with vault.as_file(content) as path:
            grids = reader.read(path)
    with transaction.atomic():
        upload.save(force_insert=True)
        vault.keep_source(upload.pk, content)
        if grids is None:
            enqueue("tabular.read", upload.pk, owner=by.key, upload=upload.pk)
        else:
            _take_in(upload, grids, int((time.monotonic() - began) * 1000))
    if upload.state == Upload.State.HEADINGS and not _needs_a_person(upload):
        look(upload, by=by)
    return upload


def read(upload: Upload, report: Report) -> None:
    """What the job of a large file does: read it, understand its headings, check it if nothing is unclear."""
    began = time.monotonic()
    report(0, 3)
    try:
        with vault.as_file(vault.source(upload.pk)) as path:
            grids = reader.read(path)
    except Problem as problem:
        Upload.objects.filter(pk=upload.pk).update(state=Upload.State.FAILED, problem=problem.message)
        vault.forget(upload.pk)
        raise
    report(1, 3)
    _take_in(upload, grids, int((time.monotonic() - began) * 1000))
    report(2, 3)
    if not _needs_a_person(upload):
        recheck(upload)
    report(3, 3)


def _take_in(upload: Upload, grids: list[Grid], milliseconds: int) -> None:
    """Keep the rows and guess what the headings mean."""
    sheet = _import(upload).sheet
    vault.keep(upload.pk, "stage", [grid.as_dict() for grid in grids])
    layout = headings.find_layout(sheet, grids, _best_profile(upload.name, grids))
    main = grids[layout.main].rows
    upload.layout, upload.read_ms, upload.state = layout.as_dict(), milliseconds, Upload.State.HEADINGS
    upload.row_count = sum(any(row) for row in main[layout.header_row + 1 :])
    upload.column_count = sum(1 for text in headings.heads(grids[layout.main], layout.header_row) if text.strip())
    upload.save()


def _best_profile(name: str, grids: list[Grid]) -> dict[str, str]:
    """The profile most of whose headings the file has (at least four in five)."""
    present = {
        headings.bare(text) for grid in grids for row in grid.rows[: headings.SEARCH_ROWS] for text in row if text
    }
    best: dict[str, str] = {}
    best_share = 0.8
    for _title, known in by_headings(name):
        share = sum(headings.bare(heading) in present for heading in known) / max(len(known), 1)
        if share >= best_share and len(known) > len(best):
            best, best_share = known, share
    return best


def _needs_a_person(upload: Upload) -> bool:
    """Whether a heading is unclear or a required column was not found."""
    grids, layout = load(upload), Layout.from_dict(upload.layout)
    if layout.missing(_import(upload).sheet):
        return True
    profile = _best_profile(upload.name, grids)
    known = headings.names_of(_import(upload).sheet, profile)
    listed = headings.list_headings(grids, layout)
    return any(not one.field and headings.bare(one.text) not in known and one.text != NOTES() for one in listed)


def NOTES() -> str:
    """The heading of the column that an annotated download adds; never imported."""
    return _("错误说明")


def match(upload: Upload, fields: Mapping[str, str], *, by: Actor) -> None:
    """Say what each column means: ``{"sheet.column": field}``, an empty field for "do not import"."""
    _only_open(upload)
    layout = Layout.from_dict(upload.layout)
    columns: dict[str, tuple[int, int]] = {}
    for place, name in fields.items():
        if not name:
            continue
        number, _point, column = place.partition(".")
        if name in columns:
            label = _import(upload).sheet[name].label
            raise Problem("duplicate", f"$.{place}", _("两列都对成了“%(label)s”。留下一列。") % {"label": label})
        columns[name] = (int(number), int(column))
    layout.columns = columns
    missing = layout.missing(_import(upload).sheet)
    if missing:
        names = "、".join(f"“{column.label}”" for column in missing)
        raise Problem("missing", "$", _("还没有找到 %(names)s。请指出是哪一列。") % {"names": names})
    upload.layout = layout.as_dict()
    upload.save(update_fields=["layout"])
    look(upload, by=by)


def save_profile(upload: Upload, title: str, *, by: Actor) -> Profile:
    """Keep what this file's headings mean for the next one like it."""
    listed = headings.list_headings(load(upload), Layout.from_dict(upload.layout))
    known = {one.text: one.field for one in listed}
    profile, _made = Profile.objects.update_or_create(
        name=upload.name, title=title, defaults={"headings": known, "owner": by.key}
    )
    return profile


def look(upload: Upload, *, by: Actor) -> Job | None:
    """Check the whole file, at once or by a job."""
    if upload.row_count > CHECK_AT_ONCE:
        return enqueue("tabular.check", upload.pk, owner=by.key, upload=upload.pk)
    recheck(upload)
    return None


def recheck(upload: Upload, report: Report | None = None) -> Checked:
    """Check every row with all mends in place and keep what is wrong."""
    made = _checked(upload, report)
    _note(upload, made)
    return made


def _checked(upload: Upload, report: Report | None = None) -> Checked:
    one = _import(upload)
    cells, dropped = edits_of(upload)
    grids = load(upload, cells)
    return check(
        one.sheet, grids, Layout.from_dict(upload.layout), dropped=dropped, room_check=one.check, report=report
    )


def _note(upload: Upload, made: Checked) -> None:
    vault.keep(upload.pk, "flaws", [flaw.__dict__ for flaw in made.flaws])
    counts = Counter(flaw.group for flaw in made.flaws)
    mendable = Counter(flaw.group for flaw in made.flaws if offered(flaw))
    upload.reasons = [
        {"group": group, "count": count, "mendable": mendable[group]} for group, count in counts.most_common(50)
    ]
    upload.flaw_count, upload.bad_rows, upload.row_count = len(made.flaws), made.bad_rows, len(made.rows)
    upload.state = Upload.State.CHECKED
    upload.save()
    Upload.objects.filter(pk=upload.pk).update(touched_at=Now())


def flaws_of(upload: Upload) -> list[Flaw]:
    return [Flaw(**flaw) for flaw in vault.fetch(upload.pk, "flaws") or []]


def load(upload: Upload, cells: Mapping[str, str] | None = None) -> list[Grid]:
    """The rows as they were read, with the mended texts put in."""
    stage = vault.fetch(upload.pk, "stage")
    if stage is None:
        raise Problem("reference", "$", _("上传的文件已经不在了。请重新上传。"))
    grids = [Grid(**grid) for grid in stage]
    for place, text in (cells or {}).items():
        sheet, row, column = (int(part) for part in place.split(":"))
        line = grids[sheet].rows[row - 1]
        line.extend([""] * (column + 1 - len(line)))
        line[column] = text
    return grids


def edits_of(upload: Upload) -> tuple[dict[str, str], set[int]]:
    """All mends in force: texts by cell, and the rows taken out."""
    cells: dict[str, str] = {}
    dropped: set[int] = set()
    for edit in upload.edits.filter(undone=False):
        cells |= json.loads(edit.cells) if edit.cells else {}
        dropped |= set(edit.dropped)
    return cells, dropped


def mend(upload: Upload, place: str, text: str, *, by: Actor, same: bool = False) -> None:
    """Put another text into one cell (``sheet:row:column``) that was found wrong.

    ``same`` mends every cell of the column that is wrong in the same way and holds the same text.
    """
    flaws = [one for one in flaws_of(upload) if one.column >= 0]
    flaw = next((one for one in flaws if place_of(one) == place), None)
    if flaw is None:
        raise Problem("reference", "$.place", _("这一格已经没有错了。请刷新页面。"))
    cells = {place: text.strip()}
    if same:
        grids = load(upload, edits_of(upload)[0])
        alike = [one for one in flaws if (one.sheet, one.column, one.group) == (flaw.sheet, flaw.column, flaw.group)]
        cells = {place_of(one): text.strip() for one in alike if _text(grids, one) == _text(grids, flaw)}
    label = _("改 %(cell)s") if len(cells) == 1 else _("改 %(cell)s 等 %(count)s 处")
    _edit(upload, label % {"cell": flaw.address, "count": len(cells)}, cells=cells, by=by)


def _text(grids: list[Grid], flaw: Flaw) -> str:
    row = grids[flaw.sheet].rows[flaw.at_row - 1]
    return row[flaw.column].strip() if flaw.column < len(row) else ""


def mend_all(upload: Upload, group: str, *, by: Actor) -> int:
    """Take the offered text in every cell that is wrong for one reason; the number of cells."""
    cells = {place_of(flaw): flaw.suggestion for flaw in flaws_of(upload) if flaw.group == group and offered(flaw)}
    if not cells:
        raise Problem("empty", "$.group", _("这类错没有可以一次改好的。请逐个改。"))
    _edit(upload, _("一次改好 %(count)s 处“%(group)s”") % {"count": len(cells), "group": group}, cells=cells, by=by)
    return len(cells)


def drop(upload: Upload, rows: Iterable[int], *, by: Actor) -> None:
    """Leave rows out of the import."""
    listed = sorted(set(rows))
    _edit(upload, _("去掉第 %(rows)s 行") % {"rows": "、".join(map(str, listed[:5]))}, dropped=listed, by=by)


def undo(upload: Upload, *, by: Actor) -> None:
    """Take back the last mend."""
    _only_open(upload)
    last = upload.edits.filter(undone=False).last()
    if last is None:
        raise Problem("empty", "$", _("没有可以撤回的改动。"))
    last.undone = True
    last.save(update_fields=["undone"])
    look(upload, by=by)


def place_of(flaw: Flaw) -> str:
    return f"{flaw.sheet}:{flaw.at_row}:{flaw.column}"


def offered(flaw: Flaw) -> bool:
    return flaw.suggestion is not None and flaw.column >= 0


def _edit(
    upload: Upload, label: str, *, by: Actor, cells: Mapping[str, Any] | None = None, dropped: list[int] | None = None
) -> None:
    _only_open(upload)
    Edit.objects.create(
        upload=upload,
        label=label[:120],
        cells=json.dumps(cells, ensure_ascii=False) if cells else "",
        dropped=dropped or [],
    )
    look(upload, by=by)


def apply(upload: Upload, *, by: Actor) -> Job | None:
    """Write all rows or none; a long list by a job."""
    if upload.state != Upload.State.CHECKED or upload.flaw_count:
        raise Problem("range", "$", _("还有 %(count)s 处错，改完才能写入。") % {"count": upload.flaw_count})
    if upload.row_count > APPLY_AT_ONCE:
        return enqueue("tabular.apply", upload.pk, owner=by.key, upload=upload.pk)
    write(upload, by=by)
    return None


def write(upload: Upload, *, by: Actor, report: Report | None = None) -> int:
    """Check once more and hand the rows to the room, in one transaction; the number written.

    Whoever lost the right meanwhile is refused, and so is a file that in the meantime became wrong.
    """
    one = _import(upload)
    if not one.may(by):
        raise Problem("range", "$", _("你现在没有导入“%(label)s”的职责。") % {"label": one.label})
    with transaction.atomic():
        locked = Upload.objects.select_for_update().get(pk=upload.pk)
        if locked.state != Upload.State.CHECKED:
            raise Problem("range", "$", _("这份文件已经写入或放弃，不能再写。"))
        made = _checked(locked, report)
        if not made.flaws:
            count = one.apply(made.rows, by)
            locked.state, locked.applied_count, locked.row_count = Upload.State.APPLIED, count, len(made.rows)
            locked.save()
            Upload.objects.filter(pk=locked.pk).update(applied_at=Now(), touched_at=Now())
            locked.edits.update(cells="")
            transaction.on_commit(lambda: vault.forget(locked.pk))
    if made.flaws:
        _note(locked, made)
        raise Problem("range", "$", _("写入前又核对了一遍，有 %(count)s 处错，一行也没有写。请改完再写入。")
                      % {"count": len(made.flaws)})  # fmt: skip
    upload.refresh_from_db()
    return count


def give_up(upload: Upload, *, by: Actor) -> None:
    """Throw the file away; nothing was written."""
    _only_open(upload)
    _discard(upload)


def clear_old() -> int:
    """Give up what nobody touched for a week."""
    old = Upload.objects.filter(
        state__in=(Upload.State.RECEIVED, Upload.State.HEADINGS, Upload.State.CHECKED), touched_at__lt=Now() - KEPT
    )
    count = 0
    for upload in old:
        _discard(upload)
        count += 1
    return count


def _discard(upload: Upload) -> None:
    upload.state = Upload.State.DISCARDED
    upload.save(update_fields=["state"])
    upload.edits.update(cells="")
    vault.forget(upload.pk)


def _only_open(upload: Upload) -> None:
    if not upload.is_open:
        raise Problem("range", "$", _("这份文件已经写入或放弃，不能再改。"))


def _import(upload: Upload) -> registry.Import:
    found = registry.get(upload.name)
    if found is None:
        raise Problem("reference", "$", _("这种导入已经停用。"))
    return found
