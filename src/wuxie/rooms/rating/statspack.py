"""A city's statistics of one cycle as a file for other cities: counts that point at nobody, tied to the sealed ledger.

A pack is Parquet with the columns ``COLUMNS``; a value that is not published is empty. Its metadata (``wuxie.…``) names the city,
the cycle, the standard, the seal that covers the evidence, and the SHA-256 of the rows. Parts:

- ``stars``: projects by stars, for all, by district and by class of estate. Neighbouring stars, and small districts and classes,
  are put together first (``0-1``, ``office+park``); then small cells and some of their neighbours are left out (``suppress``);
- ``loss``: for each indicator the points not earned, per mille of those asked, and the projects asked;
- ``benefit``: how many were promised, due, kept, kept in time.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.facts.queries import last_seal
from wuxie.kernel.places.models import Place
from wuxie.kernel.standards.models import Version
from wuxie.rooms.register.models import Estate

from . import figures, suppress
from .models import Cycle
from .suppress import LEAST

FORMAT = "wuxie-stats-1"
COLUMNS = ("part", "scope", "code", "label", "measure", "value")
TYPES = ("VARCHAR", "VARCHAR", "VARCHAR", "VARCHAR", "VARCHAR", "BIGINT")
#: How the engine is opened: packs are small, and it fetches nothing.
ALONE = {"threads": "1", "autoinstall_known_extensions": "false"}
NEEDED = (
    "format", "city", "city_name", "cycle", "year", "standard", "standard_sha256", "seal_number", "seal_root", "seal_size",
    "least", "content_sha256",
)  # fmt: skip


@dataclass(frozen=True, order=True)
class Row:
    part: str
    scope: str
    code: str
    label: str
    measure: str
    value: int | None


# ── What a city says ────────────────────────────────────────────────────────────────────────────────────────────────


def rows(cycle: Cycle) -> list[Row]:
    """The published figures of a cycle, sorted; ``Problem`` where there are too few projects for any."""
    found = list(
        figures.scored(cycle).order_by("pk").values_list("snapshot__stars", "project__estate__place_id", "klass")
    )
    if len(found) < LEAST:
        raise Problem("few", "$", f"这个周期只有 {len(found)} 个项目有审定的得分，不足 {LEAST} 个，不出统计包。")
    by_stars = Counter(stars for stars, _place, _klass in found)
    levels = suppress.bands([by_stars[n] for n in range(6)])
    made = _stars(found, levels)
    # Nobody may take a count of the same projects away from another and be left with a few.
    at_least = [sum(by_stars[n] for n in range(first, 6)) for first, _last in levels]
    known = [0, len(found), *at_least]
    return sorted([*made, *_losses(cycle, len(found)), *_benefits(cycle, known)], key=_order)


def _order(row: Row) -> tuple[str, ...]:
    return (row.part, row.scope, row.code, row.measure)


def _stars(found: Sequence[tuple[int, str, str]], levels: list[tuple[int, int]]) -> list[Row]:
    band = {n: f"{first}-{last}" if first != last else f"{n}" for first, last in levels for n in range(first, last + 1)}
    totals = Counter(band[stars] for stars, _place, _klass in found)
    made = [Row("stars", "all", "", "", "all", len(found))]
    made += [Row("stars", "all", "", "", name, totals[name]) for name in dict.fromkeys(band.values())]
    districts = dict(Place.objects.filter(code__in={place[:6] for _s, place, _k in found}).values_list("code", "name"))
    klasses = {value: str(label) for value, label in Estate.Klass.choices}
    for scope, labels, codes in (
        ("district", districts, [place[:6] for _stars, place, _klass in found]),
        ("klass", klasses, [klass for _stars, _place, klass in found]),
    ):
        groups = {code: "+".join(group) for group in suppress.merged(Counter(codes)) for code in group}
        cells = Counter((groups[code], band[one[0]]) for code, one in zip(codes, found, strict=True))
        every = {(group, name): cells[group, name] for group in set(groups.values()) for name in set(band.values())}
        out = suppress.hidden(every)
        for group in set(groups.values()):
            label = "、".join(str(labels.get(code, code)) for code in group.split("+"))
            whole = sum(n for (one, _name), n in every.items() if one == group)
            made.append(Row("stars", scope, group, label, "all", whole))
            made += [
                Row("stars", scope, group, label, name, None if (one, name) in out else n)
                for (one, name), n in every.items()
                if one == group
            ]
    return made


def _losses(cycle: Cycle, projects: int) -> Iterable[Row]:
    known = {0, projects}
    for one in sorted(figures.losses(cycle), key=lambda one: (-one.projects, one.id)):
        if one.projects < LEAST:
            continue
        said = suppress.apart(one.projects, known)
        if said:
            known.add(one.projects)
        per_mille = (Fraction(1000) * one.lost / one.points * 2 + 1) // 2
        yield Row("loss", "indicator", one.id, one.label, "lost_per_mille", int(per_mille))
        yield Row("loss", "indicator", one.id, one.label, "projects", one.projects if said else None)


def _benefits(cycle: Cycle, projects: Iterable[int]) -> Iterable[Row]:
    """Each kind's counts, whoever owes it, beside one another and beside the stars they go with."""
    everywhere = set(projects)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for one in figures.fulfilment(cycle):
        counts[one.label].update(promised=one.promised, due=one.due, kept=one.kept, in_time=one.in_time)
    for label, found in sorted(counts.items()):
        if not suppress.apart(found["promised"], everywhere):
            yield Row("benefit", "benefit", label, label, "promised", None)
            continue
        everywhere.add(found["promised"])
        yield Row("benefit", "benefit", label, label, "promised", found["promised"])
        known = set(everywhere)
        for measure in ("due", "kept", "in_time"):
            said = suppress.apart(found[measure], known)
            yield Row("benefit", "benefit", label, label, measure, found[measure] if said else None)
            if said:
                known.add(found[measure])


