"""The two credit standards as documents, composed from their published lines; and how long a line counts. Pure and exact.

A company's score is ``base + good (capped) − bad``, kept within 0 and ``most`` (catalogue of credit, modelled on provincial schemes). A
fact counts in the score of a day if it lies within the line's months before the evening before that day: so a fact of 10 January with six
months counts for the last time on 10 July. Many projects see more: general and grave lines are scaled by 1/(1 + ln n), as bands of n.
"""

from __future__ import annotations

import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from wuxie.kernel.clock.days import add_months

LINES = Path(__file__).parent / "data" / "credit-lines.yaml"
STATUTORY, ASSOCIATION = "statutory", "association"
NAMES = {STATUTORY: "company-credit", ASSOCIATION: "company-self-discipline"}
LABELS = {STATUTORY: "企业信用评价标准（示范）", ASSOCIATION: "协会自律评价标准（示范）"}
TRUST = {STATUTORY: "authority_document", ASSOCIATION: "association_verified"}
REPAIRED, PROJECTS, NEWCOMER = "credit.repaired", "credit.projects_served", "credit.newcomer"
#: The rule under which whoever is new to the city gets B at best.
FIRST_YEAR = "N"
#: 1/(1 + ln n) to four decimals for n projects; not below 0.3.
SCALE = (
    (11, "0.3"), (10, "0.3028"), (9, "0.3128"), (8, "0.3247"), (7, "0.3395"), (6, "0.3582"), (5, "0.3832"), (4, "0.4191"), (3, "0.4765"),
    (2, "0.5906"), (0, "1"),
)  # fmt: skip
#: Grade → stars of the standard's language and back.
GRADES = {4: "A", 3: "B", 2: "C", 1: "D"}
MIDDLE = {4: 90, 3: 75, 2: 60, 1: 0}
MEANING = {4: "守信", 3: "良好", 2: "一般", 1: "失信"}


@lru_cache(maxsize=1)
def book() -> dict[str, Any]:
    """The lines with base and caps."""
    found: dict[str, Any] = yaml.safe_load(LINES.read_text("utf-8"))
    return found


def lines(dimension: str = "") -> list[dict[str, Any]]:
    return [one for one in book()["lines"] if dimension in ("", one["dimension"])]


def line(name: str) -> dict[str, Any]:
    """One line by its id; ``KeyError`` without it."""
    try:
        return next(one for one in book()["lines"] if one["id"] == name)
    except StopIteration:
        raise KeyError(name) from None


def is_good(one: dict[str, Any]) -> bool:
    return bool(one["points"] > 0)


def scale() -> str:
    """The scale of the lines that grow with the number of projects, as a formula."""
    rows = ", ".join(f"[{least}, {share}]" for least, share in SCALE)
    return f"bands(active('{PROJECTS}'), [{rows}])"


def formula(one: dict[str, Any]) -> str:
    """What one line adds (or, without its sign, takes) before any scale."""
    kind, months = one["kind"], one["months"]
    points = str(abs(one["points"]))
    if is_good(one):
        return f"min({one['cap']}, {points} * count('{kind}', {months}))"
    taken = f"{points} * {standing(one)}"
    return f"min({one['cap']}, {taken})" if one.get("cap") else taken


def standing(one: dict[str, Any]) -> str:
    """How much of a bad line stands: what was found, less what was repaired of the same day."""
    cancelled = one.get("cancelled_by") or f"{REPAIRED}.{one['id']}"
    return f"max(0, sum('{one['kind']}', {one['months']}) - sum('{cancelled}', {one['months']}))"


def _sum(parts: list[str]) -> str:
    """A balanced sum: the language allows no tower of brackets."""
    if len(parts) <= 1:
        return parts[0] if parts else "0"
    middle = len(parts) // 2
    return f"({_sum(parts[:middle])} + {_sum(parts[middle:])})"


def whole(dimension: str) -> str:
    """The formula of a dimension: all of its lines."""
    good = [one for one in lines(dimension) if is_good(one)]
    shared: dict[str, list[dict[str, Any]]] = {}
    for one in good:
        shared.setdefault(one.get("share", one["id"]), []).append(one)
    gains = [
        formula(group[0])
        if len(group) == 1
        else f"min({max(one['cap'] for one in group)}, {_sum([formula(one) for one in group])})"
        for group in shared.values()
    ]
    bad = [one for one in lines(dimension) if not is_good(one)]
    light = _sum([formula(one) for one in bad if one["level"] != "serious"])
    serious = _sum([formula(one) for one in bad if one["level"] == "serious"])
    most = book()["good_most"]
    scaled = f"{scale()} * {light}" if dimension == STATUTORY else light
    return f"{book()['base']} + min({most}, {_sum(gains)}) - {scaled} - {serious}"


def document(dimension: str) -> dict[str, Any]:
    """The standard of one dimension, ready to be imported and published. ``wanted`` has its lines with formula, for those who explain."""
    most = book()["most"]
    shown = ("id", "label", "points", "months")
    wanted = [
        {**{key: one[key] for key in shown}, "level": one.get("level", ""), "formula": formula(one)}
        for one in lines(dimension)
    ]
    found: dict[str, Any] = {
        "standard": NAMES[dimension], "version": book()["version"], "label": LABELS[dimension], "subject": "company", "min_trust": TRUST[dimension],
        "note": "当天的分按前一天日终的事实算；有效期内计分，期满不计。",
        "groups": [{"id": "S", "label": "得分", "points": most, "indicators": [
            {"id": "S1", "label": "得分", "points": most, "formula": whole(dimension), "wanted": wanted,
             "text": "基础分加良好行为（封顶），减不良行为；一般和较重的按在管项目数折算，严重的不折算。"},
        ]}],
        "grades": [{"stars": stars, "min": str(MIDDLE[stars]), "label": f"{GRADES[stars]} {MEANING[stars]}"} for stars in GRADES],
    }  # fmt: skip
    if dimension == STATUTORY:
        serious = _sum([standing(one) for one in lines(dimension) if one.get("level") == "serious"])
        found["vetoes"] = [
            {"id": FIRST_YEAR, "label": "新入市，首年观察", "when": f"active('{NEWCOMER}') > 0", "max_stars": 3},
            {"id": "C", "label": "有效期内有严重不良行为", "when": f"{serious} > 0", "max_stars": 2},
            {"id": "D", "label": "较大安全事故或列入严重失信主体名单", "max_stars": 1,
             "when": f"{standing(line('B14'))} > 0 or {standing(line('D01'))} > 0"},
        ]  # fmt: skip
    return found


def last_day(issued: datetime.date, months: int) -> datetime.date:
    """The last day in whose score a fact of ``issued`` counts: the inverse of the language's months, a day later for the evening before."""
    day = add_months(issued, months) - datetime.timedelta(days=2)
    while add_months(day + datetime.timedelta(days=1), -months) < issued:
        day += datetime.timedelta(days=1)
    return day + datetime.timedelta(days=1)


def public_until(issued: datetime.date, months: int, most: int) -> datetime.date:
    """The last day on which a bad record may be shown to everybody (Order 36 of 2026): never longer than it counts."""
    return min(last_day(issued, months), add_months(issued, most))
