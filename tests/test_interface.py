"""The machine interface keeps to its own document: whatever is sent by whom, no other status, no other shape, no 5xx.

Every operation is called with what the document allows and with what it forbids, as every role. A few examples here;
``WUXIE_EXAMPLES=200`` (``python -m trust interface``) tries more.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as effort
from hypothesis import strategies as st
from schemathesis import GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from wuxie.kernel.clock.now import frozen
from wuxie.rooms.openapi import schemas
from wuxie.rooms.openapi.api import api

from . import world
from .matrix import ROWS, addresses

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("WUXIE_EXAMPLES", "8"))
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
#: Not a role: a token that nobody gave out.
FORGED = "forged"
PATHS = api.get_openapi_schema()["paths"]
OPERATIONS = [(path, method) for path, operations in PATHS.items() for method in operations]


def bundled() -> dict[str, Any]:
    """The document with the schemas it points to inside, so that nothing is fetched."""

    def inside(value: Any, name: str) -> Any:
        if isinstance(value, list):
            return [inside(one, name) for one in value]
        if not isinstance(value, dict):
            return value
        kept = {key: inside(one, name) for key, one in value.items() if key not in ("$id", "$schema")}
        ref = kept.get("$ref", "")
        if isinstance(ref, str) and ref.startswith("/api/v1/schemas/"):
            kept["$ref"] = "#/components/schemas/" + ref.rpartition("/")[2].removesuffix(".json")
        elif isinstance(ref, str) and ref.startswith("#/$defs/"):
            kept["$ref"] = f"#/components/schemas/{name}{ref[1:]}"
        return kept

    document = json.loads(json.dumps(api.get_openapi_schema()))
    document["components"]["schemas"] = {name: inside(schemas.schema(name), name) for name in schemas.names()}
    return inside(document, "")


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The connection of the test outlives each request, as with Django's own client: its rows are seen by no other."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def operations() -> dict[tuple[str, str], Any]:
    loaded = openapi.from_dict(bundled())
    loaded.app = get_wsgi_application()
    found = (result.ok() for result in loaded.get_all_operations())
    return {(one.path, one.method): one for one in found}


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[world.City]:
    """Built once: reading changes nothing but a token's day of use."""
    with django_db_blocker.unblock(), override_settings(ALLOWED_HOSTS=["*"]), transaction.atomic():
        made = world.build()
        with frozen(world.TODAY):
            yield made
        transaction.set_rollback(True)


def known(city: world.City, path: str) -> list[dict[str, str]]:
    """What there is at this address on either side: random letters alone would only ever meet a 404."""
    names = {f"/{route.replace('<', '{').replace('>', '}')}": name for name, route in addresses()}
    row = ROWS[names[path]]
    return [row.kwargs(side) for side in (city.own, city.foreign)] if row.fill else []


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_keeps_to_its_document(city: world.City, operations: Any, path: str, method: str) -> None:
    operation, there = operations[path, method], known(city, path)
    tokens = {**city.tokens, FORGED: "wx_" + "0" * 43, "visitor": ""}
    modes = st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    seen: Counter[int] = Counter()

    @seed(20261129)
    @effort(max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None)
    @given(data=st.data(), role=st.sampled_from(sorted(tokens)), mode=modes)
    def ask(data: Any, role: str, mode: GenerationMode) -> None:
        given_path = (
            {"path_parameters": data.draw(st.sampled_from(there))} if there and data.draw(st.booleans()) else {}
        )
        case = data.draw(operation.as_strategy(generation_mode=mode, **given_path))
        send(case, role)

    def send(case: Any, role: str) -> None:
        cache.clear()
        headers = {"Authorization": f"Bearer {tokens[role]}"} if tokens[role] else {}
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS, headers=headers)
        seen[answer.status_code] += 1

    ask()
    for role in tokens:
        send(operation.Case(path_parameters=there[0] if there else {}), role)
    assert seen.total() > len(tokens)
