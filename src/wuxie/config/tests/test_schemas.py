"""The published JSON Schemas say the same as the calculators: what one takes the other takes, and what comes out fits."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from wuxie.config.calculators import WHERE, calculator
from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.home import CHECKOUT

FOLDER = CHECKOUT / "docs" / "schemas"
TYPES: dict[str, Any] = {
    "object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float), "null": type(None),
}  # fmt: skip
KNOWN = {
    "$schema", "$id", "$ref", "$defs", "title", "description", "default", "format", "type", "enum", "const", "pattern", "minLength",
    "minimum", "maximum", "minItems", "maxItems", "uniqueItems", "items", "required", "properties", "additionalProperties", "dependentRequired",
    "if", "then", "else", "anyOf", "oneOf", "exclusiveMinimum", "minProperties", "maxLength",
}  # fmt: skip


def load(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def fits(value: Any, schema: Any, root: dict[str, Any]) -> bool:
    """The part of JSON Schema that our documents use; an unknown keyword is an error rather than a yes."""
    if isinstance(schema, bool):
        return schema
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    if "$ref" in schema and not _ref(value, schema["$ref"], root):
        return False
    if "type" in schema and not any(
        isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))
        for name in ([schema["type"]] if isinstance(schema["type"], str) else schema["type"])
    ):
        return False
    if "enum" in schema and value not in schema["enum"] or "const" in schema and value != schema["const"]:
        return False
    for keyword, wanted in (("anyOf", range(1, 99)), ("oneOf", range(1, 2))):
        if keyword in schema and sum(fits(value, one, root) for one in schema[keyword]) not in wanted:
            return False
    if "if" in schema and not fits(
        value, schema.get("then" if fits(value, schema["if"], root) else "else", True), root
    ):
        return False
    return _fits_inside(value, schema, root)


def _ref(value: Any, ref: str, root: dict[str, Any]) -> bool:
    if ref.startswith("/"):
        other = load(ref.rpartition("/")[2].removesuffix(".json"))
        return fits(value, other, other)
    found: Any = root
    for step in ref.removeprefix("#/").split("/"):
        found = found[step]
    return fits(value, found, root)


def _fits_inside(value: Any, schema: dict[str, Any], root: dict[str, Any]) -> bool:
    if isinstance(value, str):
        return (
            len(value) >= schema.get("minLength", 0)
            and len(value) <= schema.get("maxLength", 10**9)
            and re.search(schema.get("pattern", ""), value) is not None
        )
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return schema.get("minimum", value) <= value <= schema.get("maximum", value)
    if isinstance(value, list):
        unique = not schema.get("uniqueItems") or len({json.dumps(one) for one in value}) == len(value)
        return (
            schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
            and unique
            and all(fits(one, schema.get("items", True), root) for one in value)
        )
    if isinstance(value, dict):
        properties, rest = schema.get("properties", {}), schema.get("additionalProperties", True)
        return (
            set(schema.get("required", ())) <= set(value)
            and len(value) >= schema.get("minProperties", 0)
            and all(
                set(also) <= set(value) for name, also in schema.get("dependentRequired", {}).items() if name in value
            )
            and all(fits(one, properties.get(name, rest), root) for name, one in value.items())
        )
    return True


VOTE = {
    "matter": "fund_use", "silent_rule": "participates_abstain",
    "units": [{"id": "1", "area": "89.50", "owner": "A", "status": "delivered"}, {"id": "2", "area": "1", "owner": "", "status": "unsold"},
              {"id": "3", "area": "007.5", "status": "undelivered"}],
    "ballots": [{"unit": "1", "choice": "for"}], "delivered": ["2"],
}  # fmt: skip
APPORTION = {"total": "100", "units": [{"id": "a", "area": "1.00"}, {"id": "b", "area": "2", "balance": "0"}]}
DEADLINE = {"rule": "petition.conclude", "from": "2026-09-25", "extended": True, "region": "510400"}
LIFT = {"object": "lift", "base": "2020-06", "done": ["2021-06"], "until": "2036-12"}
RESALE = {
    "mode": "class",
    "grid": {"kwh": "100.5", "bill": "70.25"},
    "meters": [{"id": "m1", "kwh": "99", "price": "0.8500", "class": "commercial", "allowed": "0.6323"}],
    "loss_cap": "0",
    "amber_loss": "0.05",
}
TENDER = {
    "ceiling": "2.80",
    "bids": [
        {
            "id": "b1",
            "price": "1.90",
            "labour": "1200000",
            "posts": [{"count": 10, "monthly_floor": "3200.00"}],
            "months": 12,
            "contacts": ["1", ""],
            "bank": "",
            "author": "甲",
        },
        {"id": "b2", "price": "2.1", "contacts": ["1"]},
    ],
    "triggers": {"of_mean": "0.50", "of_next": "0.50", "of_ceiling": "0.45"},
}
ROTA = {
    "experts": [
        {"id": "e1", "org": "o1", "away": ["2026-12-01"], "max": 10},
        {"id": "e2", "org": "o2", "away": []},
        {"id": "e3", "org": "o3"},
    ],
    "days": ["2026-12-01", "2026-12-04"],
    "per_day": 2,
    "rest_days": 1,
    "seed": 7,
}
CUSTOM = {"rule": "custom", "from": "2026-09-25", "count": 1, "unit": "month"}
FACT = {
    "id": "f1",
    "kind": "m.x",
    "subject": "c1",
    "quantity": "1",
    "occurred_on": "2026-01-01",
    "recorded_on": "2026-01-02",
    "trust": "association_verified",
}
STANDARD = {
    "standard": "demo", "version": "1", "window": {"from": "2025-09-01", "to": "2026-08-31"}, "cutoff": "2026-09-30",
    "min_trust": "counterpart_confirmed",
    "groups": [{"id": "A", "points": "10", "indicators": [{"id": "A1", "points": "10", "formula": "clamp(count('m.x'), 0, 10)"}]}],
    "vetoes": [{"id": "V1", "when": "count('s.fatal') > 0", "max_stars": 0}],
    "grades": [{"stars": 5, "min": "90", "group_min": "0.6", "floors": {"A": "0.75"}}],
}  # fmt: skip
SCORE = {"standard": STANDARD, "facts": [FACT]}
GOOD = [
    ("vote", VOTE), ("vote", {"matter": "other", "units": VOTE["units"], "ballots": []}), ("apportion", APPORTION),
    ("resale", RESALE), ("resale", {**RESALE, "mode": "share"}), ("tender", TENDER), ("tender", {"ceiling": "2.80", "bids": [{"id": "b1", "price": "1.9"}]}), ("rota", ROTA),
    ("inspection", LIFT), ("inspection", {"object": "water_test", "last": "2026-03-15"}), ("deadline", DEADLINE), ("deadline", CUSTOM), ("score", SCORE), ("score", {**SCORE, "explain": "c1"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "document"), GOOD)
def test_what_the_schema_takes_the_calculator_takes_and_the_answer_fits(name, document):
    question, answer = load(name), load(f"{name}-answer")
    assert fits(document, question, question)
    found = calculator(name).run(document)
    assert fits(found, answer, answer)


def change(document: Any, *path: Any, value: Any = None, drop: bool = False) -> Any:
    copy = json.loads(json.dumps(document))
    place = copy
    for step in path[:-1]:
        place = place[step]
    if drop:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return copy


BAD = [
    *(("vote", change(VOTE, name, drop=True)) for name in ("matter", "units", "ballots")),
    *(("vote", change(VOTE, "units", 0, "area", value=value)) for value in (1, "0", "0.00", "-1", "1.234", "1" * 16, "1e3", "", ".5", None)),
    *(("vote", change(VOTE, "units", 0, "owner", value=value)) for value in (1, "", None)),
    ("vote", change(VOTE, "units", 0, "owner", drop=True)),
    ("vote", change(VOTE, "units", value=[])),
    ("vote", change(VOTE, "units", 0, "status", value="sold")),
    ("vote", change(VOTE, "ballots", 0, "choice", value="yes")),
    ("vote", change(VOTE, "delivered", 0, value=1)),
    ("vote", change(VOTE, "extra", value=1)),
    ("vote", []),
    *(("apportion", change(APPORTION, "total", value=value)) for value in (1, "-1", "1.234", "1" * 16, "x", True)),
    ("apportion", change(APPORTION, "units", 1, "balance", value="-0.01")),
    ("apportion", change(APPORTION, "units", 1, "owner", value="A")),
    *(("deadline", change(DEADLINE, "rule", value=value)) for value in ("petition", 1, None)),
    *(("deadline", change(DEADLINE, name, value=1)) for name in ("count", "extended", "region", "unit", "day")),
    *(("deadline", change(CUSTOM, "count", value=value)) for value in (0, -1, "1", True, 36_601)),
    *(("deadline", change(CUSTOM, name, drop=True)) for name in ("count", "unit", "from")),
    ("deadline", change(CUSTOM, "unit", value="year")),
    *(("inspection", change(LIFT, name, drop=True)) for name in ("object", "base", "until")),
    *(("inspection", change(LIFT, "until", value=value)) for value in ("2036", "2036-13", "2036-12-01", 2036, None)),
    ("inspection", change(LIFT, "done", value=["2021-06", "2021-06"])),
    ("inspection", change(LIFT, "last", value="2026-03-15")),
    *(("inspection", change(LIFT, "object", value=value)) for value in ("escalator", "water_test", 1)),
    *(("resale", change(RESALE, name, drop=True)) for name in ("mode", "grid", "meters")),
    *(("resale", change(RESALE, "meters", 0, name, drop=True)) for name in ("id", "kwh", "price", "class", "allowed")),
    *(("resale", change(RESALE, "grid", "kwh", value=value)) for value in (1, "0", "0.0", "-1", "1kWh")),
    ("resale", change(RESALE, "grid", "bill", value="1.001")),
    ("resale", change(RESALE, "minimum", value="1")),
    ("tender", change(TENDER, "bids", value=[])),
    *(("rota", change(ROTA, name, drop=True)) for name in ROTA),
    *(("rota", change(ROTA, name, value="x")) for name in ROTA),
    *(("rota", change(ROTA, name, value=[])) for name in ("experts", "days")),
    ("rota", change(ROTA, "per_day", value=0)), ("rota", change(ROTA, "rest_days", value=-1)), ("rota", change(ROTA, "seed", value=2**31)),
    ("rota", change(ROTA, "experts", 0, "weight", value=1)),
    *(("tender", change(TENDER, "bids", 0, name, value=1)) for name in ("labour", "posts", "contacts", "bank", "price", "floor")),
    *(("tender", change(TENDER, "triggers", name, drop=True)) for name in ("of_mean", "of_next", "of_ceiling")),
    ("score", change(SCORE, "facts", 0, "quantity", value=1)),
    ("score", change(SCORE, "facts", 0, "trust", value="sure")),
    ("score", change(SCORE, "standard", "groups", value=[])),
    ("score", change(SCORE, "standard", "min_trust", value="sure")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "document"), BAD)
def test_what_the_schema_refuses_the_calculator_refuses_in_the_shape_of_the_error_schema(name, document):
    question, error = load(name), load("error")
    assert not fits(document, question, question)
    with pytest.raises(Problem) as refused:
        calculator(name).run(document)
    assert fits(refused.value.as_dict(), error, error)


def test_every_calculator_has_its_two_schemas():
    assert {name for calculators in WHERE for name in (calculators, f"{calculators}-answer")} <= {
        path.stem for path in FOLDER.glob("*.json")
    }
