"""Making and ending tokens."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from wuxie.kernel.clock.now import now, today

from .models import ApiToken

PREFIX = "wx_"


def digest(token: str) -> str:
    """What is kept of a token; 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def issue(account: Any, *, name: str, scopes: Iterable[str], days: int) -> tuple[ApiToken, str]:
    """A new token and its text, which nobody can read again."""
    text = PREFIX + secrets.token_urlsafe(32)
    made = ApiToken.objects.create(
        account=account, name=name, hint=text[:8], digest=digest(text), scopes=sorted(scopes), created_at=now(),
        expires_on=today() + datetime.timedelta(days=days),
    )  # fmt: skip
    return made, text


@transaction.atomic
def revoke(token: ApiToken) -> None:
    """From now on it opens nothing; doing it twice changes nothing."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now())


def touch(token: ApiToken) -> None:
    """Remember the day of use, once a day: reading must not take the write lock each time."""
    if token.used_on != today():
        ApiToken.objects.filter(pk=token.pk).update(used_on=today())
