"""The ledger's tables. Nothing here is ever changed or deleted but the queue, the cache and what a person had erased."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from .canonical import quantity_text
from .kinds import label_of
from .trust import Trust

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class JsonText(models.TextField):
    """A list or map kept as canonical JSON text, so that every database stores and sorts the same characters."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if value == "[]":
            return []
        if value == "{}":
            return {}
        return None if value is None else json.loads(value)

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else json_text(value)


def json_text(value: Any) -> str:
    """Canonical JSON of a list or map; most are empty."""
    if value:
        return _encode(value)
    return "[]" if isinstance(value, list | tuple) else "{}" if isinstance(value, dict) else _encode(value)


class Fact(models.Model):
    """Something that happened, as it was received. See ``ledger`` for the verbs, ``canonical`` for what is hashed."""

    id = models.CharField(_("编号"), primary_key=True, max_length=26)
    kind = models.CharField(_("种类"), max_length=100)
    subject = models.CharField(_("主体"), max_length=80)
    also_counts_for: models.Field[Any, list[str]] = JsonText(_("同时计入"), default=list)
    quantity = models.BigIntegerField(_("数量（百万分之一）"))
    unit = models.CharField(_("单位"), max_length=20)
    occurred_on = models.DateField(_("发生日"))
    recorded_at = models.DateTimeField(_("收到时间"))
    recorded_on = models.DateField(_("收到日"))
    valid_until = models.DateField(_("有效至"), null=True, blank=True)
    trust = models.SmallIntegerField(_("可信等级"), choices=Trust.choices)
    source = models.CharField(_("来源单据"), max_length=200)
    revision = models.PositiveIntegerField(_("版次"), default=1)
    by = models.CharField(_("经办"), max_length=60)
    note = models.TextField(_("说明"), blank=True, default="")
    attachments: models.Field[Any, list[str]] = JsonText(_("附件摘要"), default=list)
    personal: models.Field[Any, dict[str, str]] = JsonText(_("个人信息承诺"), default=dict)
    suspicious = models.TextField(_("存疑"), blank=True, default="")
    regards = models.CharField(_("所涉事实"), max_length=26, blank=True, default="")
    details: models.Field[Any, dict[str, str]] = JsonText(_("补充"), default=dict)
    salt = models.CharField(_("盐"), max_length=64, blank=True, default="")
    """32 random bytes in hex, from which the salts of the fact's parts are derived; never leaves the house."""
    content_hash = models.CharField(_("内容摘要"), max_length=64)

    class Meta:
        ordering = ["recorded_at", "id"]
        verbose_name = verbose_name_plural = _("事实")
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "revision"], name="fact_once_per_source_kind_revision"),
            models.CheckConstraint(condition=models.Q(trust__gte=0, trust__lte=3), name="fact_trust_is_a_level"),
            models.CheckConstraint(condition=models.Q(revision__gte=1), name="fact_revision_from_one"),
        ]
        indexes = [
            models.Index(fields=["subject", "kind", "occurred_on"], name="fact_of_subject"),
            models.Index(fields=["kind", "occurred_on"], name="fact_of_kind"),
            models.Index(fields=["recorded_at", "id"], name="fact_by_receipt"),
            models.Index(fields=["occurred_on", "id"], name="fact_by_day"),
            models.Index(fields=["regards"], name="fact_regards", condition=~models.Q(regards="")),
            models.Index(fields=["recorded_at"], name="fact_suspicious", condition=~models.Q(suspicious="")),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.subject} {self.occurred_on}"

    @property
    def label(self) -> str:
        """The kind in words."""
        return label_of(self.kind)

    @property
    def amount(self) -> str:
        """The quantity as decimal text."""
        return quantity_text(self.quantity)

    @property
    def subjects(self) -> list[str]:
        """Everybody the fact counts for, its own subject first."""
        return [self.subject, *self.also_counts_for]

    @property
    def days_late(self) -> int:
        """Days between what is claimed (``occurred_on``) and what is known (``recorded_on``)."""
        return (self.recorded_on - self.occurred_on).days


class Also(models.Model):
    """One row for each further subject a fact counts for: ``Fact.also_counts_for``, findable by index."""

    fact = models.ForeignKey(Fact, models.PROTECT, related_name="also")
    subject = models.CharField(_("主体"), max_length=80)

    class Meta:
        verbose_name = verbose_name_plural = _("同时计入")
        constraints = [models.UniqueConstraint(fields=["fact", "subject"], name="also_once_per_fact")]
        indexes = [models.Index(fields=["subject"], name="also_of_subject")]


