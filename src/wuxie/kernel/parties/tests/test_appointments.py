"""Rights begin and end with the day of an appointment."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.parties.actions import appoint, end_appointment
from wuxie.kernel.parties.models import Appointment, Organisation, Person, check_uscc

DAY = datetime.date


@pytest.mark.django_db
def test_an_appointment_counts_on_its_first_and_last_day(city):
    person = Person.objects.create(name="王芳")
    held = appoint(
        person, "gov_street", by="test", place_code="510402001", starts_on=DAY(2026, 3, 1), ends_on=DAY(2026, 3, 31)
    )

    counted = [
        day
        for day in (DAY(2026, 2, 28), DAY(2026, 3, 1), DAY(2026, 3, 31), DAY(2026, 4, 1))
        if Appointment.objects.on(day)
    ]
    assert counted == [DAY(2026, 3, 1), DAY(2026, 3, 31)]
    assert held.role == "gov_street"


@pytest.mark.django_db
def test_ending_takes_effect_the_day_after(city):
    person = Person.objects.create(name="王芳")
    held = appoint(person, "gov_street", by="test", place_code="510402001", starts_on=DAY(2026, 3, 1))
    end_appointment(held, by="test", on=DAY(2026, 5, 4))

    with frozen(DAY(2026, 5, 4)):
        assert Appointment.objects.now().exists()
    with frozen(DAY(2026, 5, 5)):
        assert not Appointment.objects.now().exists()


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["association_secretariat", "gov_street", "owner"])
def test_a_role_without_the_seat_it_is_held_at_is_refused(role):
    with pytest.raises(ValidationError, match="请选"):
        appoint(Person.objects.create(name="王芳"), role, by="test")


@pytest.mark.django_db
def test_an_end_before_the_beginning_is_refused(city):
    person = Person.objects.create(name="王芳")
    with pytest.raises(ValidationError, match="早于"):
        appoint(
            person, "gov_street", by="test", place_code="510402001", starts_on=DAY(2026, 3, 2), ends_on=DAY(2026, 3, 1)
        )


def test_a_credit_code_with_a_wrong_check_digit_is_refused():
    check_uscc("91110000600037341L")
    with pytest.raises(ValidationError, match="校验码"):
        check_uscc("91110000600037341M")


@pytest.mark.django_db
def test_one_credit_code_belongs_to_one_body():
    Organisation.objects.create(kind="company", name="甲", uscc="91110000600037341L")
    with pytest.raises(Exception, match=r"(?i)unique"):
        Organisation.objects.create(kind="company", name="乙", uscc="91110000600037341L")
