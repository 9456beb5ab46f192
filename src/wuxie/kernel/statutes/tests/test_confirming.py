"""A figure is vouched for by two people, and used only then."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from wuxie.kernel.statutes import actions, figures, queries

DAY = datetime.date


@pytest.fixture(autouse=True)
def after_commit(monkeypatch):
    """A test's own transaction is never committed; what waits for the commit is done at once."""
    monkeypatch.setattr(transaction, "on_commit", lambda then: then())


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("WUXIE_HOME", str(tmp_path))


def line(key):
    return next(one for one in queries.overview() if one.key == key)


def offer(**rest):
    return actions.propose("deadline.petition.accept", by="person:1",
                           **{"region": "510400", "value": "10", "article": "某文〔2026〕1号", "since": DAY(2026, 7, 1), **rest})  # fmt: skip


@pytest.mark.django_db
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
        ({"value": "１０"}, "value"),
        ({"value": "-1"}, "value"),
        ({"region": "5104"}, "region"),
        ({"unit": "元"}, "unit"),
    ],
)
def test_a_broken_proposal_is_refused_at_its_field(change, field):
    with pytest.raises(ValidationError) as refused:
        offer(**change)
    assert field in refused.value.message_dict


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "kept"),
    [("30/100", "30/100"), ("30%", "30/100"), ("0.3", "0.3"), ("三成", None), ("1/0", None), ("130%", None), ("-1/3", None), ("1e-1", None)],
)  # fmt: skip
def test_a_share_is_kept_exact_or_refused(typed, kept):
    if kept is None:
        with pytest.raises(ValidationError, match="比例"):
            actions.check_value("fund.top_up", typed)
    else:
        assert actions.check_value("fund.top_up", typed) == kept


@pytest.mark.django_db
def test_an_unknown_figure_is_refused():
    with pytest.raises(ValidationError, match="没有"):
        actions.propose("fund.nothing", by="person:1", region="510400", value="1", article="某文")


@pytest.mark.django_db
def test_a_period_may_be_said_in_another_unit_of_time():
    actions.confirm(offer(unit="working_day"), by="person:2")

    found = figures.figure("deadline.petition.accept", on=DAY(2026, 8, 1), region="510400")
    assert (found.value, found.unit) == ("10", "working_day")


@pytest.mark.django_db
def test_a_newer_value_takes_over_from_its_day_and_the_older_stays_for_older_events():
    actions.confirm(offer(value="12", since=DAY(2026, 9, 1)), by="person:2")
    actions.confirm(offer(value="10", since=DAY(2026, 7, 1)), by="person:2")  # the older text was found later

    def on(day):
        return figures.figure("deadline.petition.accept", on=day, region="510400").value

    assert (on(DAY(2026, 6, 30)), on(DAY(2026, 7, 1)), on(DAY(2026, 9, 1))) == ("15", "10", "12")


@pytest.mark.django_db
def test_a_second_confirmed_value_of_the_same_day_replaces_the_first():
    actions.confirm(offer(value="12"), by="person:2")
    actions.confirm(offer(value="11"), by="person:2")

    assert figures.figure("deadline.petition.accept", on=DAY(2026, 8, 1), region="510400").value == "11"
    assert [row.state for row in queries.history("deadline.petition.accept")] == ["confirmed", "withdrawn"]


@pytest.mark.django_db
def test_a_proposal_is_handled_once():
    proposal = offer()
    actions.withdraw(proposal, by="person:1")
    with pytest.raises(ValidationError, match="处理过"):
        actions.confirm(proposal, by="person:2")
    with pytest.raises(ValidationError, match="不能撤回"):
        actions.withdraw(proposal, by="person:1")
    assert line("deadline.petition.accept").status == "confirmed"


@pytest.mark.django_db
def test_the_file_of_the_command_line_can_be_written_again_from_the_database():
    actions.confirm(offer(), by="person:2")
    figures.overlay_path().unlink()
    assert figures.figure("deadline.petition.accept", on=DAY(2026, 8, 1), region="510400").value == "15"

    actions.write_overlay()

    assert figures.figure("deadline.petition.accept", on=DAY(2026, 8, 1), region="510400").value == "10"


@pytest.mark.django_db
def test_a_figure_that_does_not_apply_is_off_the_list_until_a_value_is_confirmed():
    with pytest.raises(ValidationError, match="为什么"):
        actions.set_not_applicable("fund.audit_waiver", by="person:1", region="510400", article=" ")
    actions.set_not_applicable("fund.audit_waiver", by="person:1", region="510400", article="本市不免审")
    assert (line("fund.audit_waiver").status, line("fund.audit_waiver").not_applicable) == ("confirmed", True)

    proposal = actions.propose("fund.audit_waiver", by="person:1", region="510400", value="30000", article="某文")
    assert line("fund.audit_waiver").status == "second"
    actions.confirm(proposal, by="person:2")
    assert (line("fund.audit_waiver").value, line("fund.audit_waiver").not_applicable) == ("30000", False)


@pytest.mark.django_db
def test_what_was_read_from_memory_is_on_the_list_to_confirm_with_who_uses_it():
    waiting = {one.key: one for one in queries.to_confirm()}

    assert waiting["fund.top_up"].used_by == ("维修资金",)
    assert "vote.participation" not in waiting
    assert queries.unconfirmed_count() == len(waiting)
    progress = queries.progress()
    assert progress["pending"] == len(waiting)
    assert sum(progress.values()) == len(queries.overview())


@pytest.mark.django_db
def test_each_level_shows_its_own_value_and_the_nearest_is_in_force():
    lift, tank = line("inspection.lift_maintenance"), line("inspection.water_tank")
    assert (lift.values, lift.in_force) == ({"nation": "15"}, "nation")
    assert (tank.values, tank.in_force, tank.read) == ({"province": "6"}, "province", "secondhand")


@pytest.mark.django_db
def test_another_city_sees_the_defaults_but_not_what_was_read_in_a_text_of_elsewhere():
    lines = {one.key: one for one in queries.overview("330100")}

    assert lines["assembly.result_publicity"].values == {"city": "7"}
    assert lines["assembly.official_vote"].values == {}
    assert lines["vote.participation"].values == {"nation": "2/3"}


@pytest.mark.django_db
def test_where_nothing_was_confirmed_the_file_stays_as_somebody_put_it():
    proposal = offer()
    figures.overlay_path().parent.mkdir(parents=True, exist_ok=True)
    figures.overlay_path().write_text("[]", encoding="utf-8")
    actions.write_overlay()
    assert figures.overlay_path().read_text(encoding="utf-8") == "[]"
    assert str(proposal) == "deadline.petition.accept 510400 = 10"
