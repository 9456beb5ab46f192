"""Server time of every page that can be reached from the front page and the desk, beside the health answer.

The pages are found by following links: of each address of the URL conf one of each manner of asking (a saved view, an order,
a search, the last page; one such wish at a time) and, of pages of one thing, the first that is met. What is slower than the aim has a row of its own.
"""

from __future__ import annotations

import html
import os
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from .figures import Figure, Times, spread, timed

#: Milliseconds of server time that a page may take, 95 of 100 times.
AIM = 50.0
TIMES = int(os.environ.get("BENCH_TIMES", "20"))
LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)"')
#: Beside what is linked: searches as people type them, the last page, and doors that nobody links to.
TYPED = {
    "visitor": ("/estates/?q=立春", "/notices/?q=立春", "/decisions/?page=9999", "/search/?q=立春"),
    "mishuchu": (
        "/rating/?view=ended&q=立春", "/rating/?page=9999", "/rating/benefits/?view=confirmed&q=立春",
        "/rating/benefits/?page=9999", "/rating/objections/?q=立春", "/rating/awards/?q=立春", "/rating/projects/?q=立春",
        "/register/estates/?q=立春", "/register/units/?q=1栋", "/register/units/?page=9999", "/register/owners/?q=例东",
        "/register/owners/?page=9999", "/register/posts/?q=电工", "/register/companies/?q=物业", "/register/projects/?q=立春",
        "/ledger/?q=project:1", "/ledger/?page=9999", "/people/?q=例东", "/association/members/?q=物业",
        "/conduct/?q=物业", "/conduct/scores/?q=物业", "/mediation/?q=立春",
    ),
}  # fmt: skip
#: Who else walks: their lists are those that ask most of the database, because each row is weighed.
OTHERS = ("huizhang", "pingshen", "qiye", "xiangmu", "shequ", "jiedao", "quxian", "zhujian", "yezhu")
#: Lists of many that have a row of their own, however fast: cases of discipline, members.
NAMED = ("/conduct/?q=物业", "/association/members/?q=物业")
#: Not pages: they change what the session looks at, or leave it.
LEFT_OUT = {"account_logout", "mfa_download_recovery_codes"}


@dataclass(frozen=True)
class Page:
    who: str
    route: str
    path: str


def clients() -> tuple[Any, Any]:
    """A visitor and the secretariat."""
    return client(""), client("mishuchu")


def client(username: str) -> Any:
    """A browser, signed in where there is a name."""
    from django.conf import settings
    from django.test import Client

    from wuxie.kernel.access.models import Account

    settings.ALLOWED_HOSTS.append("testserver")
    made = Client()
    if username:
        made.force_login(Account.objects.get(username=username), backend="wuxie.kernel.access.backends.SignInBackend")
    return made


def manner(path: str) -> tuple[str, tuple[str, ...]] | None:
    """The address of the URL conf and how it is asked: one page of each is measured."""
    from django.urls import Resolver404, resolve

    plain, _mark, query = path.partition("?")
    try:
        found = resolve(plain)
    except Resolver404:
        return None
    asked = dict(parse_qsl(query))
    if "format" in asked or found.view_name in LEFT_OUT:
        return None
    name = found.view_name if "." not in found.view_name else found.route
    order = asked.get("sort", "").removeprefix("-")
    return name, tuple(sorted(key for key in asked if key != "sort")) + ((f"sort={order}",) if order else ())


def walk(who: str, browser: Any, starts: tuple[str, ...], *, deep: bool = True) -> Iterator[Page]:
    """Pages of one person; not ``deep``: only lists, whose address names no single thing."""
    from django.urls import resolve

    seen: set[Any] = set()
    waiting = deque(starts)
    while waiting:
        path = waiting.popleft()
        how = manner(path)
        if how is None or how in seen or (not deep and (resolve(path.partition("?")[0]).kwargs or how[1])):
            continue
        seen.add(how)
        answer = browser.get(path)
        if answer.status_code != 200 or not answer.get("Content-Type", "").startswith("text/html"):
            continue
        yield Page(who, how[0], path)
        links = map(html.unescape, LINK.findall(answer.content.decode()))
        waiting.extend(link for link in links if len(parse_qsl(link.partition("?")[2])) <= 1)


def everything() -> Iterator[tuple[Any, Page]]:
    """Every page with the browser that opens it."""
    for who, start, deep in (
        ("visitor", "/", True), ("mishuchu", "/desk/", True), *((name, "/desk/", False) for name in OTHERS)
    ):  # fmt: skip
        browser = client("" if who == "visitor" else who)
        for page in walk(who, browser, (start, *TYPED.get(who, ())), deep=deep):
            yield browser, page


def dashboard(times: int) -> Iterator[Figure]:
    """What the secretariat and a street see first: figures over all their cases, beside one bare grouping of them."""
    from django.db import connection

    from wuxie.rooms.rating.models import Application, Benefit, Objection

    models = (Application, Benefit, Objection)
    cases = sum(model.objects.count() for model in models)

    def grouped() -> None:
        with connection.cursor() as cursor:
            for model in models:
                cursor.execute(f"SELECT state, place_code, count(*) FROM {model._meta.db_table} GROUP BY 1, 2")
                cursor.fetchall()

    bare = timed(grouped, times)
    for who, path in (
        ("mishuchu", "/desk/"),
        ("jiedao", "/desk/"),
        ("mishuchu", "/rating/"),
        ("mishuchu", "/rating/benefits/"),
    ):
        browser = client(who)
        ours = timed(lambda browser=browser, path=path: browser.get(path), times)
        yield Figure(
            "dashboard", f"{who} `{path}` over {cases:,} cases", ours, bare, "a GROUP BY of all cases by state and place",
            most=100,
        )  # fmt: skip


def figures(times: int = TIMES) -> Iterator[Figure]:
    """The dashboards; one row for all pages within the aim, and one for each that is not."""
    yield from dashboard(times)
    bare = timed(lambda: client("").get("/healthz"), 50)
    measured: list[tuple[Times, Page]] = []
    for browser, page in everything():
        ours = timed(lambda browser=browser, page=page: browser.get(page.path), times, warm=False)
        measured.append((ours, page))
    slow = [one for one in measured if one[0][1] > AIM]
    routes = {page.route for _times, page in measured}
    within = [ours[0] for ours, _page in measured if ours[1] <= AIM]
    yield Figure(
        "page", f"{len(measured) - len(slow)} of {len(measured)} pages ({len(routes)} addresses)", spread(within), bare,
        "/healthz", most=AIM, bound="median and p95 over the medians of the pages that are within the aim",
    )  # fmt: skip
    for ours, page in measured:
        if page.path in NAMED:
            yield Figure("page", f"{page.who} `{page.path}`, by name", ours, bare, "/healthz", most=AIM)
    for ours, page in sorted(slow, key=lambda one: -one[0][1]):
        yield Figure("page", f"{page.who} `{page.path}`", ours, bare, "/healthz", most=AIM)
