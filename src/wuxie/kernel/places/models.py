"""The tree 市 → 区县 → 街道/乡镇 → 社区/村, by the codes of the National Bureau of Statistics."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

#: Length of a code at each level; a place's parent is the code cut to the level above.
LENGTHS = (4, 6, 9, 12)
#: What to join to a row with a ``place`` so that ``place.full_name`` needs no further query.
WITH_PARENTS = "place__parent__parent__parent"


#: What the statistical names of communities end in and nobody says.
COMMITTEES = ("居民委员会", "村民委员会")


def said(name: str) -> str:
    """A name as people say it: ``光明社区居民委员会`` → ``光明社区``."""
    for ending in COMMITTEES:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name


def parent_code(code: str) -> str | None:
    """The code one level up (``510402001001`` → ``510402001``), ``None`` above a city."""
    shorter = [length for length in LENGTHS if length < len(code)]
    return code[: shorter[-1]] if shorter else None


def ancestors(code: str) -> list[str]:
    """The codes above, the city first, without the place itself."""
    return [code[:length] for length in LENGTHS if length < len(code)]


def under(field: str, code: str) -> models.Q:
    """Rows whose ``field`` is this place or lies below it: one range of the index, on any database."""
    return models.Q(**{f"{field}__gte": code, f"{field}__lt": code + ":"})


class PlaceQuerySet(models.QuerySet["Place"]):
    def under(self, code: str) -> PlaceQuerySet:
        """The place and everything below it, by one indexed range."""
        return self.filter(under("code", code))

    def under_any(self, codes: Iterable[str]) -> PlaceQuerySet:
        """Places in or below one of these; none for no code."""
        query = models.Q(pk__in=[])
        for code in codes:
            query |= under("code", code)
        return self.filter(query)

    def visible_to(self, actor: object) -> PlaceQuerySet:
        """Divisions are public."""
        return self


class Place(models.Model):
    class Level(models.IntegerChoices):
        CITY = 1, _("市")
        DISTRICT = 2, _("区县")
        STREET = 3, _("街道、乡镇")
        COMMUNITY = 4, _("社区、村")

    code = models.CharField(_("代码"), max_length=12, primary_key=True)
    name = models.CharField(_("名称"), max_length=80)
    level = models.PositiveSmallIntegerField(_("级别"), choices=Level)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    search = models.CharField(max_length=600, blank=True, editable=False)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("行政区划")
        indexes = [models.Index(fields=["level", "code"])]

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        """``攀枝花市 东区 大渡口街道 临江社区``; join the parents (``WITH_PARENTS``) where many rows are shown."""
        names, here = [said(self.name)], self.parent
        while here is not None:
            names.append(said(here.name))
            here = here.parent
        return " ".join(reversed(names))
