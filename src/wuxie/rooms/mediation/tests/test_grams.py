"""A word is found by its pairs of signs: the same disputes as by reading each, after every way a text may change."""

import random

import pytest
from django.db import connection

from wuxie.kernel import grams
from wuxie.kernel.search import plain
from wuxie.web.tables import page, searching

from ..models import Dispute
from .factories import dispute

SIGNS = "漏水停电梯门禁车位外墙12a栋-"


def found(text):
    """The same whether all that are found are fetched or rows are gone through and looked up among them."""
    fetched, walked = (
        set(searching.holding(Dispute.objects.all(), ["search"], text, walk=walk).values_list("pk", flat=True))
        for walk in (False, True)
    )
    assert fetched == walked
    return fetched


def read(text):
    words = [plain(word) for word in text.split()]
    return {pk for pk, held in Dispute.objects.values_list("pk", "search") if all(word in held for word in words)}


@pytest.fixture
def many(world):
    chance = random.Random(20261130)
    for _ in range(40):
        dispute(world.project, title="".join(chance.choices(SIGNS, k=12)))
    return chance


def test_the_same_are_found_as_by_reading_every_row(many):
    asked = ["".join(many.choices(SIGNS, k=many.randint(1, 3))) for _ in range(60)]
    asked += [f"{many.choice(asked)} {many.choice(asked)}" for _ in range(20)]
    for text in asked:
        assert found(text) == read(text), text
    assert any(0 < len(read(text)) < 40 for text in asked)


@pytest.mark.parametrize(
    "text", ["“漏水”", '"', "漏'水", "漏* OR 水", "漏水) OR (1", "NOT 水", "𬺈水", "·", "%", "_", "漏\\水"]
)
def test_no_sign_that_is_typed_is_a_command(many, text):
    assert found(text) == read(text)


def test_a_new_title_is_found_and_the_old_one_is_not(world):
    case = dispute(world.project, title="楼道照明不亮")
    case.title = "水泵停用"
    case.index().save()
    assert (found("水泵停"), found("照明")) == ({case.pk}, set())


#: What a migration or a hand may take away.
DROPPED = {
    "sqlite": [f"DROP TRIGGER mediation_dispute_words_{verb}" for verb in ("insert", "update", "delete")],
    "postgresql": ["DROP INDEX mediation_dispute_words"],
}


def test_what_a_migration_dropped_is_put_back_with_what_was_written_meanwhile(world):
    with connection.cursor() as cursor:
        for statement in DROPPED[connection.vendor]:
            cursor.execute(statement)
    case = dispute(world.project, title="屋面漏水")
    assert found("屋面") == (set() if connection.vendor == "sqlite" else {case.pk})
    connection.check_constraints()  # PostgreSQL makes no index while references wait to be looked at
    grams.install()
    assert found("屋面") == {case.pk}
    case.title = "门禁失灵"
    case.index().save()
    assert found("屋面") == set()


def test_a_page_of_what_many_have_is_the_newest_of_them(browser, many, monkeypatch):
    monkeypatch.setattr(page, "FEW", 2)
    wanted = [
        pk for pk in Dispute.objects.order_by("-opened_at", "-pk").values_list("pk", flat=True) if pk in read("水")
    ]
    shown = browser("office").get("/mediation/", {"q": "水"}).context["shown"]
    assert [row.pk for row in shown.lines] == wanted and len(wanted) > 2
