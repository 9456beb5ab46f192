"""The watermark on the copy of a photo that others see: a dark strip with place and time. What was sent stays as it was."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import wuxie

#: The font that the build of the pages brings along.
FONT = Path(wuxie.__file__).parent / "web" / "static" / "fonts" / "NotoSansSC-Regular.ttf"
INK, STRIP = "#ffffff", "#111827"


def marked(picture: Image.Image, words: str) -> Image.Image:
    """The picture with a strip under it; without the font (before the first build) the page's own line has to do."""
    if not FONT.exists():
        return picture
    size = max(12, picture.width // 36)
    made = Image.new("RGB", (picture.width, picture.height + 2 * size), STRIP)
    made.paste(picture)
    ImageDraw.Draw(made).text((size // 2, made.height - size), words, fill=INK, font=_font(size), anchor="lm")
    return made


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    """Opened once for each size: opening it takes longer than all the rest of a small picture."""
    return ImageFont.truetype(str(FONT), size)
