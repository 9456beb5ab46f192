"""The database chooses its ways by what is there, not by what was there when its tables were made."""

import pytest
from django.db import connection

from wuxie.kernel.custody import planner
from wuxie.kernel.notify.models import Message

pytestmark = pytest.mark.django_db


def known() -> int:
    """How many rows the database believes to be in the table of messages."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'")
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = 'notify_message'")
        return max((int(row[0].split()[0]) for row in cursor.fetchall()), default=0)


def test_after_a_load_the_database_knows_how_many_rows_there_are(django_assert_num_queries):
    if connection.vendor != "sqlite":  # PostgreSQL counts its rows by itself
        with django_assert_num_queries(0):
            planner.refresh()
        return
    before = known()
    Message.objects.bulk_create(Message(person_key=f"person:{n}", key=f"k{n}", title="通知") for n in range(400))
    planner.refresh()
    assert known() == before + 400
