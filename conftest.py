"""What every test may rely on: a state folder of its own, a small city, and three people to try every door with."""

from __future__ import annotations

import datetime
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

os.environ.setdefault("WUXIE_HOME", tempfile.mkdtemp(prefix="wuxie-test-"))
for name in ("WUXIE_DEMO", "WUXIE_TODAY"):
    os.environ.pop(name, None)

# How long an example takes says something of the machine, not of the property.
hypothesis_settings.register_profile("wuxie", deadline=None, max_examples=60)
hypothesis_settings.load_profile("wuxie")


#: What a test asks for that uses the database; one that only starts a program that does says so by the mark.
DATABASE = {"db", "transactional_db", "django_db_setup", "empty_database"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses the database. Nothing else can reach it, so nothing else need be tried on a second one."""
    from django.test import SimpleTestCase

    for item in items:
        if (
            item.get_closest_marker("django_db")
            or DATABASE & set(getattr(item, "fixturenames", ()))
            or issubclass(getattr(item, "cls", None) or object, SimpleTestCase)
        ):
            item.add_marker("database")


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """Hashing a password is slow on purpose; a test that signs in a hundred people need not wait for it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.REQUIRE_TOTP = False


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """What one test counted or remembered (throttles, the frame of a page) is nothing to the next."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(scope="module")
def for_the_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """What a fixture of the module's writes under this stands for all its tests, and is undone after the last of them.

    A room's world is built so: once, in the city, and each test is given a copy of it (``copy.deepcopy``).
    """
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        lay_places()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def city(db: None) -> dict[str, Any]:
    """Two districts, two streets and three communities with real codes' shape: who is a neighbour of whom."""
    return lay_places()


def lay_places() -> dict[str, Any]:
    from wuxie.kernel.places.models import Place

    rows = {
        "5104": "攀枝花市", "510402": "东区", "510403": "西区",
        "510402001": "大渡口街道", "510402002": "炳草岗街道", "510403001": "清香坪街道",
        "510402001001": "临江社区", "510402001002": "滨河社区", "510402002001": "湖光社区", "510403001001": "杨家坪社区",
    }  # fmt: skip
    levels = {4: 1, 6: 2, 9: 3, 12: 4}
    cut = {6: 4, 9: 6, 12: 9}
    return {
        code: Place.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "level": levels[len(code)],
                "parent_id": code[: cut[len(code)]] if len(code) > 4 else None,
            },
        )[0]
        for code, name in rows.items()
    }


@pytest.fixture
def someone(db: None) -> Callable[..., Any]:
    """``someone("王芳", "gov_street", place="510402001")`` → a person with that appointment since 2020."""
    from wuxie.kernel.parties.models import Appointment, Person

    def make(
        name: str,
        role: str | None = None,
        *,
        organisation: Any = None,
        place: str | None = None,
        subject: str = "",
        **rest: Any,
    ) -> Any:
        person = Person.objects.create(name=name, **rest)
        if role:
            # What was so before the test begins has no line in the journal: the ledger holds only what the test does.
            Appointment.objects.create(
                person=person, role=role, organisation=organisation, place_id=place, subject=subject,
                starts_on=datetime.date(2020, 1, 1),
            )  # fmt: skip
        return person

    return make


@pytest.fixture
def actor(someone: Callable[..., Any]) -> Callable[..., Any]:
    """Like ``someone``, but the acting person of a request."""
    from wuxie.kernel.access.actor import actor_of

    return lambda *args, **rest: actor_of(someone(*args, **rest))


@pytest.fixture
def enter(client: Any, someone: Callable[..., Any]) -> Callable[..., Any]:
    """A browser in which someone with this appointment is signed in: ``enter("王芳", "gov_street", place=…)``."""
    from django.test import Client

    from wuxie.kernel.access.models import Account

    def sign_in(*args: Any, person: Any = None, **rest: Any) -> Client:
        person = person or someone(*args, **rest)
        account = Account.objects.filter(person=person).first() or Account.objects.create_user(
            f"user{person.pk}", "Passw0rd-long", person=person
        )
        browser = Client()
        browser.force_login(account, backend="wuxie.kernel.access.backends.SignInBackend")
        browser.person = person  # type: ignore[attr-defined]
        return browser

    return sign_in


@pytest.fixture
def emptied(transactional_db: None) -> Iterator[None]:
    """A test with real transactions: afterwards the tables are emptied, for which the ledger's guards are lifted."""
    from wuxie.kernel.facts.testing import lift

    yield
    lift()


@pytest.fixture
def empty_database(tmp_path: Path, django_db_setup: None) -> Iterator[str]:
    """The address of a database that ends with the test, for programs of several threads or processes."""
    from django.db import connection

    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'crowd.sqlite3'}"
        return
    import psycopg
    from psycopg import sql

    name = f"wuxie_crowd_{os.getpid()}"
    base = {**connection.settings_dict, "NAME": "postgres"}
    where = psycopg.conninfo.make_conninfo(
        host=base["HOST"], port=base["PORT"], user=base["USER"], password=base["PASSWORD"], dbname=base["NAME"]
    )
    with psycopg.connect(where, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"postgres://{base['USER']}:{base['PASSWORD']}@{base['HOST']}:{base['PORT']}/{name}"
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
