"""Accounts, and the record of who looked at what."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from wuxie.kernel.parties.models import Person
from wuxie.kernel.parties.roles import ASSOCIATION

from .actor import Actor


class AccountQuerySet(models.QuerySet["Account"]):
    def visible_to(self, actor: Actor) -> AccountQuerySet:
        """The secretariat gives and closes accounts; everybody has their own."""
        if actor.holds("association_secretariat"):
            return self
        return self.filter(person=actor.person_id or 0)


class AccountManager(BaseUserManager.from_queryset(AccountQuerySet)):  # type: ignore[misc]
    def create_user(self, username: str, password: str | None = None, *, person: Person | None = None) -> Account:
        account = self.model(username=username, person=person)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=username)


class Account(AbstractBaseUser):
    """The key to the door: a name and a password. What its holder may do is derived from appointments."""

    username = models.CharField(_("用户名"), max_length=60, unique=True)
    person = models.OneToOneField(Person, models.PROTECT, null=True, blank=True, related_name="account")
    is_active = models.BooleanField(_("可登录"), default=True)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords(excluded_fields=["password", "last_login"])

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    class Meta:
        ordering = ["username"]
        verbose_name = _("账号")

    def __str__(self) -> str:
        return self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Signing in writes ``last_login``, which is no change that anybody would look up."""
        only = kwargs.get("update_fields")
        quiet = only is not None and set(only) == {"last_login"}
        if quiet:
            self.skip_history_when_saving = True
        super().save(*args, **kwargs)
        if quiet:
            del self.skip_history_when_saving

    @property
    def is_staff(self) -> bool:
        """No account has a back door: there is no admin site."""
        return False


class LookQuerySet(models.QuerySet["Look"]):
    def visible_to(self, actor: Actor) -> LookQuerySet:
        """The association's office sees all looks; everybody those at themselves and those they took."""
        if actor.holds(*ASSOCIATION):
            return self
        if actor.person_id is None:
            return self.none()
        return self.filter(models.Q(person=actor.person_id) | models.Q(by=actor.key))


class Look(models.Model):
    """Someone read private data in plain: who, whose, which field, why. Never edited, never deleted."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="looks", verbose_name=_("被查看的人"))
    fields = models.CharField(_("字段"), max_length=60)
    by = models.CharField(_("查看人"), max_length=40, db_index=True)
    seer = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="looks_taken")
    reason = models.CharField(_("理由"), max_length=200)
    at = models.DateTimeField(db_index=True)

    objects = LookQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("明文查看记录")
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="look_has_reason")]

    def __str__(self) -> str:
        return f"{self.person} {self.fields}"
