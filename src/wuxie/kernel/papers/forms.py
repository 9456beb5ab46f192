"""The shape of what people send to the papers."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class Template(forms.Form):
    file = forms.FileField(
        label=_("Word 模板"), max_length=200, widget=forms.ClearableFileInput(attrs={"accept": ".docx"})
    )
