"""The library of duties and hazards: read from its two files, checked to the last word, and handed out as plain objects.

What is not understood is refused with its place and the mend; nothing is guessed and nothing left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wuxie.kernel import labels
from wuxie.kernel.calc import documents as read
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.standards import words as standards
from wuxie.kernel.standards.document import load_yaml
from wuxie.rooms.register.models import Post as RegisteredPost

from .words import MINUTES, Area, Equipment, Event, Every, Level, Only, PlaceKind, Proof, Scope, Shifts

DATA = Path(__file__).parent / "data"
CODE = re.compile(r"[A-Z][A-Z_]*[A-Z]")
MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
#: Who is meant by codes that are no post of a project.
OFFICES = {
    "PM": "project_manager", "SAFETY_DIR": "safety_director", "community": "gov_community",
    "guard_lead": "lead:guard", "garden_lead": "lead:greening", "on_duty": "post:guard",
}  # fmt: skip
#: Posts of the whole company, of which the library names no kind; they stand on the list of one of its projects.
COMPANY_KINDS = {"PRINCIPAL": RegisteredPost.Kind.PRINCIPAL, "SAFETY_DIR": RegisteredPost.Kind.DIRECTOR}
#: The longest sentence that fits on a phone.
LONGEST = 60

POST = ("id", "label", "duties")
POST_MORE = ("scope", "kind", "shifts", "needs", "season", "certificate")
DUTY = ("id", "every", "do", "proof", "averts", "basis")
DUTY_MORE = ("event", "within", "needs", "place", "readings", "hazards", "only")
HAZARD = ("id", "area", "label", "levels", "days", "interim", "fixer", "verifier")
HAZARD_MORE = ("major_if", "hours", "report_to", "basis")
#: Words for people, wherever they stand in the two files.
WORDS = {"label", "do", "averts", "basis", "certificate", "major_if", "interim", "report_to"}


@dataclass(frozen=True)
class DutySpec:
    """One duty as the library words it. ``season`` is that of its post: first and last day, or nothing."""

    code: str
    every: str
    text: str
    proof: tuple[str, ...]
    averts: str
    basis: str
    needs: tuple[str, ...]
    season: tuple[str, str] | None
    event: str = ""
    minutes: int = 0
    place: str = ""
    only: str = ""
    readings: tuple[Mapping[str, str], ...] = ()
    hazards: tuple[str, ...] = ()


@dataclass(frozen=True)
class PostSpec:
    code: str
    label: str
    scope: str
    kind: str
    shifts: str
    certificate: str
    needs: tuple[str, ...]
    duties: tuple[DutySpec, ...]

    def asked_of(self, equipment: Collection[str]) -> list[DutySpec]:
        """What the post has to do where there is this equipment: its duties whose needs are all met."""
        if not set(self.needs) <= set(equipment):
            return []
        return [duty for duty in self.duties if set(duty.needs) <= set(equipment)]


@dataclass(frozen=True)
class HazardSpec:
    """One hazard as the library words it. ``days`` of nought: ``hours`` to have it under control, and the same day to mend it."""

    code: str
    area: str
    label: str
    levels: tuple[str, ...]
    major_if: str
    days: int
    hours: int
    interim: str
    fixer: str
    verifiers: tuple[str, ...]
    report_to: str
    basis: str


def shipped() -> dict[str, Any]:
    """The library that comes with the program, checked."""
    return load((DATA / "duties.yaml").read_bytes(), (DATA / "hazards.yaml").read_bytes())


def load(duties: bytes, hazards: bytes) -> dict[str, Any]:
    """Both files as one document; ``Problem`` names the first place at fault."""
    return check({"duties": load_yaml(duties), "hazards": load_yaml(hazards)})


def check(document: Any) -> dict[str, Any]:
    """The document, if it is a library."""
    whole = read.obj(document, "$", required=("duties", "hazards"))
    duties, hazards = whole["duties"], whole["hazards"]
    read.obj(
        duties, "$.duties", required=("library", "version", "label", "default_within", "posts"), optional=("seasons",)
    )
    read.obj(hazards, "$.hazards", required=("library", "version", "label", "others", "hazards"))
    read.choice(duties["library"], "$.duties.library", ("safety-duties",))
    read.choice(hazards["library"], "$.hazards.library", ("hazards",))
    for part in ("duties", "hazards"):
        read.text(whole[part]["version"], f"$.{part}.version")
        read.text(whole[part]["label"], f"$.{part}.label")
    if duties["version"] != hazards["version"]:
        raise Problem("range", "$.hazards.version", "职责和隐患两份文件的版本不同，请改成同一个版本。")
    _within(duties["default_within"], "$.duties.default_within")
    seasons = _seasons(duties.get("seasons", {}))
    posts = _ids(duties["posts"], "$.duties.posts", CODE)
    known = _ids(hazards["hazards"], "$.hazards.hazards", re.compile(r"HZ-[A-Z][0-9]{2}"))
    seen: set[str] = set()
    for path, post in read.rows(duties["posts"], "$.duties.posts", empty=False):
        _post(post, path, seasons, known, seen)
    people = posts | set(_others(hazards["others"]))
    for path, hazard in read.rows(hazards["hazards"], "$.hazards.hazards", empty=False):
        _hazard(hazard, path, people)
    return whole


def _ids(rows: Any, path: str, shape: re.Pattern[str]) -> set[str]:
    """The ids of a list, each well formed and given once."""
    seen: set[str] = set()
    for at, row in read.rows(rows, path, empty=False):
        found = read.text(row.get("id") if isinstance(row, dict) else None, f"{at}.id")
        if not shape.fullmatch(found):
            raise Problem("range", f"{at}.id", f"编号“{found[:20]}”不合格。岗位写大写字母，隐患写 HZ-F01 这样。")
        read.unique(found, seen, f"{at}.id", "编号")
        seen.add(found)
    return seen


def _seasons(rows: Any) -> set[str]:
    if not isinstance(rows, dict):
        raise Problem("type", "$.duties.seasons", "季节应写成 代号: {label, from, to}。")
    for name, row in rows.items():
        path = f"$.duties.seasons.{name}"
        read.obj(row, path, required=("label", "from", "to"))
        read.text(row["label"], f"{path}.label")
        for end in ("from", "to"):
            if not isinstance(row[end], str) or not MONTH_DAY.fullmatch(row[end]):
                raise Problem("type", f"{path}.{end}", '季节的起止应写成 "06-01" 这样的月和日。')
    return set(rows)


def _others(rows: Any) -> dict[str, str]:
    if not isinstance(rows, dict):
        raise Problem("type", "$.hazards.others", "其他身份应写成 代号: 名称。")
    for name, label in rows.items():
        read.text(label, f"$.hazards.others.{name}")
    return rows


def _within(row: Any, path: str) -> int:
    """A term after an event, in minutes."""
    read.obj(row, path, required=("n", "unit"))
    unit = read.choice(row["unit"], f"{path}.unit", tuple(MINUTES))
    return read.whole(row["n"], f"{path}.n", least=1, most=400) * MINUTES[unit]


def _words(value: Any, path: str, known: Collection[str], *, empty: bool = True) -> None:
    for at, word in read.rows(value, path, empty=empty):
        read.choice(word, at, known)
    if len(set(value)) != len(value):
        raise Problem("duplicate", path, f"{path} 里有重复的，请只留一个。")


def _sentence(value: Any, path: str) -> None:
    if len(read.text(value, path)) > LONGEST:
        raise Problem("range", path, f"“{value[:20]}…”太长，手机上放不下。请写在 {LONGEST} 个字以内。")


def _post(post: Any, path: str, seasons: set[str], hazards: set[str], seen: set[str]) -> None:
    read.obj(post, path, required=POST, optional=POST_MORE)
    _sentence(post["label"], f"{path}.label")
    scope = read.choice(post.get("scope", "project"), f"{path}.scope", Scope.values)
    if scope == Scope.PROJECT:
        for name, known in (("kind", RegisteredPost.Kind.values), ("shifts", Shifts.values)):
            if name not in post:
                raise Problem("missing", f"{path}.{name}", f"项目的岗位缺少“{name}”，请补上。")
            read.choice(post[name], f"{path}.{name}", known)
    _words(post.get("needs", []), f"{path}.needs", Equipment.values)
    if "season" in post:
        read.choice(post["season"], f"{path}.season", seasons)
    if "certificate" in post:
        _sentence(post["certificate"], f"{path}.certificate")
    for at, duty in read.rows(post["duties"], f"{path}.duties", empty=False):
        _duty(duty, at, post["id"], hazards)
        read.unique(duty["id"], seen, f"{at}.id", "编号")
        seen.add(duty["id"])


def _duty(duty: Any, path: str, post: str, hazards: set[str]) -> None:
    read.obj(duty, path, required=DUTY, optional=DUTY_MORE)
    if not re.fullmatch(rf"{post}-[0-9]{{2}}", read.text(duty["id"], f"{path}.id")):
        raise Problem("range", f"{path}.id", f"{post} 的职责编号应写成 {post}-01 这样。")
    every = read.choice(duty["every"], f"{path}.every", Every.values)
    for name in ("do", "averts", "basis"):
        _sentence(duty[name], f"{path}.{name}")
    _words(duty["proof"], f"{path}.proof", Proof.values, empty=False)
    _words(duty.get("needs", []), f"{path}.needs", Equipment.values)
    _words(duty.get("hazards", []), f"{path}.hazards", sorted(hazards))
    if (every == Every.EVENT) != ("event" in duty):
        raise Problem("missing", f"{path}.event", "“有事即办”的职责要写是什么事；定期的不写。")
    if "event" in duty:
        read.choice(duty["event"], f"{path}.event", Event.values)
    if "within" in duty:
        _within(duty["within"], f"{path}.within")
    if "place" in duty:
        read.choice(duty["place"], f"{path}.place", PlaceKind.values)
    if "only" in duty:
        read.choice(duty["only"], f"{path}.only", Only.values)
        if every != Every.SHIFT:
            raise Problem("range", f"{path}.only", "只有每班的职责才分白班夜班。")
    _readings(duty, path)


def _readings(duty: Any, path: str) -> None:
    if (Proof.READING in duty["proof"]) != bool(duty.get("readings")):
        raise Problem("missing", f"{path}.readings", "证据里有读数，就要写读什么、单位和上下限；没有就不写。")
    for at, row in read.rows(duty.get("readings", []), f"{path}.readings"):
        read.obj(row, at, required=("name", "unit", "least", "most"))
        _sentence(row["name"], f"{at}.name")
        if not isinstance(row["unit"], str):
            raise Problem("type", f"{at}.unit", "单位应是文字；没有单位写两个引号。")
        least, most = (read.decimal(row[end], f"{at}.{end}") for end in ("least", "most"))
        if least > most:
            raise Problem("range", f"{at}.most", f"“{row['name']}”的上限小于下限，请对调。")


def _hazard(row: Any, path: str, people: set[str]) -> None:
    read.obj(row, path, required=HAZARD, optional=HAZARD_MORE)
    read.choice(row["area"], f"{path}.area", Area.values)
    for name in ("label", "interim", "major_if", "report_to", "basis"):
        if name in row:
            _sentence(row[name], f"{path}.{name}")
    _words(row["levels"], f"{path}.levels", Level.values, empty=False)
    days = read.whole(row["days"], f"{path}.days", least=0, most=365)
    if (days == 0) != ("hours" in row):
        raise Problem("missing", f"{path}.hours", "整改天数为 0 的，要写几小时内控制住；其余的不写。")
    if "hours" in row:
        read.whole(row["hours"], f"{path}.hours", least=1, most=24)
    read.choice(row["fixer"], f"{path}.fixer", sorted(people))
    _words(row["verifier"], f"{path}.verifier", sorted(people), empty=False)
    if row["fixer"] in row["verifier"]:
        raise Problem("range", f"{path}.verifier", "整改的人不能自己复核，请换一个复核人。")


def in_words(document: Mapping[str, Any], say: Callable[[str], str] = labels.said) -> dict[str, Any]:
    """A checked document in the reader's language, to be shown and never stored.

    A text that nobody translated (an association writes a library of its own) stays as it was written.
    """
    found: dict[str, Any] = standards.in_words(document, say, WORDS)
    # A reading's unit is a word, a term's unit is a code.
    for post in found["duties"]["posts"]:
        for row in (row for duty in post["duties"] for row in duty.get("readings", ())):
            row["name"], row["unit"] = say(row["name"]), say(row["unit"])
    found["hazards"]["others"] = {code: say(label) for code, label in found["hazards"]["others"].items()}
    return found


def posts(document: Mapping[str, Any], scope: str = Scope.PROJECT) -> Iterator[PostSpec]:
    """The posts of a checked document, with their duties."""
    duties = document["duties"]
    usual = _within(duties["default_within"], "$.duties.default_within")
    for post in duties["posts"]:
        if post.get("scope", Scope.PROJECT) != scope:
            continue
        season = duties.get("seasons", {}).get(post.get("season"))
        span = (season["from"], season["to"]) if season else None
        yield PostSpec(
            post["id"], post["label"], scope, post.get("kind", COMPANY_KINDS.get(post["id"], "")), post.get("shifts", Shifts.DAY),
            post.get("certificate", ""),
            tuple(post.get("needs", ())), tuple(_spec(duty, span, usual) for duty in post["duties"]),
        )  # fmt: skip


def _spec(duty: Mapping[str, Any], season: tuple[str, str] | None, usual: int) -> DutySpec:
    minutes = _within(duty["within"], "") if "within" in duty else usual
    return DutySpec(
        code=duty["id"], every=duty["every"], text=duty["do"], proof=tuple(duty["proof"]), averts=duty["averts"],
        basis=duty["basis"], needs=tuple(duty.get("needs", ())), season=season, event=duty.get("event", ""),
        minutes=minutes if duty["every"] == Every.EVENT else 0, place=duty.get("place", ""), only=duty.get("only", ""),
        readings=tuple(duty.get("readings", ())), hazards=tuple(duty.get("hazards", ())),
    )  # fmt: skip


def hazards(document: Mapping[str, Any]) -> dict[str, HazardSpec]:
    """The hazards of a checked document by their codes; who mends and who checks as ``role`` or ``post:kind``, ``lead:kind``."""
    kinds = {row["id"]: row["kind"] for row in document["duties"]["posts"] if "kind" in row}
    return {
        row["id"]: HazardSpec(
            code=row["id"], area=row["area"], label=row["label"], levels=tuple(row["levels"]),
            major_if=row.get("major_if", ""), days=row["days"], hours=row.get("hours", 0), interim=row["interim"],
            fixer=_stands_for(row["fixer"], kinds), verifiers=tuple(_stands_for(one, kinds) for one in row["verifier"]),
            report_to=row.get("report_to", ""), basis=row.get("basis", ""),
        )
        for row in document["hazards"]["hazards"]
    }  # fmt: skip


def _stands_for(code: str, kinds: Mapping[str, str]) -> str:
    """Which seat a code of the library means: an office, a post of the register, or the one who leads its people."""
    return OFFICES.get(code) or f"post:{kinds[code]}"
