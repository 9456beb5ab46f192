"""Pages of a small home of its own while its rows grow from one size to another, as the association's office opens them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any


def at_home(folder: Path, module: str) -> list[dict[str, Any]]:
    """What ``module``, run as a program in a home of its own, measured at each of its sizes."""
    home = folder / f"{module}-home"
    home.mkdir()
    rest = {key: value for key, value in os.environ.items() if key not in ("WUXIE_DEMO", "DATABASE_URL")}
    made = subprocess.run(
        [sys.executable, "-m", module], env=rest | {"WUXIE_HOME": str(home)}, check=True, stdout=subprocess.PIPE
    )
    found: list[dict[str, Any]] = json.loads(made.stdout.splitlines()[-1])
    return found


def grow(sizes: Sequence[int], fill: Callable[[int, int], None], measure: Callable[[Any], dict[str, Any]]) -> None:
    """``fill`` an empty home up to each size in turn, and print what ``measure`` finds with the office's browser."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "wuxie.config.settings"
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from wuxie.kernel.places.load import load_places

    call_command("migrate", verbosity=0)
    load_places()
    browser = secretariat()
    found = []
    for before, size in zip((0, *sizes), sizes, strict=False):
        fill(before, size)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
        found.append(measure(browser))
    print(json.dumps(found))


def opened(browser: Any, path: str) -> None:
    """Open a page; what does not answer is no figure."""
    answer = browser.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answered {answer.status_code}")


def secretariat() -> Any:
    """A browser signed in as the association's office."""
    import datetime

    from django.conf import settings
    from django.test import Client

    from wuxie.kernel.access.models import Account
    from wuxie.kernel.parties.models import Appointment, Person

    settings.ALLOWED_HOSTS.append("testserver")
    settings.REQUIRE_TOTP = False
    person = Person.objects.create(name="例书")
    Appointment.objects.create(person=person, role="association_secretariat", starts_on=datetime.date(2020, 1, 1))
    account = Account.objects.create_user("bench", "Bench-2026-long", person=person)
    browser = Client()
    browser.force_login(account, backend="wuxie.kernel.access.backends.SignInBackend")
    return browser
