"""Standards as versioned data: drafts may be changed, a published version never again."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.parties.roles import ASSOCIATION


class VersionQuerySet(models.QuerySet["Version"]):
    def visible_to(self, actor: object) -> VersionQuerySet:
        """Published versions are for everyone; drafts for those who make standards."""
        if actor.holds(*ASSOCIATION, "gov_city"):  # type: ignore[attr-defined]
            return self
        return self.filter(state=Version.State.PUBLISHED)

    def published(self) -> VersionQuerySet:
        return self.filter(state=Version.State.PUBLISHED)

    def of_projects(self) -> VersionQuerySet:
        """Standards that score projects; those of a company say so in their document."""
        # Most documents do not name a subject, and what is not there is not unlike anything to a database.
        return self.filter(models.Q(document__subject__isnull=True) | ~models.Q(document__subject="company"))

    def keyed(self, key: str) -> Version | None:
        """The version written ``name@version``."""
        name, _at, version = key.partition("@")
        return self.filter(name=name, version=version).first()


class Version(models.Model):
    """One version of a standard; its document is what every score is computed from."""

    class State(models.TextChoices):
        DRAFT = "draft", gettext_lazy("草拟")
        PUBLISHED = "published", gettext_lazy("已发布")

    name = models.SlugField(gettext_lazy("标准代号"), max_length=60)
    version = models.CharField(gettext_lazy("版本"), max_length=20)
    label = models.CharField(gettext_lazy("名称"), max_length=80)
    document = models.JSONField(gettext_lazy("内容"))
    state = models.CharField(gettext_lazy("状态"), max_length=10, choices=State, default=State.DRAFT)
    sha256 = models.CharField(gettext_lazy("摘要"), max_length=64, blank=True)
    """Of the document as canonical JSON; set when it is published."""
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    published_by = models.CharField(max_length=40, blank=True)
    published_name = models.CharField(max_length=80, blank=True)
    published_at = models.DateTimeField(null=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["name", "-created_at", "-pk"]
        verbose_name = gettext_lazy("评分标准")
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="one_standard_a_version"),
            models.CheckConstraint(condition=Q(state="draft") | ~Q(sha256=""), name="published_standard_is_hashed"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.version}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Refuses to touch a version that is published in the database (a trigger refuses it too)."""
        if self.pk and Version.objects.filter(pk=self.pk, state=self.State.PUBLISHED).exists():
            raise ValidationError(_("已发布的标准不能再改。请复制成新草稿再修改。"))
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        if self.state == self.State.PUBLISHED:
            raise ValidationError(_("已发布的标准不能删除。"))
        return super().delete(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def key(self) -> str:
        """How a cycle names it: ``red-property-star@2026.1``."""
        return f"{self.name}@{self.version}"
