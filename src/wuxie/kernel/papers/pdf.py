"""PDF by typst: data in, pages out. A value is data and never mark-up; the compiler reads no file but the template."""

from __future__ import annotations

import datetime
import hashlib
import json
import threading
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

import wuxie
from wuxie.kernel.clock.now import SHANGHAI

#: The fonts that the build of the pages brings along; without them the system's Chinese fonts serve.
FONTS = Path(wuxie.__file__).parent / "web" / "static" / "fonts"

_lock = threading.Lock()


@lru_cache(maxsize=32)
def _compiler(template: Path) -> typst.Compiler:
    """One compiler a template: made once it is tens of times faster."""
    paths = [str(FONTS)] if FONTS.exists() else []
    fonts = typst.Fonts(include_system_fonts=not paths, include_embedded_fonts=False, font_paths=paths)
    return typst.Compiler(str(template), root=str(template.parent), font_paths=fonts, sys_inputs={})


def render(template: Path, data: Mapping[str, Any], *, on: datetime.date) -> bytes:
    """The PDF/A-2b of a template with its data; the same data and day give the same bytes."""
    moment = datetime.datetime.combine(on, datetime.time(), SHANGHAI)
    text = json.dumps(data, ensure_ascii=False)
    with _lock:
        made = _compiler(template).compile(
            format="pdf", sys_inputs={"data": text}, pdf_standards=["a-2b"], timestamp=int(moment.timestamp())
        )
    assert isinstance(made, bytes)  # one format, one document
    return made


def checksum(values: Mapping[str, Any]) -> str:
    """SHA-256 over the texts of a paper, in a form that anybody can make again (sorted keys, no blanks, UTF-8)."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