class Unsealed(models.Model):
    """The sealer's queue: one row beside each fact that no seal covers yet."""

    fact = models.OneToOneField(Fact, models.PROTECT, related_name="unsealed")

    class Meta:
        verbose_name = verbose_name_plural = _("待封存")


class Seal(models.Model):
    """One sealing: the tree's size and root afterwards. ``root`` is what outside keepers hold."""

    number = models.PositiveIntegerField(_("封存号"), primary_key=True)
    sealed_at = models.DateTimeField(_("封存时间"))
    facts = models.PositiveIntegerField(_("事实数"))
    size = models.BigIntegerField(_("树的大小"))
    root = models.CharField(_("根"), max_length=64)
    edge = models.TextField(_("右缘"))
    hash = models.CharField(_("末叶摘要"), max_length=64)

    class Meta:
        ordering = ["number"]
        verbose_name = verbose_name_plural = _("封存")
        constraints = [models.UniqueConstraint(fields=["size"], name="seal_once_per_size")]
        indexes = [models.Index(fields=["root"], name="seal_by_root")]

    def __str__(self) -> str:
        return f"{self.number}: {self.root}"


class Link(models.Model):
    """A fact's place in the chain of one subject, and the leaf that says so (``canonical.link_bytes``)."""

    fact = models.ForeignKey(Fact, models.PROTECT, related_name="links", db_index=False)
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="links", db_index=False)
    subject = models.CharField(_("主体"), max_length=80)
    seq = models.PositiveIntegerField(_("序号"))
    previous = models.CharField(_("前一叶摘要"), max_length=64)
    leaf = models.BigIntegerField(_("叶号"), unique=True)
    hash = models.CharField(_("叶摘要"), max_length=64)

    class Meta:
        ordering = ["leaf"]
        verbose_name = verbose_name_plural = _("链节")
        constraints = [
            models.UniqueConstraint(fields=["subject", "seq"], name="link_once_per_subject_and_number"),
            models.UniqueConstraint(fields=["fact", "subject"], name="link_once_per_fact_and_subject"),
        ]


class Head(models.Model):
    """How far the chain of a subject reached with one seal, and the leaf that says so (``canonical.head_bytes``)."""

    seal = models.ForeignKey(Seal, models.PROTECT, related_name="heads", db_index=False)
    subject = models.CharField(_("主体"), max_length=80)
    count = models.PositiveIntegerField(_("事实数"))
    head = models.CharField(_("链头"), max_length=64)
    leaf = models.BigIntegerField(_("叶号"), unique=True)
    hash = models.CharField(_("叶摘要"), max_length=64)

    class Meta:
        ordering = ["leaf"]
        verbose_name = verbose_name_plural = _("链头")
        constraints = [models.UniqueConstraint(fields=["subject", "seal"], name="head_once_per_subject_and_seal")]


class Tile(models.Model):
    """256 neighbouring nodes of the tree, once all are known: of the leaves (level 0), of every 256th level above."""

    level = models.PositiveSmallIntegerField(_("层"))
    number = models.BigIntegerField(_("序号"))
    hashes = models.BinaryField(_("摘要"))

    class Meta:
        ordering = ["level", "number"]
        verbose_name = verbose_name_plural = _("树片")
        constraints = [models.UniqueConstraint(fields=["level", "number"], name="tile_once_per_level_and_number")]


class Standing(models.Model):
    """What later facts made of a fact. A cache: ``audit`` derives it again and compares every row."""

    fact = models.OneToOneField(Fact, models.PROTECT, primary_key=True, related_name="standing")
    trust = models.SmallIntegerField(_("提高后的等级"), choices=Trust.choices, null=True)
    superseded_by = models.CharField(_("被取代"), max_length=26, blank=True, default="")
    superseded_on = models.DateField(_("取代的收到日"), null=True)
    frozen_until = models.DateField(_("异议冻结至"), null=True)
    admitted_on = models.DateField(_("补录计入日"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("事实现状")


class Private(models.Model):
    """A personal value and the salt of its commitment, encrypted; the only part of a fact that can be erased."""

    fact = models.ForeignKey(Fact, models.PROTECT, related_name="private")
    field = models.CharField(_("字段"), max_length=40)
    sealed = models.BinaryField(_("密文"))

    class Meta:
        verbose_name = verbose_name_plural = _("个人信息")
        constraints = [models.UniqueConstraint(fields=["fact", "field"], name="private_once_per_field")]


#: Tables in which no row may be changed or deleted.
APPEND_ONLY: tuple[type[models.Model], ...] = (Fact, Also, Link, Head, Seal, Tile)
