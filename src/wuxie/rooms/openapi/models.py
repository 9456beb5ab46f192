"""Tokens for machines: each belongs to an account, opens only what its scopes name, and never more than its person may see."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today

#: What a token may be made for.
SCOPES = {
    "ratings:read": _("读我能看的星级申报"),
    "facts:read": _("读我能看的事实"),
}


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def visible_to(self, actor: Actor) -> ApiTokenQuerySet:
        """One's own."""
        return self.filter(account__person=actor.person_id or 0)

    def standing(self, day: datetime.date | None = None) -> ApiTokenQuerySet:
        """Tokens that open something today."""
        return self.filter(revoked_at=None, expires_on__gte=day or today())


class ApiToken(models.Model):
    """The token itself is shown once; only its hash is kept. It carries no right: those are asked anew each time."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("用途"), max_length=60)
    hint = models.CharField(_("开头"), max_length=8)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(_("范围"), default=list)
    created_at = models.DateTimeField(_("建立"))
    expires_on = models.DateField(_("有效至"))
    used_on = models.DateField(_("最近使用"), null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("接口令牌")
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="token_says_what_for")]

    def __str__(self) -> str:
        return self.name

    @property
    def stands(self) -> bool:
        return self.revoked_at is None and self.expires_on >= today()

    @property
    def scope_words(self) -> list[str]:
        return [str(SCOPES.get(scope, scope)) for scope in self.scopes]
