"""Nothing sealed or received can be changed or deleted by SQL, and a guard that went missing is noticed and restored."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, migrations, models, transaction
from django.db.migrations.state import ProjectState

from wuxie.kernel.facts import audit, checks, guards, ledger, sealer
from wuxie.kernel.facts.models import APPEND_ONLY, Fact, Seal
from wuxie.kernel.facts.testing import lifted
from wuxie.kernel.home import CHECKOUT

from .factories import fact, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed(db: None) -> None:
    ledger.announce_many(rows(300))
    sealer.seal()


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model.__name__)
@pytest.mark.parametrize("verb", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"])
def test_the_database_refuses(sealed: None, model: type[models.Model], verb: str) -> None:
    if verb.startswith("TRUNCATE") and connection.vendor == "sqlite":
        verb = "DELETE FROM {0} WHERE 1 = 1"
    before = model._default_manager.count()
    assert before
    connection.check_constraints()  # what is still to be checked would forbid to truncate for another reason
    statement = verb.format(model._meta.db_table, model._meta.pk.column)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert model._default_manager.count() == before


def test_the_orm_is_refused_as_well(sealed: None) -> None:
    one = Fact.objects.latest("id")
    one.note = "改"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        one.save()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Seal.objects.update(root="0" * 64)


def test_guards_are_missed_when_lifted_and_installed_again() -> None:
    assert guards.missing() == []
    with lifted():
        assert guards.missing() == guards.tables()
        report = audit.examine()
        assert [broken.message for broken in report.broken] == [
            f"表 {table} 的防改触发器缺失或被停用。" for table in guards.tables()
        ]
        assert len(checks.guards_stand(databases=["default"])) == len(guards.tables())
        assert len(checks.before_start()) == len(guards.tables())
    assert guards.missing() == []
    assert checks.guards_stand(databases=["default"]) == checks.before_start() == []


def test_the_rights_of_the_service_leave_out_every_table_that_is_guarded() -> None:
    rights = (CHECKOUT / "deploy" / "ledger-rights.sql").read_text("utf-8")
    named = rights.partition(" ON ")[2].partition(" FROM ")[0]
    assert {table.strip() for table in named.split(",")} == set(guards.tables())


def test_a_guard_that_does_nothing_is_no_guard() -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("DROP TRIGGER facts_fact_no_update")
                cursor.execute("CREATE TRIGGER facts_fact_no_update BEFORE UPDATE ON facts_fact BEGIN SELECT 1; END")
            else:
                cursor.execute("ALTER TABLE facts_fact DISABLE TRIGGER facts_fact_guard")
        assert guards.missing() == ["facts_fact"]
        transaction.set_rollback(True)


def test_a_clock_behind_the_last_seal_keeps_the_house_shut() -> None:
    import datetime

    from wuxie.kernel.clock.now import frozen

    fact()
    sealer.seal()
    with frozen(datetime.date(2026, 3, 1)):
        assert "请校准时间后再启动" in checks.before_start()[0]


def test_a_migration_that_alters_the_table_does_not_leave_it_open(emptied: None) -> None:
    """On SQLite the table is made anew and its triggers are gone; ``migrate`` puts them back."""
    altering = migrations.AlterField("Fact", "note", models.TextField("说明", blank=True, default="x"))
    adding = migrations.AddField("Fact", "spare", models.IntegerField(null=True))
    state = ProjectState.from_apps(__import__("django.apps").apps.apps)
    for operation in (altering, adding):
        before, after = state.clone(), state.clone()
        operation.state_forwards("facts", after)
        with connection.schema_editor() as editor:
            operation.database_forwards("facts", editor, before, after)
            if connection.vendor == "sqlite":
                editor._remake_table(after.apps.get_model("facts", "Fact"))
        call_command("migrate", "facts", verbosity=0)
        assert guards.missing() == []
        with connection.schema_editor() as editor:
            operation.database_backwards("facts", editor, after, before)
            if connection.vendor == "sqlite":
                editor._remake_table(before.apps.get_model("facts", "Fact"))
    if connection.vendor == "sqlite":
        assert "facts_fact" in guards.missing()
    call_command("migrate", "facts", verbosity=0)
    assert guards.missing() == []


def test_tables_are_emptied_after_a_test_with_real_transactions(emptied: None) -> None:
    fact()
    assert guards.missing() == []
