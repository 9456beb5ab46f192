"""Private data is ciphertext in the database, found by exact text only, and cannot be moved about."""

import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection

from wuxie.kernel.parties.models import Person
from wuxie.kernel.parties.secrets import blind_index, decrypt, encrypt


def test_a_sealed_text_opens_in_its_place_only():
    sealed = encrypt("13800001234", context="parties.person.phone")

    assert decrypt(sealed, context="parties.person.phone") == "13800001234"
    with pytest.raises(InvalidTag):
        decrypt(sealed, context="parties.person.name")


def test_the_same_text_is_sealed_differently_each_time():
    assert encrypt("王芳", context="x") != encrypt("王芳", context="x")


def test_the_blind_index_folds_width_case_and_blanks():
    assert blind_index("１３８ 0000 1234", context="phone") == blind_index("13800001234", context="phone")
    assert blind_index("13800001234", context="phone") != blind_index("13800001234", context="id_number")


@pytest.mark.django_db
def test_the_table_holds_no_plain_text():
    Person.objects.create(name="金丝雀甲", phone="13900009999", id_number="11010519491231002X")

    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, id_number, name_index, phone_index, id_index FROM parties_person")
        row = cursor.fetchone()
    stored = b"".join(bytes(part) if not isinstance(part, str) else part.encode() for part in row)
    for secret in ("金丝雀甲", "13900009999", "11010519491231002X"):
        assert secret.encode() not in stored


@pytest.mark.django_db
def test_a_person_is_found_by_exact_phone_only():
    wanted = Person.objects.create(name="王芳", phone="13900009999")
    Person.objects.create(name="李军", phone="13900009998")

    assert list(Person.objects.by_phone("139 0000 9999")) == [wanted]
    assert list(Person.objects.by_phone("139")) == []


@pytest.mark.django_db
def test_values_come_back_as_they_went_in_and_are_masked_for_show():
    person = Person.objects.create(name="欧阳文", phone="13900009999", id_number="11010519491231002X")
    person.refresh_from_db()

    assert (person.name, person.phone, person.id_number) == ("欧阳文", "13900009999", "11010519491231002X")
    assert (person.masked_name, person.masked_phone, person.masked_id_number) == (
        "欧**",
        "139****9999",
        "**************002X",
    )


def test_a_sealed_field_takes_a_text_as_it_is():
    field = Person._meta.get_field("phone")
    assert (field.to_python("13900009999"), field.to_python(None)) == ("13900009999", None)
