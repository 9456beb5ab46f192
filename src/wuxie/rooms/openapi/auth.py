"""Who asks with a token: the person of the account, with the appointments of this very moment."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security import HttpBearer

from wuxie.kernel.access.actor import Actor, actor_of

from . import actions, errors
from .models import ApiToken


class Token(HttpBearer):
    """``Authorization: Bearer wx_…`` with a scope; an ended, expired or foreign token is no token."""

    def __init__(self, scope: str = "") -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        found = (
            ApiToken.objects.standing().select_related("account__person").filter(digest=actions.digest(token)).first()
        )
        if found is None or not found.account.is_active or found.account.person is None:
            return None
        if self.scope and self.scope not in found.scopes:
            raise errors.NotYours(self.scope)
        actions.touch(found)
        return actor_of(found.account.person)


def actor(request: HttpRequest) -> Actor:
    """The actor that the token stands for."""
    return request.auth  # type: ignore[attr-defined, no-any-return]
