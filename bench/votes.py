"""The page that a committee opens each evening of a vote, for an estate of 5,000 units, beside a bare grouping of the same rows.

The estate is laid into the loaded city within a transaction that is taken back.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .figures import Figure, timed
from .pages import TIMES, client

UNITS, BUILDINGS, ENTRANCES, FLOORS = 5_000, 20, 5, 25
#: Of ten doors so many have a paper that was collected.
COLLECTED = 6


def vote() -> Any:
    """A vote in which papers are being collected, with its roll and ballots; the demo's committee holds it."""
    from wuxie.kernel.access.models import Account
    from wuxie.kernel.clock.now import now
    from wuxie.kernel.parties.models import Appointment
    from wuxie.rooms.assembly.models import Ballot, Decision, Entry
    from wuxie.rooms.register.models import Building, Estate, Unit

    like = Decision.objects.filter(state=Decision.State.COLLECTING).latest("pk")
    person = Account.objects.get(username="yeweihui").person
    estate = Estate.objects.create(name="例小区", code="BENCHVOTE", place=like.estate.place)
    Appointment.objects.create(person=person, role="committee_member", subject=estate.key, starts_on=like.opens_on)
    buildings = Building.objects.bulk_create([Building(estate=estate, name=f"{n}栋") for n in range(BUILDINGS)])
    places = [
        (buildings[n % BUILDINGS], n // BUILDINGS % ENTRANCES, n // (BUILDINGS * ENTRANCES)) for n in range(UNITS)
    ]
    units = Unit.objects.bulk_create(
        [
            Unit(
                estate=estate, building=building, entrance=f"{entrance}单元", floor=n // 2 + 1, number=f"{n // 2 + 1}0{n % 2 + 1}",
                area=5_000 + 7 * n, area_source="certificate", status="delivered", use="home",
            )
            for building, entrance, n in places
        ],
        batch_size=500,
    )  # fmt: skip
    made = Decision.objects.create(
        estate=estate, title="例表决", organiser=like.organiser, state=like.state, place_code=estate.place_id, opened_at=now(), changed_at=now(),
        opens_on=like.opens_on, closes_at=like.closes_at, secret="例",
    )  # fmt: skip
    entries = Entry.objects.bulk_create(
        [
            Entry(
                decision=made, unit=unit, label=str(n), block=unit.building_id, building=f"{n % BUILDINGS}栋", entrance=unit.entrance, floor=unit.floor,
                number=unit.number, area=unit.area, area_source=unit.area_source, status=unit.status, use=unit.use, head=f"u{n}", paper=f"{n:05d}",
                door="collected" if n % 10 < COLLECTED else "delivered",
            )
            for n, unit in enumerate(units)
        ],
        batch_size=500,
    )  # fmt: skip
    Ballot.objects.bulk_create(
        [
            Ballot(
                decision=made, entry=entry, issue=1, state="collected", capacity="owner", collector=person, second=person, collected_at=now(),
                envelope_sha256=f"{n:064d}",
            )
            for n, entry in enumerate(entries)
            if entry.door == "collected"
        ],
        batch_size=500,
    )  # fmt: skip
    return made


def figures(times: int = TIMES) -> Iterator[Figure]:
    from django.db import connection, transaction

    from wuxie.rooms.assembly.models import Entry

    table = connection.ops.quote_name(Entry._meta.db_table)

    with transaction.atomic():
        case = vote()

        def grouped() -> None:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT building, entrance, door, count(*), sum(area), count(DISTINCT head) FROM {table} WHERE decision_id = %s GROUP BY 1, 2, 3",
                    [case.pk],
                )
                cursor.fetchall()

        bare, browser = timed(grouped, times), client("yeweihui")
        path = f"/votes/{case.pk}/participation/"
        assert browser.get(path).status_code == 200
        ours = timed(lambda: browser.get(path), times)
        yield Figure(
            "page",
            f"participation of a vote of {UNITS:,} units",
            ours,
            bare,
            "a GROUP BY of its roll by entrance and door",
            most=300,
        )
        transaction.set_rollback(True)
