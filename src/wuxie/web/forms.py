"""The shape of what people send to this floor."""

from __future__ import annotations

from django import forms
from django.conf import settings


class Reading(forms.Form):
    """Size of letters and language; both optional, one is sent at a time."""

    large = forms.ChoiceField(choices=[("0", "0"), ("1", "1")], required=False)
    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)
    next = forms.CharField(required=False, max_length=2000)


class LookAt(forms.Form):
    """A part of one's area; empty: the whole."""

    place = forms.CharField(required=False, max_length=12)
    next = forms.CharField(required=False, max_length=2000)
