"""A figure is vouched for by two people, and used only then."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from wuxie.kernel.statutes import actions, figures, queries

DAY = datetime.date


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("WUXIE_HOME", str(tmp_path))


def line(key):
    return next(one for one in queries.overview() if one.key == key)


def offer(**rest):
    return actions.propose("deadline.petition.accept", by="person:1", region="510400",
                           **{"value": "10", "article": "某文〔2026〕1号", "since": DAY(2026, 7, 1), **rest})  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_proposal_counts_only_when_another_person_confirmed_it():
    proposal = offer()
    assert line("deadline.petition.accept").status == "second"
    assert figures.figure("deadline.petition.accept", on=DAY(2026, 8, 1), region="510400").value == "15"

    with pytest.raises(ValidationError, match="另一人"):
        actions.confirm(proposal, by="person:1")
    actions.confirm(proposal, by="person:2")

    assert figures.figure("deadline.petition.accept", on=DAY(2026, 8, 1), region="510400").value == "10"
    assert figures.figure("deadline.petition.accept", on=DAY(2026, 6, 1), region="510400").value == "15"
    assert line("deadline.petition.accept").status == "confirmed"


@pytest.mark.django_db
def test_two_different_readings_are_shown_as_a_conflict():
    offer()
    offer(value="12", article="另一份指引")

    assert line("deadline.petition.accept").status == "conflict"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"value": "ten"}, "value"),
        ({"value": ""}, "value"),
        ({"article": " "}, "article"),
        ({"until": DAY(2026, 1, 1)}, "until"),
    ],
)
def test_a_broken_proposal_is_refused_at_its_field(change, field):
    with pytest.raises(ValidationError) as refused:
        offer(**change)
    assert field in refused.value.message_dict


@pytest.mark.django_db
def test_a_share_must_be_a_share():
    with pytest.raises(ValidationError, match="比例"):
        actions.propose("fund.top_up", by="person:1", region="510400", value="三成", article="某文")


@pytest.mark.django_db
def test_what_was_read_from_memory_is_on_the_list_to_confirm():
    waiting = {one.key for one in queries.overview() if one.status == "pending"}

    assert "fund.top_up" in waiting
    assert "vote.participation" not in waiting
    assert queries.unconfirmed_count() == len(waiting)
