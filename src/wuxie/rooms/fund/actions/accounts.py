"""Balances as the fund centre's sheet has them: written together, all or none; who has to top up is told of."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import today
from wuxie.kernel.labels import Sentence
from wuxie.kernel.notify.tell import tell
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.rooms.register.models import Estate, Project
from wuxie.rooms.register.queries import serving_many

from .. import law, queries, rules
from ..models import CENTER, Account

TOP_UP = Sentence(gettext_noop("%(n)s 户的维修资金低于续交线：%(what)s"))


@transaction.atomic
def write_many(rows: list[dict[str, Any]], *, by: Actor) -> int:
    """Set what was deposited and what is left; every row names a unit (``unit``) of an estate of one's own area."""
    estates = {row["estate"] for row in rows}
    if not by.holds(*ASSOCIATION[:1]):
        theirs = set(Estate.objects.filter(by.within("place_id", CENTER), pk__in=estates).values_list("pk", flat=True))
        for row in rows:
            if row["estate"] not in theirs:
                raise Problem("access", "$.estate", _("第 %(row)s 行的小区不在你管的地方。") % {"row": row["row"]})
    were = set(Account.objects.filter(queries.below_line(), unit__estate__in=estates).values_list("unit", flat=True))
    Account.objects.bulk_create(
        [Account(unit_id=row["unit"], deposited=row["deposited"], balance=row["balance"], as_of=row["as_of"]) for row in rows],
        update_conflicts=True, unique_fields=["unit"], update_fields=["deposited", "balance", "as_of"], batch_size=500,
    )  # fmt: skip
    line = queries.ratio("top_up")
    low = Counter(
        row["estate"]
        for row in rows
        if row["unit"] not in were and law.needs_top_up(row["deposited"], row["balance"], line)
    )
    for estate, project in serving_many(sorted(low), today()).items():
        tell_low(
            project, low[estate], key=f"topup:{estate}:{max(row['as_of'] for row in rows if row['estate'] == estate)}"
        )
    return len(rows)


def tell_low(project: Project, count: int, *, key: str) -> None:
    """Tell who serves the estate and who acts for its owners that so many accounts fell below the line."""
    people = sorted({pk for who in (rules.keeper, rules.organiser) for pk in who.people(project)})
    tell(people, TOP_UP(n=count, what=project.estate.name), link=f"/fund/estates/{project.estate_id}/", key=key)
