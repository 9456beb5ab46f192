"""Coming in: by name or phone, five wrong tries, away too long, a second factor for staff."""

import datetime

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory

from wuxie.kernel.access import middleware
from wuxie.kernel.access.adapter import AccountAdapter
from wuxie.kernel.access.models import Account
from wuxie.kernel.parties.models import Person

pytestmark = pytest.mark.django_db
WORD = "Passw0rd-long"


@pytest.fixture
def account():
    person = Person.objects.create(name="王芳", phone="13900009999")
    return Account.objects.create_user("wangfang", WORD, person=person)


def sign_in(name: str, word: str):
    return authenticate(RequestFactory().post("/accounts/login/"), username=name, password=word)


def test_a_name_or_a_phone_opens_the_door(account):
    assert sign_in("wangfang", WORD) == account
    assert sign_in("139 0000 9999", WORD) == account


def test_a_wrong_word_a_strange_name_or_a_closed_account_do_not(account):
    assert sign_in("wangfang", "wrong") is None
    assert sign_in("nobody", WORD) is None
    account.is_active = False
    account.save()
    assert sign_in("wangfang", WORD) is None


def test_five_wrong_tries_lock_the_door_even_for_the_right_word(account, client):
    for _ in range(5):
        client.post("/accounts/login/", {"login": "wangfang", "password": "wrong"})
    answer = client.post("/accounts/login/", {"login": "wangfang", "password": WORD})

    assert "_auth_user_id" not in client.session
    assert answer.status_code in (200, 403, 429)


def test_away_too_long_means_signed_out(account, client, monkeypatch):
    client.force_login(account, backend="wuxie.kernel.access.backends.SignInBackend")
    moment = datetime.datetime(2026, 11, 25, 9, tzinfo=datetime.UTC).timestamp()
    monkeypatch.setattr(middleware.time, "time", lambda: moment)
    client.get("/healthz")
    monkeypatch.setattr(middleware.time, "time", lambda: moment + 29 * 60)
    client.get("/healthz")
    assert "_auth_user_id" in client.session
    monkeypatch.setattr(middleware.time, "time", lambda: moment + 29 * 60 + 31 * 60)
    client.get("/healthz")
    assert "_auth_user_id" not in client.session


def test_a_signed_in_answer_is_never_kept_by_a_cache(account, client):
    client.force_login(account, backend="wuxie.kernel.access.backends.SignInBackend")

    assert client.get("/healthz").headers["Cache-Control"] == "private, no-store"


def test_staff_are_led_to_a_second_factor_first(city, enter, settings):
    settings.REQUIRE_TOTP = True
    officer = enter("王芳", "gov_street", place="510402001")

    answer = officer.get("/desk/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/2fa/totp/activate/")


def test_nobody_registers_themselves(client):
    answer = client.post("/accounts/signup/", {"username": "intruder", "password1": WORD})

    assert answer.status_code == 404
    assert not Account.objects.filter(username="intruder").exists()
    assert not AccountAdapter().is_open_for_signup(RequestFactory().get("/accounts/signup/"))


def test_an_account_without_a_password_is_told_where_the_first_comes_from(account, client):
    account.set_unusable_password()
    account.save()
    client.force_login(account, backend="wuxie.kernel.access.backends.SignInBackend")
    answer = client.get("/accounts/password/change/", follow=True)
    assert answer.status_code == 200 and "这个账号还没有密码" in answer.content.decode()
