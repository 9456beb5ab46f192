"""Which holiday arrangements were imported here, by whom."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class HolidayYear(models.Model):
    """One import of a year's arrangement; the newest of a year counts, earlier ones stay as they were."""

    year = models.PositiveSmallIntegerField(_("年份"), db_index=True)
    papers = models.JSONField(_("通知"), default=list)
    """Addresses of the State Council's notice."""
    source = models.CharField(_("发文字号"), max_length=120, blank=True, default="")
    """The notice's number (国办发明电〔2025〕7号), or its title in a document that names no number."""
    imported_by = models.CharField(max_length=40)
    imported_name = models.CharField(max_length=80, blank=True)
    imported_at = models.DateTimeField()

    class Meta:
        ordering = ["-year", "-pk"]
        verbose_name = _("放假安排")

    def __str__(self) -> str:
        return f"{self.year}"


class HolidayDay(models.Model):
    """A day off, or a day of the weekend that is worked."""

    year = models.ForeignKey(HolidayYear, models.CASCADE, related_name="days")
    date = models.DateField(_("日期"))
    name = models.CharField(_("节日"), max_length=40, blank=True)
    is_off = models.BooleanField(_("放假"))

    class Meta:
        ordering = ["date"]
        verbose_name = _("放假与调休日")
        constraints = [models.UniqueConstraint(fields=["year", "date"], name="one_holiday_day_a_year")]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
