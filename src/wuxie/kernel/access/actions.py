"""Verbs on accounts, and the one way to read private data in plain."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.clock.now import now
from wuxie.kernel.parties import journal
from wuxie.kernel.parties.models import Person

from .actor import Actor
from .models import Account, Look

#: What of a person may be unmasked, in words.
FIELDS = {"name": gettext_lazy("姓名"), "phone": gettext_lazy("手机号"), "id_number": gettext_lazy("证件号")}
_LOWER, _UPPER, _DIGITS = "abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"
_username = RegexValidator(r"^[A-Za-z][A-Za-z0-9._-]{2,59}$")


@transaction.atomic
def look(person: Person, fields: Iterable[str], *, by: Actor, reason: str) -> dict[str, str]:
    """Read private data in plain; the reason is written down before anything is shown. Returns field → plain text."""
    wanted = [field for field in FIELDS if field in set(fields)]
    if not wanted:
        raise ValidationError({"fields": _("没有选要看哪一项。")})
    if len(reason.strip()) < 4:
        raise ValidationError({"reason": _("请写清楚为什么要看，至少四个字。")})
    line = Look.objects.create(
        person=person, fields=",".join(wanted), by=by.key, seer_id=by.person_id, reason=reason.strip()[:200], at=now()
    )
    journal.write(
        "looked", person.key, by=by.key, source=f"look:{line.pk}", details={"fields": line.fields},
        personal={"reason": line.reason},
    )  # fmt: skip
    return {field: str(getattr(person, field)) for field in wanted}


def new_password() -> str:
    """Twelve characters that are not taken for one another on paper, of three classes."""
    alphabet = _LOWER + _UPPER + _DIGITS
    while True:
        word = "".join(secrets.choice(alphabet) for _position in range(12))
        if all(set(word) & set(part) for part in (_LOWER, _UPPER, _DIGITS)):
            return word


@transaction.atomic
def open_account(person: Person, username: str, *, by: Actor) -> tuple[Account, str]:
    """Give someone a key to the door; the password is returned once and kept nowhere."""
    username = username.strip()
    try:
        _username(username)
    except ValidationError:
        raise ValidationError({"username": _("用户名要以字母开头，3 到 60 位，只用字母、数字和 . _ -。")}) from None
    if Account.objects.filter(person=person).exists():
        raise ValidationError({"username": _("%(who)s 已经有账号。") % {"who": person.masked_name}})
    if Account.objects.filter(username__iexact=username).exists():
        raise ValidationError({"username": _("用户名“%(name)s”已有人用。换一个。") % {"name": username}})
    word = new_password()
    account = Account(username=username, person=person, password_changed_at=now())
    account.set_password(word)
    account._change_reason = _("开通账号")  # type: ignore[attr-defined]
    account.save()
    _write("account_opened", account, by=by)
    return account, word


def _write(verb: str, account: Account, *, by: Actor, **personal: str) -> None:
    """A line in the journal. The user name is often a person's name, so the account is named by its number."""
    subject = f"person:{account.person_id}" if account.person_id else f"account:{account.pk}"
    journal.write(verb, subject, by=by.key, source=f"account:{account.pk}", personal=personal)


@transaction.atomic
def reset_password(account: Account, *, by: Actor) -> str:
    """Put a new password in place of the old one; every session of the account ends with it."""
    word = new_password()
    validate_password(word, account)
    account.set_password(word)
    account.password_changed_at = now()
    account._change_reason = _("重设密码")  # type: ignore[attr-defined]
    account.save()
    _write("password_reset", account, by=by)
    return word


@transaction.atomic
def close_account(account: Account, *, by: Actor, reason: str) -> Account:
    """Let nobody in with this account any more; who is inside is out at the next click."""
    if account.person_id is not None and account.person_id == by.person_id:
        raise ValidationError(_("不能停用自己的账号。"))
    closed = _switch(account, False, _("停用：%(reason)s") % {"reason": reason.strip()})
    _write("account_closed", account, by=by, **({"reason": reason.strip()} if reason.strip() else {}))
    return closed


@transaction.atomic
def reopen_account(account: Account, *, by: Actor) -> Account:
    opened = _switch(account, True, _("恢复登录"))
    _write("account_reopened", account, by=by)
    return opened


def _switch(account: Account, active: bool, reason: str) -> Account:
    account.is_active = active
    account._change_reason = reason[:100]  # type: ignore[attr-defined]
    account.save()
    return account
