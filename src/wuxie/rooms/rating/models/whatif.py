"""What would have been: a past cycle's facts under two versions of the standard. Kept for comparing, never part of a case."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel import labels
from wuxie.kernel.access.actor import Actor
from wuxie.kernel.parties.roles import ASSOCIATION
from wuxie.rooms.register.models import Estate


class WhatIfQuerySet(models.QuerySet["WhatIf"]):
    def visible_to(self, actor: Actor) -> WhatIfQuerySet:
        """Who may read drafts: the association, and the city over the cycle's own place."""
        if actor.holds(*ASSOCIATION):
            return self
        return self.filter(actor.within("cycle__place_code", "gov_city"))


class WhatIf(models.Model):
    """One comparison. Both documents are kept as they were read, so that a draft may go on being changed."""

    cycle = models.ForeignKey("rating.Cycle", models.PROTECT, related_name="+", verbose_name=gettext_lazy("周期"))
    base = models.ForeignKey(
        "standards.Version", models.CASCADE, related_name="+", verbose_name=gettext_lazy("对照版本")
    )
    draft = models.ForeignKey(
        "standards.Version", models.CASCADE, related_name="+", verbose_name=gettext_lazy("推演版本")
    )
    base_document = models.JSONField()
    draft_document = models.JSONField()
    made_by = models.CharField(max_length=40)
    made_name = models.CharField(gettext_lazy("推演人"), max_length=80, blank=True)
    made_at = models.DateTimeField(gettext_lazy("推演时间"))
    job = models.CharField(max_length=26, blank=True)
    """The job that computes it; empty where the answer was there at once."""
    finished_at = models.DateTimeField(null=True)
    milliseconds = models.PositiveIntegerField(default=0)
    projects = models.PositiveIntegerField(gettext_lazy("项目"), default=0)
    up = models.PositiveIntegerField(gettext_lazy("升星"), default=0)
    down = models.PositiveIntegerField(gettext_lazy("降星"), default=0)
    summary = models.JSONField(default=dict)
    """Means and matrix as texts and whole numbers (``whatif.summary``)."""

    objects = WhatIfQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = gettext_lazy("标准推演")

    def __str__(self) -> str:
        return _("%(cycle)s：%(draft)s 比 %(base)s") % {
            "cycle": self.cycle.name, "draft": self.draft_version, "base": self.base_version,
        }  # fmt: skip

    def get_absolute_url(self) -> str:
        return reverse("rating_whatif", args=[self.pk])

    @property
    def base_version(self) -> str:
        return str(self.base_document["version"])

    @property
    def draft_version(self) -> str:
        return str(self.draft_document["version"])


class WhatIfRow(models.Model):
    """One project under both versions; a change is the second version minus the first."""

    class Size(models.TextChoices):
        """Of a company, by the projects that it serves in the cycle's place on the window's last day."""

        SMALL = "small", gettext_lazy("在管 1–2 个项目")
        MIDDLE = "middle", gettext_lazy("在管 3–9 个项目")
        LARGE = "large", gettext_lazy("在管 10 个项目以上")

    whatif = models.ForeignKey(WhatIf, models.CASCADE, related_name="rows")
    project = models.ForeignKey("register.Project", models.PROTECT, related_name="+", verbose_name=gettext_lazy("项目"))
    district = models.CharField(gettext_lazy("区县"), max_length=6)
    klass = models.CharField(gettext_lazy("类别"), max_length=20, choices=Estate.Klass)
    size = models.CharField(gettext_lazy("企业规模"), max_length=8, choices=Size)
    base_hundredths = models.IntegerField()
    draft_hundredths = models.IntegerField()
    change_hundredths = models.IntegerField()
    """Of the unrounded totals, half up: only for showing and sorting."""
    base_stars = models.PositiveSmallIntegerField()
    draft_stars = models.PositiveSmallIntegerField()
    change_stars = models.SmallIntegerField()
    base_vetoes = models.JSONField(default=list)
    draft_vetoes = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    """The indicators that moved most: id, label, change in points (two decimals)."""
    judged = models.BooleanField(default=False)
    """Whether a panel had marked it in the cycle."""

    class Meta:
        ordering = ["whatif_id", "change_hundredths", "pk"]
        verbose_name = gettext_lazy("推演结果")
        constraints = [models.UniqueConstraint(fields=["whatif", "project"], name="one_whatif_row_a_project")]

    def __str__(self) -> str:
        return str(self.project.estate.name)

    @property
    def reason(self) -> str:
        return "、".join(f"{one} {labels.said(label)} {change}" for one, label, change in self.reasons)
