"""Word files: the office edits a template, the values of a paper fill it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.calc.problems import Problem

from . import intake, registry, store
from .models import Document, WordTemplate

WALL_SECONDS = 12
#: What every template may use beside the paper's own fields.
COMMON_FIELDS = ("编号", "名称", "日期", "单位")

Texts = Mapping[str, str | list[dict[str, str]]]


def fill(template: bytes, values: Texts) -> bytes:
    """A Word file with its placeholders filled by a child process (768 MiB, 6 s).

    Values are texts, or lists of rows of texts. ``Problem`` in Chinese if the template asks for what there is not, holds
    more than placeholders and loops, or takes too long.
    """
    with tempfile.TemporaryDirectory(prefix="wuxie-word-") as folder:
        place = Path(folder)
        (place / "template.docx").write_bytes(template)
        (place / "values.json").write_text(json.dumps(_texts(values), ensure_ascii=False), encoding="utf-8")
        answer = place / "answer.docx"
        command = [sys.executable, "-m", "wuxie.kernel.papers.wordchild", str(place / "template.docx"),
                   str(place / "values.json"), str(answer)]  # fmt: skip
        known = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "HOME", "LANG") if name in os.environ}
        try:
            child = subprocess.run(  # noqa: S603
                command,
                env=known | {"PYTHONIOENCODING": "utf-8"},
                capture_output=True,
                timeout=WALL_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _refusal("limit") from None
        reason = child.stdout.decode("utf-8", "replace").strip()
        if child.returncode or not answer.exists():
            raise _refusal(reason or "limit")
        return answer.read_bytes()


def _texts(values: Texts) -> dict[str, Any]:
    """Plain texts only, whatever was given: never an object that could be asked for more."""
    return {
        str(name): [{str(k): str(v) for k, v in row.items()} for row in value]
        if isinstance(value, list)
        else str(value)
        for name, value in values.items()
    }


def _refusal(reason: str) -> Problem:
    kind, _colon, detail = reason.partition(":")
    detail = detail.strip()[:120]
    if kind == "unknown":
        return Problem(
            "reference",
            "$.template",
            _("模板里用了没有的名称：%(detail)s。请对照可用的名称改模板。") % {"detail": detail},
        )
    if kind == "syntax":
        return Problem(
            "formula", "$.template", _("模板里的占位符写错了：%(detail)s。请检查花括号。") % {"detail": detail}
        )
    if kind == "forbidden":
        return Problem("formula", "$.template", _("模板里只能写名称，不能写运算或程序。请改成 {{ 名称 }} 这样。"))
    if kind == "broken":
        return Problem("type", "$.template", _("模板打不开。请用 Word 另存为 docx 后再上传。"))
    return Problem("range", "$.template", _("模板太大或循环太多，处理不完。请简化后再上传。"))


def names_for(paper: registry.Paper) -> list[str]:
    """The names that a template of this paper may use."""
    return [*COMMON_FIELDS, *(_name(label) for _field, label in paper.fields)]


def _name(label: str) -> str:
    """A label as a name in a template: letters and digits only (``联系方式(脱敏)`` → ``联系方式脱敏``)."""
    kept = "".join(character for character in label if character.isalnum() or character == "_")
    return kept if kept[:1] and not kept[0].isdigit() else f"项{kept}"


@transaction.atomic
def save_template(code: str, content: bytes, title: str, *, by: str) -> WordTemplate:
    """Take a template of a paper, after trying it with made-up values; old versions stay."""
    paper = registry.get(code)
    if intake.look_at(content).mime != intake.DOCX:
        raise Problem("type", "$.template", _("模板要是 Word 文件（docx）。"))
    fill(content, dict.fromkeys(names_for(paper), "示例"))
    return WordTemplate.objects.create(code=code, title=title[:200], sha256=store.put(content), by=by)


def template_of(code: str) -> bytes:
    """The newest template of a paper, or the one that we make for it."""
    kept = WordTemplate.objects.filter(code=code).order_by("-pk").first()
    return store.get(kept.sha256) if kept else default_template(registry.get(code))


def default_template(paper: registry.Paper) -> bytes:
    """A plain Word template with every field of the paper in a table."""
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Pt

    document = docx.Document()
    style = document.styles["Normal"]
    style.font.size = Pt(12)
    # The faces that offices have; where they are missing Word takes another Song.
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run("{{ 名称 }}")
    run.bold = True
    run.font.size = Pt(18)
    run.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "黑体")
    document.add_paragraph("编号：{{ 编号 }}").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for _field, label in paper.fields:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, "{{ " + _name(label) + " }}"
    document.add_paragraph()
    for signer in paper.signers:
        document.add_paragraph(f"{signer}：____________")
    document.add_paragraph("{{ 单位 }}").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph("{{ 日期 }}").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def word_of(document: Document) -> bytes:
    """An issued paper as a Word file by the newest template."""
    paper = registry.get(document.code)
    content, fields = document.values["content"], document.values["fields"]
    values: dict[str, str | list[dict[str, str]]] = {
        "编号": document.number, "名称": content["title"], "日期": content["date"], "单位": content["signed_by"],
    }  # fmt: skip
    values |= {_name(label): str(fields.get(field, "")) for field, label in paper.fields}
    return fill(template_of(document.code), values)
