"""Attaching, withdrawing, issuing, declaring void. Nothing here removes a file."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import today

from . import intake, pdf, qr, registry, store
from .amounts import full_date
from .models import Attachment, Document, Series, Void, Withdrawal

#: What stands at the foot of a paper: ledger root and checksum of the verifier, as lines of text.
_foot: list[Callable[[], list[str]]] = []
_office: list[Callable[[], str]] = []
#: No 0/O and 1/I: the code is typed from paper at times.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def register_foot(reader: Callable[[], list[str]]) -> None:
    """Let the ledger say its newest root and the checksum of its verifier at the foot of every paper."""
    _foot[:] = [reader]


def register_office(reader: Callable[[], str]) -> None:
    """Let the association say its name for the head of every paper."""
    _office[:] = [reader]


#: Whether papers are numbered and written down now, and printed when somebody first asks for one.
_later: ContextVar[bool] = ContextVar("print_later", default=False)


@contextmanager
def print_later() -> Iterator[None]:
    """Inside the block papers get number and content at once, the PDF at first reading: for histories of many papers."""
    token = _later.set(True)
    try:
        yield
    finally:
        _later.reset(token)


@transaction.atomic
def attach(case: str, content: bytes, title: str, *, kind: str = "", by: str) -> Attachment:
    """Put a file into a case (``by``: text key). ``Problem`` if it is not of a kind that is taken."""
    return keep(case, intake.look_at(content), title, kind=kind, by=by)


def picture(case: str, content: bytes, title: str, *, kind: str, by: str) -> str:
    """Put one picture into a case; the reference to it. ``Problem`` for anything else."""
    if content and not intake.is_picture(content):
        raise Problem("type", "$.file", _("这不是照片。这里只收照片（jpg、png、webp），请重新拍一张。"))
    return f"attachment:{attach(case, content, title, kind=kind, by=by).pk}"


def keep(case: str, taken: intake.Taken, title: str, *, kind: str = "", by: str) -> Attachment:
    """Put a file into a case that was looked at before: decoding a picture need not hold up other writers."""
    return Attachment.objects.create(
        case=case,
        kind=kind,
        title=_named(title, taken.mime),
        sha256=store.put(taken.content),
        public_sha256=store.put(taken.public) if taken.public is not None else "",
        size=len(taken.content),
        mime=taken.mime,
        width=taken.width,
        height=taken.height,
        taken_at=taken.taken_at,
        taken_where=taken.taken_where,
        by=by,
    )


def _named(title: str, mime: str) -> str:
    """The title a person gave, without folders and control characters, with the ending of what it really is."""
    plain = title.replace("\\", "/").rpartition("/")[2]
    kept = "".join(character for character in plain if character.isprintable() and character not in '<>:"|?*').strip(
        ". "
    )
    ending = intake.ENDINGS[mime]
    stem = kept.rpartition(".")[0] if "." in kept else kept
    return (stem[: 190 - len(ending)] or _("附件")) + ending


@transaction.atomic
def withdraw(attachment: Attachment, *, reason: str, by: str) -> Withdrawal:
    """Take a paper out of the case, with the reason; the file stays where it is."""
    if not reason.strip():
        raise Problem("missing", "$.reason", _("请写明撤回的理由。"))
    if Withdrawal.objects.filter(attachment=attachment).exists():
        raise Problem("duplicate", "$", _("这份材料已经撤回。"))
    return Withdrawal.objects.create(attachment=attachment, reason=reason.strip(), by=by)


@transaction.atomic
def issue(
    code: str,
    case: str,
    values: Mapping[str, str],
    *,
    by: str,
    on: datetime.date | None = None,
    title: str = "",
    intro: tuple[str, ...] = (),
    box: tuple[tuple[str, str], ...] = (),
    table: Mapping[str, Any] | None = None,
    closing: tuple[str, ...] = (),
    signed_by: str = "",
    address: str = "",
    extra: Mapping[str, str] | None = None,
) -> Document:
    """Give a paper its number and make its PDF; both or neither, so that no number is lost.

    ``values`` are texts by field. ``extra`` fills what else the number's pattern names. ``table``:
    ``{"columns": [{"label", "number", "wide"}], "rows": [[…]]}``. ``address``: where the QR code leads (by default to the
    page on which this paper is checked).
    """
    paper = registry.get(code)
    on = on or today()
    texts = {name: str(value) for name, value in values.items()}
    unknown = set(texts) - {name for name, _label in paper.fields}
    if unknown:
        raise Problem("unknown_key", f"$.{sorted(unknown)[0]}", _("文书没有这一项：%(names)s。")
                      % {"names": "、".join(sorted(unknown))})  # fmt: skip
    check_code = "".join(secrets.choice(ALPHABET) for _n in range(12))
    given = {**texts, **{name: str(value) for name, value in (extra or {}).items()}, "year": str(on.year)}
    series, seq, number = _number(paper.number_pattern, given, on.year)
    document = Document(
        code=code, label=str(paper.label), number=number, year=on.year, series=series, seq=seq, case=case, values=texts,
        issued_on=on, issued_by=by, check_code=check_code,
    )  # fmt: skip
    content = _content(
        paper,
        document,
        title=title,
        intro=intro,
        box=box,
        table=table,
        closing=closing,
        signed_by=signed_by,
        address=address,
    )
    document.values = {"fields": texts, "content": content}
    document.pdf_sha256 = "" if _later.get() else store.put(_print(paper, document, content))
    document.seal_root = next((line for line in content["foot"] if line), "")[:64]
    document.save(force_insert=True)
    return document


def _number(pattern: str, given: dict[str, str], year: int) -> tuple[str, int, str]:
    """Series, place in it and the whole number; the series' row is locked until the paper is written."""
    try:
        series = registry.series_of(pattern, given)
        if not registry.has_sequence(pattern):
            number = registry.filled(pattern, given)
            if Document.objects.filter(number=number).exists():
                raise Problem("duplicate", "$.number", _("文号 %(number)s 已经用过。") % {"number": number})
            return series[:80], 0, number
    except KeyError as missing:
        raise Problem(
            "missing", f"$.{missing.args[0]}", _("编号还缺“%(name)s”。") % {"name": missing.args[0]}
        ) from None
    Series.objects.bulk_create([Series(name=series, year=year)], ignore_conflicts=True)
    Series.objects.filter(name=series, year=year).update(last=F("last") + 1)
    seq = Series.objects.get(name=series, year=year).last
    return series, seq, registry.filled(pattern, {**given, "seq": str(seq)})


