from __future__ import annotations

import datetime

import pytest
from django.db import connection

from wuxie.kernel.clock.now import frozen
from wuxie.kernel.facts import kinds
from wuxie.kernel.workflow import engine

from . import procedure


@pytest.fixture(scope="session")
def _table(django_db_setup, django_db_blocker):
    """The trial procedure and its table, for this run of the tests only."""
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        editor.create_model(procedure.Request)
    kinds.register(*procedure.KINDS.values())
    return procedure.table()


@pytest.fixture
def trial(_table, city):
    return _table


@pytest.fixture
def people(trial, actor):
    """Who answers, who asks, who stands above, and one with no business here."""
    return {
        "street": actor("王街", "gov_street", place="510402001"),
        "asker": actor("李社", "gov_community", place="510402001001"),
        "district": actor("赵区", "gov_district", place="510402"),
        "stranger": actor("钱外", "gov_street", place="510402002"),
    }


@pytest.fixture
def request_case(trial, people):
    """A request of Friday, 18 September 2026."""
    with frozen(datetime.date(2026, 9, 18)):
        case = procedure.Request(place_code="510402001001")
        return engine.open_case(trial, case, by=people["asker"])
