"""Accounts, and the record of who looked at what."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from wuxie.kernel.parties.models import Person


class AccountManager(BaseUserManager["Account"]):
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

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    class Meta:
        ordering = ["username"]
        verbose_name = _("账号")

    @property
    def is_staff(self) -> bool:
        """No account has a back door: there is no admin site."""
        return False


class Look(models.Model):
    """Someone read private data in plain: who, whose, which field, why. Never edited, never deleted."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="looks", verbose_name=_("被查看的人"))
    fields = models.CharField(_("字段"), max_length=60)
    by = models.CharField(_("查看人"), max_length=40, db_index=True)
    reason = models.CharField(_("理由"), max_length=200)
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("明文查看记录")
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="look_has_reason")]