def digest(found: Iterable[Row]) -> str:
    """SHA-256 of the rows as lines of JSON, in the order of the file."""
    lines = "".join(json.dumps(astuple(row), ensure_ascii=False, separators=(",", ":")) + "\n" for row in found)
    return hashlib.sha256(lines.encode()).hexdigest()


def export(cycle: Cycle, path: Path) -> dict[str, str]:
    """Write a cycle's pack; the metadata that it carries. ``Problem`` where the evidence is not sealed yet."""
    unsealed = figures.scored(cycle).filter(snapshot__seal="").count()
    seal = last_seal()
    if unsealed or seal is None:
        raise Problem(
            "state", "$", f"还有 {unsealed} 个项目的快照没有封存。请先运行 wuxie ledger seal，再等后台记下封存号。"
        )
    standard = Version.objects.published().keyed(cycle.standard)
    if standard is None:
        raise Problem("reference", "$", f"标准 {cycle.standard} 没有发布，不能出统计包。请先核对周期的标准。")
    found = rows(cycle)
    place = Place.objects.filter(code=cycle.place_code).first()
    known = {
        "format": FORMAT, "city": cycle.place_code, "city_name": str(place.name) if place else "", "cycle": str(cycle.pk),
        "year": str(cycle.year), "standard": standard.key, "standard_sha256": standard.sha256, "seal_number": str(seal.number),
        "seal_root": seal.root, "seal_size": str(seal.size), "least": str(LEAST), "content_sha256": digest(found),
    }  # fmt: skip
    _write(found, known, path)
    return known


def _write(found: Sequence[Row], known: dict[str, str], path: Path) -> None:
    """All or nothing: a file that is half written takes no one's place."""
    import duckdb  # a heavy module that only these files need

    half = path.with_name(path.name + ".part")
    columns = ", ".join(f"{name} {sort}" for name, sort in zip(COLUMNS, TYPES, strict=True))
    said = ", ".join(f"'wuxie.{name}': {_text(value)}" for name, value in known.items())
    try:
        with duckdb.connect(":memory:", config=ALONE) as db:
            db.execute(f"CREATE TABLE pack ({columns})")
            db.executemany("INSERT INTO pack VALUES (?, ?, ?, ?, ?, ?)", [list(astuple(row)) for row in found])
            db.execute(f"COPY pack TO {_text(str(half.resolve()))} (FORMAT parquet, KV_METADATA {{{said}}})")
        half.replace(path)
    except (duckdb.Error, OSError) as fault:
        half.unlink(missing_ok=True)
        raise Problem("json", "$", f"写不了文件 {path}。请检查文件夹是否存在、是否可写。") from fault


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


# ── What several cities say beside one another ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Pack:
    path: Path
    known: dict[str, str]
    rows: list[Row]


