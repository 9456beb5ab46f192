"""People and bodies in the register: refused in words that name the field, kept as they are looked for."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from wuxie.kernel.parties import actions, journal, roles
from wuxie.kernel.parties.models import Organisation, Person

pytestmark = pytest.mark.django_db
USCC = "91110000600037341L"


def refused(act, *args, **rest):
    with pytest.raises(ValidationError) as caught:
        act(*args, by="person:1", **rest)
    return caught.value.message_dict if hasattr(caught.value, "error_dict") else caught.value.messages


@pytest.mark.parametrize(
    ("known", "field", "words"),
    [
        ({"name": " "}, "name", "没有填姓名。"),
        ({"name": "王芳", "phone": "1390000999"}, "phone", "电话要是 11 位手机号，或带区号的电话，现有 10 位。"),
        (
            {"name": "王芳", "id_number": "110105194912310021"},
            "id_number",
            "证件号不对：要是 18 位，末位是校验码。请照证件重抄。",
        ),
    ],
)
def test_a_person_who_cannot_be_is_refused_at_the_field(known, field, words):
    assert refused(actions.add_person, **known) == {field: [words]}
    assert Person.objects.count() == 0


def test_the_same_person_twice_is_led_to_the_first():
    first = actions.add_person(by="person:1", name="王芳", phone="139 0000-9999", id_number="11010519491231002x")
    words = [f"王** 已经登记过（人员编号 {first.pk}）。请直接用那一条。"]
    assert refused(actions.add_person, name="王芳芳", id_number="11010519491231002X") == {"id_number": words}
    assert refused(actions.add_person, name="王芳", phone="13900009999") == {"phone": words}
    other = actions.add_person(by="person:1", name="李强")
    assert refused(actions.change_person, other, name="王芳", phone="13900009999") == {"phone": words}


def test_a_body_is_registered_and_corrected_and_keeps_its_name_to_itself():
    made = actions.add_organisation("company", by="person:1", name="甲物业", uscc=" 91110000600037341l ")
    assert (made.uscc, actions.add_organisation("company", by="person:1", name="乙物业").uscc) == (USCC, None)
    assert actions.change_organisation(made, by="person:1", short_name="甲", uscc="").uscc is None
    assert refused(actions.add_organisation, "company", name="甲物业") == {
        "name": ["“甲物业”已经登记过。请在名录里查找。"]
    }
    assert refused(actions.add_organisation, "company", name="丙物业", uscc=USCC[:-1] + "M").keys() == {"uscc"}
    assert list(Organisation.objects.order_by("pk").values_list("name", "short_name")) == [
        ("甲物业", "甲"),
        ("乙物业", ""),
    ]


def test_an_appointment_ends_on_or_after_its_first_day(city):
    wang = Person.objects.create(name="王芳")
    held = actions.appoint(
        wang, "gov_street", by="person:0", place_code="510402001", starts_on=datetime.date(2026, 3, 1)
    )
    assert str(held) == "街道办事处 · 大渡口街道"
    early = refused(actions.end_appointment, held, on=datetime.date(2026, 2, 28))
    assert early == {"ends_on": ["离任日早于到任日。请改成 2026-03-01 或以后。"]}


def test_a_role_of_a_code_that_is_taken_is_a_mistake_of_the_program():
    with pytest.raises(ValueError, match="gov_street"):
        roles.register(roles.ROLES["gov_street"])


def test_an_act_that_nobody_would_write_down_does_not_happen(monkeypatch):
    monkeypatch.setattr(journal, "_writer", [])
    with pytest.raises(RuntimeError, match="journal"):
        journal.write("looked", "person:1", by="person:2", source="test:1")


def test_nobody_gives_or_ends_the_own_appointment(city):
    wang = Person.objects.create(name="王芳")
    with pytest.raises(ValidationError) as caught:
        actions.appoint(wang, "gov_street", by=wang.key, place_code="510402001")
    assert caught.value.messages == ["不能给自己任职。请由另一位秘书处人员办理。"]
    held = actions.appoint(wang, "gov_street", by="person:0", place_code="510402001")
    with pytest.raises(ValidationError) as caught:
        actions.end_appointment(held, by=wang.key, on=held.starts_on)
    assert caught.value.messages == ["不能结束自己的任职。请由另一位秘书处人员办理。"]
