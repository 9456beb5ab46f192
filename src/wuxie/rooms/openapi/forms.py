"""What a token is asked for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import SCOPES

TERMS = [("30", _("30 日")), ("90", _("90 日")), ("365", _("一年"))]


class NewToken(forms.Form):
    name = forms.CharField(label=_("用途"), max_length=60, help_text=_("例如：给对账程序每天取一次。"))
    scopes = forms.MultipleChoiceField(
        label=_("能做什么"), choices=list(SCOPES.items()), widget=forms.CheckboxSelectMultiple
    )
    days = forms.ChoiceField(label=_("有效期"), choices=TERMS, initial="90")
