"""Versions of the library of duties and hazards: published whole, never changed."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.roles import ASSOCIATION, AT_COMPANY, GOVERNMENT


class LibraryQuerySet(models.QuerySet["Library"]):
    def visible_to(self, actor: Actor) -> LibraryQuerySet:
        """For everyone who makes, keeps or oversees duty lists, and for those who hold a post."""
        return self if actor.holds(*ASSOCIATION, *GOVERNMENT, *AT_COMPANY, "post_holder") else self.none()

    def newest(self) -> Library | None:
        return self.order_by("-published_at", "-pk").first()


class Library(models.Model):
    """One version: what each post has to do, and which hazards there are."""

    version = models.CharField(gettext_lazy("版本"), max_length=20, unique=True)
    label = models.CharField(gettext_lazy("名称"), max_length=80)
    document = models.JSONField(gettext_lazy("内容"))
    sha256 = models.CharField(gettext_lazy("摘要"), max_length=64)
    """Of the document as canonical JSON."""
    published_by = models.CharField(max_length=40)
    published_at = models.DateTimeField(gettext_lazy("发布时间"))

    objects = LibraryQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        verbose_name = gettext_lazy("职责库")

    def __str__(self) -> str:
        return f"{self.label} {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("safety:library_version", args=[self.pk])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuses to touch what is published (a trigger refuses it too)."""
        if self.pk:
            raise ValidationError(_("已发布的职责库不能再改。请发布新版本。"))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise ValidationError(_("已发布的职责库不能删除。"))
