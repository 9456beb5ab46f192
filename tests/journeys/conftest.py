"""A whole demo city, loaded and served as a stranger would, and a real browser at a desk and on a phone."""

from __future__ import annotations

import datetime
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

PASSWORD = "Demo-2026-wuxie"
DESK, PHONE = {"width": 1360, "height": 900}, {"width": 390, "height": 844}
CHROMIUM = os.environ.get("WUXIE_CHROMIUM") or shutil.which("chromium") or ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser the journeys are skipped and say so; where one is required that is a failure."""
    if CHROMIUM or os.environ.get("WUXIE_BROWSER") == "required":
        return
    for item in items:
        if "browser" in item.keywords:
            item.add_marker(
                pytest.mark.skip(reason="no Chromium found (set WUXIE_CHROMIUM, or install Debian's chromium)")
            )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """The city on an address; started with a day, a copy of it as if on that day: of the first, or ``going_on`` of the last one."""

    def __init__(self, home: Path) -> None:
        self.home, self.port, self.process = home, _free_port(), None
        self.running = home
        self.day = datetime.date.today()
        self.copies = 0

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self, home: Path | None = None, **more: str) -> dict[str, str]:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("WUXIE_", "DATABASE_", "DJANGO_"))
        }
        return {
            **kept,
            "WUXIE_HOME": str(home or self.home),
            "WUXIE_DEMO": "small",
            "PORT": str(self.port),
            "WUXIE_PUBLIC_URL": self.base,
            **more,
        }

    def wuxie(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "wuxie.config.cli", *arguments], env=self.environment(), check=True, timeout=400
        )

    def start(self, day: datetime.date | None = None, *, going_on: bool = False) -> Served:
        self.stop()
        environment, last, self.running = self.environment(), self.running if going_on else self.home, self.home
        if day:  # a copy: a seal of that day would keep the city itself from ever starting again today
            self.copies += 1
            home = self.home.with_name(f"home-{self.copies}-{day.isoformat()}")
            shutil.copytree(last, home)
            self.running = home
            environment = self.environment(home, WUXIE_TODAY=day.isoformat())
        self.process = subprocess.Popen(
            [sys.executable, "-m", "wuxie.config.cli", "serve"], env=environment, stdout=subprocess.DEVNULL
        )
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"{self.base}/readyz", timeout=2) as answer:
                    if answer.status == 200:
                        return self
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        raise RuntimeError("the city does not answer")

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=30)
            self.process = None


def _loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the city in it, made by whichever process asks first; ``WUXIE_JOURNEY_HOME`` names one that stands already."""
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    folder = tmp_path_factory.getbasetemp() if alone else tmp_path_factory.getbasetemp().parent
    made = Served(folder / "loaded-city")
    with (folder / "loaded-city.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made.home / "ready").exists():
            if loaded := os.environ.get("WUXIE_JOURNEY_HOME"):
                shutil.copytree(loaded, made.home)
            made.wuxie("prepare")
            (made.home / "ready").touch()
    return made.home


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demo city, loaded once for all journeys; where several processes go on them, each serves a copy of its own."""
    served = Served(tmp_path_factory.mktemp("city") / "home")
    shutil.copytree(_loaded(tmp_path_factory), served.home)
    served.start()
    yield served
    served.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM or "/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield launched
        launched.close()


@pytest.fixture
def visit(browser: Any, served: Served) -> Iterator[Callable[..., Any]]:
    """``visit("mishuchu")`` → a page on which that demo account is signed in; ``visit()`` → a visitor's."""
    contexts = []

    def enter(account: str = "", viewport: dict[str, int] = DESK) -> Any:
        context = browser.new_context(viewport=viewport, locale="zh-CN", base_url=served.base)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.faults = []
        page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        if account:
            page.goto("/accounts/login/")
            page.fill("input[name=login]", account)
            page.fill("input[name=password]", PASSWORD)
            page.click("main button[type=submit]")
            page.wait_for_url("**/desk/")
        return page

    yield enter
    for context in contexts:
        context.close()
