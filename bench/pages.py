"""Server time of the main pages, in process, beside the health answer (one query, no template)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .figures import Figure, timed

VISITOR = ("/", "/estates/", "/estates/?q=立春", "/estates/XQ00001/", "/notices/", "/standards/", "/verify/")
OFFICE = (
    "/desk/", "/rating/", "/rating/?view=ended&q=立春", "/rating/?page=200", "/rating/benefits/",
    "/rating/benefits/?view=confirmed&q=立春", "/rating/objections/", "/rating/disputes/", "/rating/awards/",
    "/rating/cycles/", "/rating/reviews/", "/rating/projects/", "/rating/standards/", "/register/estates/",
    "/register/estates/?q=立春", "/register/estates/1/", "/register/estates/1/units/", "/register/units/",
    "/register/units/?q=1栋", "/register/owners/", "/register/companies/", "/register/companies/1/", "/register/projects/",
    "/register/projects/1/", "/register/posts/", "/statutes/", "/ledger/",
)  # fmt: skip


def clients() -> tuple[Any, Any]:
    """A visitor and the secretariat."""
    from django.conf import settings
    from django.test import Client

    from wuxie.kernel.access.models import Account

    settings.ALLOWED_HOSTS.append("testserver")
    visitor, office = Client(), Client()
    office.force_login(Account.objects.get(username="mishuchu"), backend="wuxie.kernel.access.backends.SignInBackend")
    return visitor, office


def figures(times: int = 10) -> Iterator[Figure]:
    from wuxie.rooms.rating.models import Application
    from wuxie.rooms.register.models import Project

    visitor, office = clients()
    bare = timed(lambda: visitor.get("/healthz"), 100)
    case = Application.objects.exclude(snapshot=None).order_by("pk").values_list("pk", flat=True).first()
    project = Project.objects.order_by("pk").values_list("pk", flat=True)[0]
    more = (f"/rating/applications/{case}/", f"/rating/projects/{project}/score/")
    for client, who, paths in ((visitor, "visitor", VISITOR), (office, "office", (*OFFICE, *more))):
        for path in paths:
            status = client.get(path).status_code
            if status != 200:
                print(f"{path}: {status}, left out")
                continue
            ours = timed(lambda client=client, path=path: client.get(path), times, warm=False)
            yield Figure("page", f"{who} `{path}`", ours, bare, "/healthz")
