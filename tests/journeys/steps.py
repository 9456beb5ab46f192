"""What people do on the page of any case: open a step, fill its form, press its button; and wait for what the clock does."""

from __future__ import annotations

import re
import time
from typing import Any

#: Seconds in which the worker does what follows from an act.
PATIENCE = 150


def choose(page: Any, words: str) -> None:
    """Open a step of the case whose page is shown."""
    page.locator("main a.btn", has_text=words).first.click()
    page.wait_for_url(re.compile(r"/\d+/[a-z_]+/$"))


def take(page: Any, words: str) -> None:
    """Press the button of the step's form; back on the case."""
    page.locator("main form button.btn-primary[type=submit]", has_text=words).first.click()
    page.wait_for_url(re.compile(r"/\d+/$"))


def step(page: Any, words: str, **fields: str) -> None:
    """A step whose form asks for words only."""
    choose(page, words)
    for name, value in fields.items():
        page.fill(f"[name={name}]", value)
    take(page, words)


def shown_when(page: Any, address: str, words: str) -> str:
    """The page, once it says so: what the clock does is done by the worker."""
    for _again in range(PATIENCE):
        page.goto(address)
        text: str = page.locator("main").inner_text()
        if words in text:
            return text
        time.sleep(1)
    raise AssertionError(f"{address} does not say {words}")
