"""Fields of the house: what they write, and what they take."""

from __future__ import annotations

from django import forms

from wuxie.web.fields import Searched


class Asked(forms.Form):
    where = forms.ChoiceField(
        choices=[("", "—"), ("项目", [("p:1", "<翠屏> & 恒信"), ("p:2", "邻里苑")]), ("e:1", "小区")], widget=Searched()
    )


def test_options_are_written_as_django_writes_them_and_nothing_in_a_name_is_markup() -> None:
    ours = str(Asked(initial={"where": "p:1"})["where"])

    assert ours == (
        '<select name="where" data-search="yes" id="id_where" required><option value="">—</option>'
        '<optgroup label="项目"><option value="p:1" selected>&lt;翠屏&gt; &amp; 恒信</option><option value="p:2">邻里苑</option>'
        '</optgroup><option value="e:1">小区</option></select>'
    )


def test_a_choice_that_is_not_offered_is_refused() -> None:
    assert Asked({"where": "p:9"}).errors["where"]
    assert Asked({"where": "e:1"}).is_valid()
