"""An act under a key happens once; whoever sends again gets the first answer; other content is refused."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.once.actions import Answer, Key, kept, once
from wuxie.kernel.once.models import Answered
from wuxie.kernel.places.models import Place

from .crowd import ROUNDS


def key(text: str = "k", content: bytes = b"one", scope: str = "form /x person:1") -> Key:
    return Key(scope, text, content)


class Act:
    """Makes a place; says which turn it was."""

    def __init__(self, fails: bool = False) -> None:
        self.turns, self.fails = 0, fails

    def __call__(self) -> Answer:
        self.turns += 1
        Place.objects.create(code=f"99{self.turns:02d}", name="试", level=1)
        if self.fails:
            raise ValueError("refused")
        return {"to": f"/receipt/{self.turns}/"}


@pytest.mark.django_db
def test_a_key_sent_again_acts_no_more_and_gets_the_first_answer() -> None:
    act = Act()
    assert kept(key()) is None
    assert [once(key(), act) for _again in range(3)] == [{"to": "/receipt/1/"}] * 3
    assert (act.turns, Place.objects.filter(name="试").count(), kept(key())) == (1, 1, {"to": "/receipt/1/"})


@pytest.mark.django_db
def test_other_content_under_a_used_key_is_refused_in_words() -> None:
    act = Act()
    once(key(), act)
    for ask in (lambda: once(key(content=b"two"), act), lambda: kept(key(content=b"two"))):
        with pytest.raises(Problem) as refused:
            ask()
        assert (refused.value.code, "没有再办" in refused.value.message) == ("key_reused", True)
    assert act.turns == 1


@pytest.mark.django_db
def test_another_person_or_place_has_keys_of_its_own() -> None:
    act = Act()
    once(key(), act)
    assert once(key(content=b"two", scope="form /x person:2"), act) == {"to": "/receipt/2/"}


@pytest.mark.django_db
def test_an_act_that_refuses_keeps_nothing_and_may_be_tried_again() -> None:
    with pytest.raises(ValueError, match="refused"):
        once(key(), Act(fails=True))
    assert (Answered.objects.count(), Place.objects.filter(name="试").count()) == (0, 0)
    assert once(key(), Act()) == {"to": "/receipt/1/"}


@pytest.mark.django_db
def test_a_key_never_expires() -> None:
    act = Act()
    once(key(), act)
    Answered.objects.update(at=datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC))
    assert once(key(), act) == {"to": "/receipt/1/"}


@pytest.mark.django_db
def test_neither_key_nor_content_can_be_read_from_the_table() -> None:
    once(key("k-13912345678", "电话 13912345678".encode()), Act())
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM once_answered")
        row = repr(cursor.fetchall())
    assert "13912345678" not in row and "电话" not in row


def test_of_eight_threads_with_one_key_one_acts(empty_database: str, tmp_path: Path) -> None:
    """On a real database of their own: the same content gets the same answer, other content is refused."""
    environment = {
        **os.environ,
        "DATABASE_URL": empty_database,
        "WUXIE_HOME": str(tmp_path / "home"),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run(
        [sys.executable, "-m", "wuxie.kernel.once.tests.crowd"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "same": {"acts": ROUNDS, "first answer": 8 * ROUNDS},
        "other": {"acts": ROUNDS, "first answer": ROUNDS, "key_reused": 7 * ROUNDS},
    }


@pytest.mark.django_db
def test_what_was_answered_is_named_by_its_key():
    once(key(), Act())
    one = Answered.objects.get()
    assert str(one) == one.pk