def read(path: Path) -> Pack:
    """A pack, refused unless its rows are those that its metadata speaks of."""
    import duckdb

    if not path.is_file():
        raise Problem("json", "$", f"读不到文件 {path}。请检查文件名。")
    place = _text(str(path.resolve()))
    try:
        with duckdb.connect(":memory:", config=ALONE) as db:
            pairs = db.execute("SELECT key, value FROM parquet_kv_metadata(?)", [str(path.resolve())]).fetchall()
            known = {
                _plain(key).removeprefix("wuxie."): _plain(value)
                for key, value in pairs
                if _plain(key).startswith("wuxie.")
            }
            missing = [name for name in NEEDED if not known.get(name) and name != "city_name"]
            if missing or known["format"] != FORMAT:
                raise Problem("missing", "$", f"{path} 不是物协的统计包。请用 wuxie stats export 重新导出。")
            wanted = f"SELECT {', '.join(COLUMNS)} FROM read_parquet({place})"  # noqa: S608 (a quoted file name)
            found = [Row(*row) for row in db.execute(wanted).fetchall()]
    except duckdb.Error:
        raise Problem("json", "$", f"{path} 不是完好的统计包。请向发布它的城市重新索取。") from None
    if digest(found) != known["content_sha256"]:
        raise Problem("reference", "$", f"{path} 的内容和它的摘要对不上，可能被改过。请向发布它的城市重新索取。")
    small = [
        row for row in found if row.value is not None and row.measure != "lost_per_mille" and 0 < row.value < LEAST
    ]
    if small:
        raise Problem("range", "$", f"{path} 里有不足 {LEAST} 的格子，不能用。请发布它的城市重新导出。")
    return Pack(path, known, found)


def _plain(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, (bytes, bytearray)) else str(value)


#: Written once for every engine: whole numbers only, ordered by code points. Shares are per mille of a city's projects, half up.
QUERY = """
SELECT p.part, p.scope, p.code, p.measure, p.city, p.cycle, p.value,
  CASE WHEN p.part = 'stars' THEN CAST((p.value * 2000 + t.n - MOD(p.value * 2000 + t.n, 2 * t.n)) / (2 * t.n) AS BIGINT) END AS per_mille,
  COUNT(p.value) OVER (PARTITION BY p.part, p.scope, p.code, p.measure) AS cities,
  MIN(p.value) OVER (PARTITION BY p.part, p.scope, p.code, p.measure) AS lowest,
  MAX(p.value) OVER (PARTITION BY p.part, p.scope, p.code, p.measure) AS highest
FROM packs p
JOIN (SELECT city, cycle, value AS n FROM packs WHERE part = 'stars' AND scope = 'all' AND measure = 'all') t
  ON t.city = p.city AND t.cycle = p.cycle
ORDER BY p.part, p.scope, p.code, p.measure, p.city, p.cycle
"""
COMPARED = ("part", "scope", "code", "measure", "city", "cycle", "value", "per_mille", "cities", "lowest", "highest")


def compare(packs: Sequence[Pack], *, engine: str = "duckdb") -> list[tuple[Any, ...]]:
    """The rows of several packs beside one another; the same from either engine."""
    seen: dict[tuple[str, str], Path] = {}
    for one in packs:
        key = (one.known["city"], one.known["year"])
        if key in seen:
            raise Problem("duplicate", "$", f"{one.path} 和 {seen[key]} 是同一个城市同一年的。请留一个。")
        seen[key] = one.path
    return _by_spark(packs) if engine == "spark" else _by_duckdb(packs)


def _union(sources: Iterable[tuple[Pack, str]]) -> str:
    return " UNION ALL ".join(
        f"SELECT {_text(pack.known['city'])} AS city, {_text(pack.known['year'])} AS cycle, {', '.join(COLUMNS)} FROM {source}"  # noqa: S608
        for pack, source in sources
    )


def _by_duckdb(packs: Sequence[Pack]) -> list[tuple[Any, ...]]:
    import duckdb

    sources = [(one, f"read_parquet({_text(str(one.path.resolve()))})") for one in packs]
    with duckdb.connect(":memory:", config=ALONE) as db:
        db.execute(f"CREATE VIEW packs AS {_union(sources)}")
        return [tuple(row) for row in db.execute(QUERY).fetchall()]


def _by_spark(packs: Sequence[Pack]) -> list[tuple[Any, ...]]:
    from wuxie.kernel.standards.spark import session

    spark = session()
    sources = []
    for number, one in enumerate(packs):
        spark.read.parquet(one.path.resolve().as_uri()).createOrReplaceTempView(f"pack_{number}")
        sources.append((one, f"pack_{number}"))
    spark.sql(_union(sources)).createOrReplaceTempView("packs")
    return [tuple(row) for row in spark.sql(QUERY).collect()]
