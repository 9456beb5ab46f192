"""Passwords as people choose them, and sessions that begin and end where they should."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings as house
from django.test import Client

from wuxie.kernel.access.models import Account
from wuxie.kernel.parties.models import Person

pytestmark = pytest.mark.django_db
WORD, LONG = "Passw0rd-long", "  山城的夏夜 Sommernacht am Fluß 🌙 — " * 3
CHANGE = "/accounts/password/change/"


@pytest.fixture
def account():
    return Account.objects.create_user("wangfang", WORD, person=Person.objects.create(name="王芳"))


def signed_in(word: str = WORD) -> Client:
    browser = Client()
    browser.post("/accounts/login/", {"login": "wangfang", "password": word})
    assert "_auth_user_id" in browser.session
    return browser


def change(browser: Client, new: str, old: str = WORD) -> bool:
    """Whether the new word was taken."""
    browser.post(CHANGE, {"oldpassword": old, "password1": new, "password2": new})
    return Account.objects.get().check_password(new)


@pytest.mark.parametrize("word", ["Short-7", "password123", "20261129", "iloveyou1"])
def test_short_common_and_all_digit_words_are_refused(account, word):
    assert not change(signed_in(), word)


@pytest.mark.parametrize("word", [LONG, "nurkleinebuchstaben", "只用汉字也可以的口令", "a" * 200 + "-end"])
def test_any_composition_and_a_great_length_are_taken_exactly_as_typed(account, word):
    assert change(signed_in(), word)
    changed = {word.strip(), word.upper(), word[:-1], word[:128]} - {word}
    assert not [other for other in changed if Account.objects.get().check_password(other)]
    signed_in(word)


def test_a_new_word_needs_the_old_one(account):
    assert not change(signed_in(), "Another-word-1", old="wrong")
    assert not change(signed_in(), "Another-word-1", old="")


def test_words_are_masked_and_may_be_pasted_and_kept_by_a_manager(account):
    for page in (Client().get("/accounts/login/"), signed_in().get(CHANGE)):
        html = page.content.decode()
        assert 'type="password"' in html
        assert "onpaste" not in html and 'autocomplete="off"' not in html


def test_a_session_gets_a_new_key_at_sign_in_and_is_gone_after_leaving(account):
    browser = Client()
    browser.get("/accounts/login/")
    browser.session["seen"] = 1
    browser.session.save()
    before = browser.session.session_key
    browser.post("/accounts/login/", {"login": "wangfang", "password": WORD})
    inside = browser.session.session_key
    assert inside not in (None, before) and len(inside) >= 32
    taken = browser.cookies[house.SESSION_COOKIE_NAME].value
    browser.post("/accounts/logout/")
    thief = Client()
    thief.cookies[house.SESSION_COOKIE_NAME] = taken
    assert thief.get("/desk/").status_code == 302


def test_a_new_word_ends_the_other_sessions_and_a_closed_account_all(account):
    here, there = signed_in(), signed_in()
    assert change(here, "Another-word-1")
    assert there.get("/desk/").headers["Location"].startswith("/accounts/login/")
    assert here.get("/desk/").status_code == 200
    Account.objects.update(is_active=False)
    assert here.get("/desk/").headers["Location"].startswith("/accounts/login/")


def test_the_cookies_are_out_of_reach_of_scripts_and_other_sites(account):
    jar = signed_in().cookies
    session = jar[house.SESSION_COOKIE_NAME]
    assert session["httponly"] and session["samesite"] == "Lax"
    assert jar[house.CSRF_COOKIE_NAME]["samesite"] == "Lax"


def test_every_page_of_an_account_offers_the_way_out(account):
    assert "/accounts/logout/" in signed_in().get("/desk/").content.decode()


def test_a_code_of_the_second_factor_works_once(account, monkeypatch):
    TOTP.activate(account, secret := "JBSWY3DPEHPK3PXP")
    # The half minute stands still, or a slow machine types the code into the next one.
    half_minute = next(auth.yield_hotp_counters_from_time())
    monkeypatch.setattr(auth, "yield_hotp_counters_from_time", lambda: iter([half_minute]))
    code = format_hotp_value(hotp_value(secret, half_minute))
    for entered in (True, False):
        browser = Client()
        browser.post("/accounts/login/", {"login": "wangfang", "password": WORD})
        assert "_auth_user_id" not in browser.session
        browser.post("/accounts/2fa/authenticate/", {"code": code})
        assert ("_auth_user_id" in browser.session) is entered
    assert Authenticator.objects.filter(user=account).exists()


def test_the_second_factor_is_changed_only_after_the_word_was_given_again(account):
    TOTP.activate(account, "JBSWY3DPEHPK3PXP")
    browser = Client()
    browser.force_login(account, backend="wuxie.kernel.access.backends.SignInBackend")
    answer = browser.post("/accounts/2fa/totp/deactivate/")
    assert "/reauthenticate/" in answer.headers["Location"]
    assert Authenticator.objects.filter(user=account).exists()
