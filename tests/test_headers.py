"""What every answer carries, whoever asks and whatever comes back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db
PAGES = ("/", "/accounts/login/", "/desk/", "/api/v1/estates", "/api/v1/me", "/nowhere/", "/verify/", "/healthz")
POLICY = ("default-src 'self'", "script-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'",
          "form-action 'self'")  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_no_shared_origin_and_the_headers_of_every_answer(client: Any, address: str) -> None:
    answer = client.get(address, headers={"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Frame-Options"] == "DENY"
    policy = [part.strip() for part in answer.headers["Content-Security-Policy"].split(";")]
    assert set(POLICY) <= set(policy)
    assert not [part for part in policy if part.startswith("script-src") and "unsafe" in part]
    assert "http" not in answer.headers["Content-Security-Policy"], "no outside address is loaded"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "ANYTHING"])
@pytest.mark.parametrize("address", ["/", "/api/v1/estates", "/accounts/login/", "/nowhere/"])
def test_pages_know_reading_and_sending_only(address: str, method: str) -> None:
    answer = Client().generic(method, address)
    assert answer.status_code == 405 and answer.headers["X-Frame-Options"] == "DENY"


def test_nothing_tells_how_the_program_is_made(client: Any) -> None:
    assert not settings.DEBUG
    answer = client.get("/nowhere/")
    assert answer.status_code == 404 and b"urlpatterns" not in answer.content and b"Traceback" not in answer.content


def test_behind_tls_every_cookie_is_secure_and_of_this_host_alone() -> None:
    asked = "from wuxie.config import settings as s; import json; print(json.dumps({n: getattr(s, n) for n in dir(s) if '_COOKIE_' in n}))"
    inside = os.environ | {"WUXIE_PUBLIC_URL": "https://wuxie.example.org", "PYTHONPATH": "src"}
    done = subprocess.run([sys.executable, "-c", asked], env=inside, capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)
    assert said["SESSION_COOKIE_SECURE"] and said["CSRF_COOKIE_SECURE"]
    names = [value for name, value in said.items() if name.endswith("_NAME")]
    assert len(names) == 4 and all(name.startswith("__Host-") for name in names)
