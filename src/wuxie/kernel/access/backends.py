"""Sign-in by user name or phone number; the phone is found by its blind index only."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from wuxie.kernel.parties.models import Person

from .models import Account


class SignInBackend(BaseBackend):
    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **_: Any
    ) -> Account | None:
        account = self._find(username)
        if account is None:
            Account().set_password(password)  # the same work for a name that does not exist: timing tells nothing
            return None
        return account if account.is_active and account.check_password(password) else None

    def get_user(self, user_id: int) -> Account | None:
        return Account.objects.select_related("person").filter(pk=user_id, is_active=True).first()

    def _find(self, username: str) -> Account | None:
        found = Account.objects.select_related("person").filter(username=username).first()
        if found is None and username:
            people = Person.objects.by_phone(username).values("pk")[:2]
            found = Account.objects.select_related("person").filter(person__in=[row["pk"] for row in people]).first()
        return found