def _content(
    paper: registry.Paper, document: Document, *, title: str, intro: tuple[str, ...], box: tuple[tuple[str, str], ...],
    table: Mapping[str, Any] | None, closing: tuple[str, ...], signed_by: str, address: str,
) -> dict[str, Any]:  # fmt: skip
    """Everything that stands on the paper, so that it can be printed again to the letter."""
    office = _office[0]() if _office else ""
    fields = [[label, document.values[name]] for name, label in paper.fields if document.values.get(name)]
    columns = [
        {"label": str(column["label"]), "number": bool(column.get("number")), "wide": bool(column.get("wide"))}
        for column in (table or {}).get("columns", [])
    ]
    rows = [[str(cell) for cell in row] for row in (table or {}).get("rows", [])]
    link = address or f"{settings.PUBLIC_URL.rstrip('/')}/papers/check/{document.check_code}/"
    foot = (_foot[0]() if _foot else []) + [f"内容校验值 {_spaced(pdf.checksum(document.values))}"]
    return {
        "office": office,
        "number": document.number,
        "title": title or document.label,
        "intro": list(intro),
        "box": [list(pair) for pair in box],
        "fields": fields,
        "table": {"columns": columns, "rows": rows},
        "closing": list(closing),
        "signers": list(paper.signers),
        "signed_by": signed_by or office,
        "date": full_date(document.issued_on),
        "posting": paper.posting,
        "address": link.removeprefix("https://").removeprefix("http://") if paper.qr else "",
        "link": link if paper.qr else "",
        "qr_says": _("扫码验真伪"),
        "foot": foot,
        "void": "",
    }


def _spaced(checksum: str) -> str:
    """The two ends of a checksum in groups of four, as eyes compare them."""
    return f"{checksum[:4]} {checksum[4:8]} {checksum[8:12]} {checksum[12:16]} … {checksum[-4:]}"


def _print(paper: registry.Paper, document: Document, content: Mapping[str, Any]) -> bytes:
    picture = qr.svg_file(str(content["link"])) if content.get("link") else ""
    return pdf.render(paper.template, {**content, "qr": picture}, on=document.issued_on)


@transaction.atomic
def declare_void(document: Document, *, reason: str, by: str) -> Void:
    """Declare an issued paper void. It keeps its number; whoever checks it reads that it is void."""
    if not reason.strip():
        raise Problem("missing", "$.reason", _("请写明作废的理由。"))
    if Void.objects.filter(document=document).exists():
        raise Problem("duplicate", "$", _("这份文书已经作废。"))
    return Void.objects.create(document=document, reason=reason.strip(), by=by, voided_on=today())


def printed(document: Document) -> bytes:
    """The PDF to hand out: as issued, or with the word void over it."""
    void = Void.objects.filter(document=document).first()
    if void is None and document.pdf_sha256:
        return store.get(document.pdf_sha256)
    if void is None:
        made = _print(registry.get(document.code), document, document.values["content"])
        Document.objects.filter(pk=document.pk).update(pdf_sha256=store.put(made))
        return made
    content = {**document.values["content"], "void": void.reason}
    return _print(registry.get(document.code), document, content)
