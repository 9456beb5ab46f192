"""Form fields for what every room asks: hundredths, a place, a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import groupby
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.clock.now import SHANGHAI
from wuxie.kernel.places.models import Place
from wuxie.kernel.places.names import full_name, resolve


class Hundredths(forms.DecimalField):
    """A figure with at most two decimals, kept as a whole number of hundredths; never a float."""

    def __init__(self, *, scale: int = 100, **known: Any) -> None:
        self.scale = scale
        known.setdefault("min_value", 0)
        known.setdefault("error_messages", {"invalid": gettext_lazy("只写数字，不写单位，例如 20.5。")})
        super().__init__(max_digits=15, decimal_places=len(str(scale)) - 1, **known)
        self.widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def clean(self, value: Any) -> Any:
        exact = super().clean(value)
        return None if exact is None else int(exact * self.scale)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            exact = Decimal(value) / self.scale
            return f"{exact:.{max(2, -exact.normalize().as_tuple().exponent)}f}"  # type: ignore[operator]
        return value


CHOSEN = SafeString(" selected")


class Searched(forms.Select):
    """One of many, found by typing. Its options are written in one go: a template for each took longer than the page."""

    def __init__(self) -> None:
        super().__init__(attrs={"data-search": "yes"})

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = set(self.format_value(value))
        known = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<select name="{}"{}>{}</select>', name, known, _options(self.choices, chosen))


class Sought(Searched):
    """One of very many: only the chosen one is written out, the rest is asked of an address while somebody types.

    The address answers ``?q=`` with ``[{"value", "text"}]``; ``label`` says what a value is called.
    """

    def __init__(self, url_name: str, label: Callable[[str], str]) -> None:
        super().__init__()
        self.url_name, self.label = url_name, label

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        self.choices = [("", "—"), *((one, self.label(one)) for one in self.format_value(value) if one)]
        return super().render(name, value, {**(attrs or {}), "data-options": reverse(self.url_name)}, renderer)


def _options(choices: Iterable[tuple[Any, Any]], chosen: set[str]) -> SafeString:
    """Options, and groups of them."""
    written = SafeString("")
    for grouped, part in groupby(choices, key=lambda pair: isinstance(pair[1], list | tuple)):
        if grouped:
            rows = ((label, _options(inner, chosen)) for label, inner in part)
            written += format_html_join("", '<optgroup label="{}">{}</optgroup>', rows)
        else:
            pairs = (("" if value is None else str(value), label) for value, label in part)
            rows = ((text, CHOSEN if text in chosen else "", label) for text, label in pairs)
            written += format_html_join("", '<option value="{}"{}>{}</option>', rows)
    return written


class PlaceField(forms.CharField):
    """A division by its code or by its name with those above it; offers what fits while somebody types."""

    def __init__(self, **known: Any) -> None:
        known.setdefault("max_length", 120)
        super().__init__(**known)
        self.widget.template_name = "web/place_input.html"

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Place):
            value = value.pk
        return full_name(value) if isinstance(value, str) and value.isdigit() else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        codes = resolve(text)
        if not codes:
            raise ValidationError(
                _("没有“%(text)s”这个地方。写成“东区 临江社区”这样，或写统计代码。") % {"text": text[:40]}
            )
        if len(codes) > 1:
            several = "、".join(full_name(code) for code in codes[:3])
            raise ValidationError(_("有 %(n)s 个地方叫“%(text)s”：%(several)s。请把街道或区县也写上。")
                                  % {"n": len(codes), "text": text[:40], "several": several})  # fmt: skip
        return Place.objects.get(pk=codes[0])


class Day(forms.DateField):
    """A day, chosen in the browser's own calendar."""

    def __init__(self, **known: Any) -> None:
        super().__init__(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **known)


class Moment(forms.DateTimeField):
    """A moment in the city's own time."""

    def __init__(self, **known: Any) -> None:
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], **known)

    def to_python(self, value: Any) -> Any:
        found = super().to_python(value)
        return found.replace(tzinfo=SHANGHAI) if found else found

    def prepare_value(self, value: Any) -> Any:
        return value.astimezone(SHANGHAI) if hasattr(value, "astimezone") and value.tzinfo else value


#: Bytes of one paper or photo.
LARGEST = 15 * 1024 * 1024
PICTURES = "image/jpeg,image/png,image/webp"
PAPERS = f"application/pdf,{PICTURES}"


class Long(forms.CharField):
    """A text of some sentences."""

    def __init__(self, label: Any, **known: Any) -> None:
        known.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        known.setdefault("max_length", 400)
        super().__init__(label=label, **known)


class Paper(forms.FileField):
    """A PDF or a photo of a paper, as name and content."""

    shown: ClassVar[dict[str, str]] = {"accept": PAPERS}
    wanted = gettext_lazy("请放上文件（PDF 或照片）。")
    hint: Any = gettext_lazy("PDF 或照片，最大 15 MB。")

    def __init__(self, **known: Any) -> None:
        known.setdefault("help_text", self.hint)
        known.setdefault("error_messages", {"required": self.wanted})
        super().__init__(widget=forms.ClearableFileInput(attrs=self.shown), **known)

    def clean(self, data: Any, initial: Any = None) -> tuple[str, bytes] | None:
        file = super().clean(data, initial)
        if not file:
            return None
        if file.size > LARGEST:
            raise ValidationError(_("文件超过 15 MB，请缩小后再放。"))
        return str(file.name), file.read()


class Photo(Paper):
    """A picture; a phone opens its camera."""

    shown: ClassVar[dict[str, str]] = {"accept": PICTURES, "capture": "environment"}
    wanted = gettext_lazy("请拍一张照片。")
    hint = ""
