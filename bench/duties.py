"""A city's duties of one day laid down, beside a bare bulk insert of the same rows into the same table.

1,500 estates with everything a library can ask for, in a home of their own. The day is a Monday and the first of a month in
the swimming season: shifts, days, the week and what runs of longer periods.
"""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .figures import Figure, once, spread

ESTATES = 1500
DAY = datetime.date(2026, 6, 1)
RUNS = 5


def city() -> None:
    """One list through the actions, and all the others as copies of its rows."""
    from wuxie.kernel.access.actor import Actor, Seat
    from wuxie.kernel.clock.now import frozen
    from wuxie.kernel.parties.models import Organisation
    from wuxie.kernel.places.models import Place
    from wuxie.rooms.register.models import Estate, Project
    from wuxie.rooms.safety import library
    from wuxie.rooms.safety.actions import lists
    from wuxie.rooms.safety.actions.library import publish_shipped
    from wuxie.rooms.safety.models import Duty, DutyList, ListPost
    from wuxie.rooms.safety.words import Equipment

    place, _new = Place.objects.get_or_create(code="510402001001", defaults={"name": "例社区", "level": 4})
    company = Organisation.objects.create(kind="company", name="例物业服务有限公司", short_name="例物业")
    estates = Estate.objects.bulk_create(
        [Estate(name=f"例小区{n}", code=f"BENCH{n}", place=place) for n in range(ESTATES)], batch_size=500
    )
    keeper = Actor("person:1", "例管理员", seats=(Seat("company_admin", company.pk),))
    since = datetime.date(2020, 1, 1)
    projects = Project.objects.bulk_create(
        [Project(estate=one, company=company, starts_on=since) for one in estates], batch_size=500
    )
    first = publish_shipped()
    lists.keep_profile(projects[0], by=keeper, equipment={one.value: 1 for one in Equipment})
    wishes = {
        post.code: {"way": "outsourced", "shifts": post.shifts, "contractor": "例单位"}
        for post in library.posts(first.document)
    }
    own = projects[0].posts.create(kind="project_manager", name="项目经理")
    wishes["PM"] = {"way": "combined", "shifts": "day", "post": own.pk}
    lists.tailor(projects[0], by=keeper, posts=wishes, dropped={})
    with frozen(DAY - datetime.timedelta(days=1)):
        made = lists.put_in_force(projects[0], by=keeper, starts_on=DAY, reason="例")
    copies = DutyList.objects.bulk_create([_copy(made, project=project) for project in projects[1:]], batch_size=500)
    posts = list(made.posts.all())
    placed = ListPost.objects.bulk_create(
        [_copy(post, duty_list=one) for one in copies for post in posts], batch_size=500
    )
    duties = {post.pk: list(post.duties.all()) for post in posts}
    rows = (
        _copy(duty, list_post=at) for number, at in enumerate(placed) for duty in duties[posts[number % len(posts)].pk]
    )
    Duty.objects.bulk_create(rows, batch_size=500)


def _copy(row: Any, **changes: Any) -> Any:
    """The row anew, with another parent."""
    known = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}
    for name in changes:
        known.pop(f"{name}_id", None)
    return type(row)(**(known | changes))


def figures(folder: Path) -> Iterator[Figure]:
    """In a process of its own, since a process has one home."""
    home = folder / "duties-home"
    home.mkdir()
    environment = {key: value for key, value in os.environ.items() if key not in ("WUXIE_DEMO", "DATABASE_URL")}
    made = subprocess.run(
        [sys.executable, "-m", "bench.duties"],
        env=environment | {"WUXIE_HOME": str(home)},
        check=True,
        capture_output=True,
    )
    found = json.loads(made.stdout.splitlines()[-1])
    yield Figure(
        "duties", f"{found['rows']:,} duties of {ESTATES:,} estates laid down", spread(found["ours"]), spread(found["bare"]),
        "executemany of the same rows into the same table", factor=2, unit="s",
    )  # fmt: skip


def measured() -> dict[str, Any]:
    """Seconds of each run, ours and the bare one in turn, and the rows that both write."""
    from django.db import connection, transaction

    from wuxie.rooms.safety.actions.night import lay_down
    from wuxie.rooms.safety.models import Instance, Night

    table = connection.ops.quote_name(Instance._meta.db_table)
    names = [field.column for field in Instance._meta.concrete_fields if not field.primary_key]
    insert = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))})"
    rows: list[tuple[Any, ...]] = []

    def clear() -> None:
        Instance.objects.all()._raw_delete("default")
        Night.objects.all().delete()

    def bare() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(insert, rows)

    spent: dict[str, Any] = {"ours": [], "bare": []}
    for _run in range(RUNS):
        spent["ours"].append(once(lambda: lay_down(DAY))[0])
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(names)} FROM {table}")
            rows = cursor.fetchall()
        clear()
        spent["bare"].append(once(bare)[0])
        clear()
    return spent | {"rows": len(rows)}


def main() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "wuxie.config.settings"
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    city()
    print(json.dumps(measured()))


if __name__ == "__main__":
    main()
