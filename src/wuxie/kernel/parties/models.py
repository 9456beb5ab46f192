"""Organisations, people, posts and dated appointments."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords
from stdnum.cn import uscc as uscc_number

from wuxie.kernel.clock.now import today
from wuxie.kernel.places.models import Place
from wuxie.kernel.search import search_text

from . import masks, roles, visibility
from .secrets import SealedText, blind_index, blind_indexes


def check_uscc(value: str) -> None:
    """Refuse a unified social credit code (GB 32100) whose length, letters or check digit are wrong."""
    if value and not uscc_number.is_valid(value):
        raise ValidationError(
            _("统一社会信用代码“%(code)s”不对：应为18位，末位是校验码。请对照营业执照重抄。"), "uscc", {"code": value}
        )


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, actor: object) -> OrganisationQuerySet:
        """Organisations are public record; nothing private stands in this table."""
        return self


class Organisation(models.Model):
    """A body that acts: a company, the association, an office of a government level, a utility."""

    class Kind(models.TextChoices):
        ASSOCIATION = "association", _("协会")
        COMPANY = "company", _("物业服务企业")
        DEVELOPER = "developer", _("开发企业")
        UTILITY = "utility", _("专营单位")
        GOVERNMENT = "government_unit", _("政府部门")
        COMMITTEE = "owners_committee", _("业主委员会")
        AGENCY = "third_party_agency", _("第三方机构")

    kind = models.CharField(_("类别"), max_length=24, choices=Kind)
    name = models.CharField(_("名称"), max_length=120)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    uscc = models.CharField(
        _("统一社会信用代码"), max_length=18, null=True, blank=True, unique=True, validators=[check_uscc]
    )
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, verbose_name=_("所在地"))
    search = models.CharField(max_length=600, blank=True, editable=False, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords()

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("单位")
        indexes = [models.Index(fields=["kind", "name"])]

    def __str__(self) -> str:
        return self.short_name or self.name

    def index(self) -> Organisation:
        """Set the search column; call before every write."""
        self.search = search_text(f"{self.name} {self.short_name}")
        return self

    def save(self, *args: object, **kwargs: object) -> None:
        self.index()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def key(self) -> str:
        """The text key by which facts name this body (``company:3``)."""
        return f"{self.kind}:{self.pk}"


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, actor: Any) -> PersonQuerySet:
        """Oneself, and whom the records that one may see name; what is shown of them is masked."""
        return self.filter(models.Q(pk=actor.person_id or 0) | visibility.seen_by(actor))

    def matching(self, text: str) -> PersonQuerySet:
        """Whose name, phone or ID number is exactly this text: encrypted values are found in no other way."""
        return self.filter(
            models.Q(name_index__in=blind_indexes(text, context="name"))
            | models.Q(phone_index__in=blind_indexes(text, context="phone"))
            | models.Q(id_index__in=blind_indexes(text, context="id_number"))
        )

    def by_phone(self, phone: str) -> PersonQuerySet:
        return self.filter(phone_index__in=blind_indexes(phone, context="phone"))

    def by_id_number(self, number: str) -> PersonQuerySet:
        return self.filter(id_index__in=blind_indexes(number, context="id_number"))

    def by_name(self, name: str) -> PersonQuerySet:
        return self.filter(name_index__in=blind_indexes(name, context="name"))


#: Encrypted fields of a person and the columns by which they are found again.
INDEXED = {"name": "name_index", "phone": "phone_index", "id_number": "id_index"}


class Person(models.Model):
    """Someone; what identifies them is encrypted, and found again only by exact text."""

    name = SealedText(_("姓名"))
    name_index = models.CharField(max_length=32, blank=True, db_index=True, editable=False)
    phone = SealedText(_("手机号"))
    phone_index = models.CharField(max_length=32, blank=True, db_index=True, editable=False)
    id_number = SealedText(_("证件号"))
    id_index = models.CharField(max_length=32, blank=True, db_index=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("人员")

    def __str__(self) -> str:
        return self.masked_name

    def index(self) -> Person:
        """Set the blind indexes from the plain values; call before every write."""
        for field, column in INDEXED.items():
            value = getattr(self, field)
            setattr(self, column, blind_index(value, context=field) if value else "")
        return self

    def save(self, *args: object, **kwargs: object) -> None:
        self.index()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def key(self) -> str:
        return f"person:{self.pk}"

    @property
    def masked_name(self) -> str:
        return masks.name(self.name)

    @property
    def masked_phone(self) -> str:
        return masks.phone(self.phone)

    @property
    def masked_id_number(self) -> str:
        return masks.id_number(self.id_number)


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def visible_to(self, actor: Any) -> AppointmentQuerySet:
        """The association sees all, a company those at it, everybody their own."""
        if actor.holds(*roles.ASSOCIATION):
            return self
        return self.filter(
            models.Q(person=actor.person_id or 0) | models.Q(organisation__in=actor.organisations(*roles.COMPANY))
        )

    def on(self, day: datetime.date) -> AppointmentQuerySet:
        """Appointments in force on a day (both ends included)."""
        return self.filter(starts_on__lte=day).filter(models.Q(ends_on=None) | models.Q(ends_on__gte=day))

    def now(self) -> AppointmentQuerySet:
        return self.on(today())


class Appointment(models.Model):
    """Someone holds a role, from a day to a day: the only source of anybody's rights."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments", verbose_name=_("人员"))
    role = models.CharField(_("角色"), max_length=32)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="appointments", verbose_name=_("单位")
    )
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, verbose_name=_("辖区"))
    subject = models.CharField(max_length=40, blank=True)
    """Where a role is held at one thing, its text key: ``project:17``, ``estate:5``."""
    title = models.CharField(_("职务"), max_length=60, blank=True)
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止"), null=True, blank=True)
    paper_number = models.CharField(_("任职文号"), max_length=80, blank=True)
    history = HistoricalRecords()

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["role", "starts_on", "pk"]
        verbose_name = _("任职")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="appointment_ends_after_start",
            )
        ]
        indexes = [
            models.Index(fields=["person", "starts_on"]),
            models.Index(fields=["role", "organisation"]),
            models.Index(fields=["role", "place"]),
            models.Index(fields=["subject", "role"]),
        ]

    def __str__(self) -> str:
        return f"{roles.label(self.role)} · {self.organisation or self.place or self.subject}"
