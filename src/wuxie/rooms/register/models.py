"""Estates and what is in them, companies' projects, posts and who holds them.

A project (项目) is one company serving one estate under one contract: a fact belongs to the company that served the
estate on that day, so everything that is scored hangs on the project.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import today
from wuxie.kernel.parties.models import Organisation, Person
from wuxie.kernel.parties.roles import ASSOCIATION, COMPANY, GOVERNMENT
from wuxie.kernel.places.models import Place
from wuxie.kernel.search import search_text


class EstateQuerySet(models.QuerySet["Estate"]):
    def visible_to(self, actor: Actor) -> EstateQuerySet:
        """The association sees all, a government level its area, a company where it serves, an owner their own."""
        if actor.holds(*ASSOCIATION):
            return self
        return self.filter(
            actor.within("place_id", *GOVERNMENT)
            | Q(pk__in=actor.ids("estate"))
            | Q(pk__in=Project.objects.filter(_served_by(actor)).values("estate"))
        )


def _served_by(actor: Actor) -> Q:
    return Q(company__in=actor.organisations(*COMPANY)) | Q(pk__in=actor.ids("project"))


class Estate(models.Model):
    """A residential compound or a park: the fifth level."""

    class Klass(models.TextChoices):
        NEW = "new_residential", _("新建商品住宅")
        OLD = "old_estate", _("老旧小区")
        AFFORDABLE = "affordable", _("保障性住房")
        MIXED = "mixed", _("商住综合")
        OFFICE = "office", _("写字楼")
        PARK = "park", _("产业园区")
        PUBLIC = "public_building", _("学校医院公建")

    name = models.CharField(_("小区名称"), max_length=80)
    code = models.CharField(_("小区编码"), max_length=20, unique=True)
    klass = models.CharField(_("类别"), max_length=20, choices=Klass, default=Klass.NEW)
    place = models.ForeignKey(Place, models.PROTECT, verbose_name=_("所在社区"))
    address = models.CharField(_("地址"), max_length=160, blank=True)
    developer = models.CharField(_("建设单位"), max_length=120, blank=True)
    built_year = models.PositiveSmallIntegerField(_("竣工年份"), null=True, blank=True)
    households = models.PositiveIntegerField(_("户数"), default=0)
    area = models.PositiveBigIntegerField(_("收费面积"), default=0, help_text="hundredths of m²")
    gate_photo = models.CharField(max_length=64, blank=True)
    """SHA-256 of the public copy of a picture of the gate."""
    search = models.CharField(max_length=400, blank=True, editable=False)
    history = HistoricalRecords()

    objects = EstateQuerySet.as_manager()

    class Meta:
        ordering = ["place_id", "name", "pk"]
        verbose_name = _("小区")
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="one_estate_a_name_and_community")]
        indexes = [models.Index(fields=["name"]), models.Index(fields=["klass", "place"])]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("register:estate", args=[self.pk])

    def index(self) -> Estate:
        """Set the search column; call before every write."""
        self.search = search_text(f"{self.name} {self.code}", longest=400)
        return self

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.index()
        super().save(*args, **kwargs)

    @property
    def key(self) -> str:
        return f"estate:{self.pk}"


class BuildingQuerySet(models.QuerySet["Building"]):
    def visible_to(self, actor: Actor) -> BuildingQuerySet:
        """Who may see the units of the estate."""
        return self.filter(_inside("estate", actor))


class Building(models.Model):
    estate = models.ForeignKey(Estate, models.CASCADE, related_name="buildings", verbose_name=_("小区"))
    name = models.CharField(_("楼号"), max_length=30)
    floors = models.PositiveSmallIntegerField(_("总层数"), null=True, blank=True)
    has_lift = models.BooleanField(_("有电梯"), null=True, blank=True)
    history = HistoricalRecords()

    objects = BuildingQuerySet.as_manager()

    class Meta:
        ordering = ["estate_id", "name", "pk"]
        verbose_name = _("楼栋")
        constraints = [models.UniqueConstraint(fields=["estate", "name"], name="one_building_a_name")]

    def __str__(self) -> str:
        return self.name


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, actor: Actor) -> UnitQuerySet:
        """Who serves or administers the estate; an owner sees their own units only."""
        if actor.holds(*ASSOCIATION):
            return self
        own = Ownership.objects.filter(person=actor.person_id or 0, ends_on=None).values("unit")
        return self.filter(_inside("estate", actor) | Q(pk__in=own))


def _inside(estate: str, actor: Actor) -> Q:
    """Rows of estates whose doors this person administers: the association, the area's offices, who serves it today,
    its owners' committee. ``estate`` is the path from the row to the estate."""
    if actor.holds(*ASSOCIATION):
        return Q(pk__isnull=False)
    serving = Project.objects.on(today()).filter(_served_by(actor)).order_by().values("estate")
    # Asked of the estates, which are few, so that the rows themselves are found by their index.
    estates = Estate.objects.order_by().filter(
        actor.within("place_id", *GOVERNMENT) | Q(pk__in=serving) | Q(pk__in=actor.ids("estate", "committee_member"))
    )
    return Q(**{f"{estate}__in": estates.values("pk")})


class Unit(models.Model):
    """One exclusive part: what votes, pays and is owned."""

    class Use(models.TextChoices):
        HOME = "home", _("住宅")
        SHOP = "shop", _("商铺")
        OFFICE = "office", _("办公")
        PARKING = "parking", _("车位")
        STORAGE = "storage", _("储藏")

    class Status(models.TextChoices):
        DELIVERED = "delivered", _("已交付")
        UNDELIVERED = "undelivered", _("未交付")
        UNSOLD = "unsold", _("未售")

    class AreaSource(models.TextChoices):
        REGISTERED = "registered", _("登记面积")
        MEASURED = "measured", _("实测面积")
        CONTRACT = "contract", _("合同面积")

    estate = models.ForeignKey(Estate, models.CASCADE, related_name="units", verbose_name=_("小区"))
    building = models.ForeignKey(Building, models.CASCADE, related_name="units", verbose_name=_("楼栋"))
    entrance = models.CharField(_("单元"), max_length=20, blank=True)
    number = models.CharField(_("房号"), max_length=30)
    floor = models.SmallIntegerField(_("楼层"), null=True, blank=True)
    area = models.PositiveIntegerField(_("建筑面积"), help_text="hundredths of m²")
    inner_area = models.PositiveIntegerField(_("室内面积"), null=True, blank=True, help_text="hundredths of m²")
    area_source = models.CharField(_("面积来源"), max_length=12, choices=AreaSource, default=AreaSource.REGISTERED)
    use = models.CharField(_("用途"), max_length=10, choices=Use, default=Use.HOME)
    status = models.CharField(_("交付状态"), max_length=12, choices=Status, default=Status.DELIVERED)
    delivered_on = models.DateField(_("交付日"), null=True, blank=True)
    layout = models.CharField(_("户型"), max_length=30, blank=True)
    history = HistoricalRecords()

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["estate_id", "building_id", "entrance", "number", "pk"]
        verbose_name = _("户室")
        constraints = [
            models.UniqueConstraint(fields=["building", "entrance", "number"], name="one_unit_a_door"),
            models.CheckConstraint(condition=Q(area__gt=0), name="unit_has_area"),
        ]
        indexes = [
            models.Index(fields=["estate", "building", "entrance", "number"]),
            models.Index(fields=["number"]),
            # Of each use in the order of the list: its number and its last page are read from the index alone.
            models.Index(fields=["use", "estate", "building", "entrance", "number"], name="doors_by_use"),
        ]

    def __str__(self) -> str:
        return "-".join(part for part in (self.building.name, self.entrance, self.number) if part)

    def get_absolute_url(self) -> str:
        return reverse("register:unit", args=[self.pk])


class OwnershipQuerySet(models.QuerySet["Ownership"]):
    def visible_to(self, actor: Actor) -> OwnershipQuerySet:
        """Who may see the units of the estate; an owner their own."""
        if actor.holds(*ASSOCIATION):
            return self
        own = Q(person=actor.person_id or 0)
        if actor.holds("gov_city"):
            # Nearly every row: they are read one after the other.
            return self.filter(_inside("unit__estate", actor) | own)
        # Both sides ask a column of the row itself, so that each finds its few rows by an index.
        return self.filter(Q(unit__in=Unit.objects.order_by().filter(_inside("estate", actor)).values("pk")) | own)

    def current(self) -> OwnershipQuerySet:
        return self.filter(ends_on=None)


class Ownership(models.Model):
    """Someone owns a unit (or a share of it) from a day to a day."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="ownerships")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="ownerships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True)
    designated = models.BooleanField(_("共有人推选的表决人"), default=True)
    starts_on = models.DateField(_("起"), null=True, blank=True)
    ends_on = models.DateField(_("止"), null=True, blank=True)

    objects = OwnershipQuerySet.as_manager()

    class Meta:
        ordering = ["unit_id", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation=None) | Q(person=None, organisation__isnull=False),
                name="owner_is_person_or_body",
            )
        ]
        # Whether somebody owns a door now is asked of every door at once.
        indexes = [models.Index(fields=["unit"], condition=Q(ends_on=None), name="owned_now")]

    def __str__(self) -> str:
        return str(self.person or self.organisation)


def serving(day: datetime.date, to: str = "") -> Q:
    """Contracts in force on a day; ``to`` leads from the row to the project (``project__``)."""
    open_ended = {f"{to}left_on": None, f"{to}ends_on": None}
    return Q(**{f"{to}starts_on__lte": day}) & (
        Q(**open_ended) | Q(**{f"{to}left_on__gte": day}) | Q(**{f"{to}left_on": None, f"{to}ends_on__gte": day})
    )


class ProjectQuerySet(models.QuerySet["Project"]):
    def on(self, day: datetime.date) -> ProjectQuerySet:
        """Contracts in force on a day."""
        return self.filter(serving(day))

    def visible_to(self, actor: Actor) -> ProjectQuerySet:
        if actor.holds(*ASSOCIATION):
            return self
        return self.filter(
            actor.within("estate__place_id", *GOVERNMENT) | _served_by(actor) | Q(estate__in=actor.ids("estate"))
        )


class Project(models.Model):
    """One company serving one estate under one contract; what is rated."""

    class Stage(models.TextChoices):
        INITIAL = "initial", _("前期物业")
        CHOSEN = "chosen", _("业主大会选聘")
        CUSTODY = "custody", _("应急托管")

    class Charging(models.TextChoices):
        LUMP_SUM = "lump_sum", _("包干制")
        REMUNERATION = "remuneration", _("酬金制")

    estate = models.ForeignKey(Estate, models.PROTECT, related_name="projects", verbose_name=_("小区"))
    company = models.ForeignKey(Organisation, models.PROTECT, related_name="projects", verbose_name=_("物业企业"))
    contract_number = models.CharField(_("合同编号"), max_length=60, blank=True)
    stage = models.CharField(_("阶段"), max_length=12, choices=Stage, default=Stage.CHOSEN)
    charging = models.CharField(_("收费方式"), max_length=16, choices=Charging, default=Charging.LUMP_SUM)
    fee = models.PositiveIntegerField(_("物业费"), null=True, blank=True, help_text="cents per m² and month, times 100")
    starts_on = models.DateField(_("服务起始日"))
    ends_on = models.DateField(_("合同到期日"), null=True, blank=True)
    left_on = models.DateField(_("撤离日"), null=True, blank=True)
    history = HistoricalRecords()

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["estate_id", "-starts_on", "pk"]
        verbose_name = _("项目")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")), name="contract_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=models.F("starts_on")), name="left_after_start"
            ),
            models.UniqueConstraint(fields=["estate", "starts_on"], name="one_contract_a_start"),
        ]

    def __str__(self) -> str:
        return f"{self.estate} · {self.company}"

    def get_absolute_url(self) -> str:
        return reverse("register:project", args=[self.pk])

    @property
    def key(self) -> str:
        """The scored subject."""
        return f"project:{self.pk}"

    @property
    def last_day(self) -> datetime.date | None:
        return self.left_on or self.ends_on


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, actor: Actor) -> PostQuerySet:
        return self.filter(project__in=Project.objects.visible_to(actor).values("pk"))

    def on(self, day: datetime.date) -> PostQuerySet:
        """Posts that exist on a day."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gte=day))

    def with_holder(self, day: datetime.date) -> PostQuerySet:
        """``held``: somebody holds the post on that day; ``lapsed``: with a certificate that is not valid then."""
        holding = Holding.objects.on(day).filter(post=models.OuterRef("pk"), substitute=False)
        lapsed = holding.filter(certificate_until__lt=day)
        return self.annotate(held=models.Exists(holding), lapsed=models.Exists(lapsed))


class Post(models.Model):
    """The smallest unit of responsibility (岗位): held by someone, covered by a substitute."""

    class Kind(models.TextChoices):
        MANAGER = "project_manager", _("项目经理")
        CONTROL_ROOM = "fire_control", _("消防控制室")
        ELECTRICIAN = "electrician", _("电工")
        LIFT = "lift_safety", _("电梯安全管理")
        GUARD = "guard", _("秩序维护")
        CLEANER = "cleaner", _("保洁")
        GREENING = "greening", _("绿化")
        SERVICE = "service", _("客服")
        REPAIR = "repair", _("维修")
        ENGINEERING = "engineering", _("工程主管")
        PUMP_ROOM = "pump_room", _("泵房")
        FITOUT = "fitout", _("装修管理")
        CANTEEN = "canteen", _("食堂")
        POOL = "pool", _("泳池")
        CAR_PARK = "car_park", _("停车场")
        CONTRACTOR = "contractor", _("外包现场")
        PRINCIPAL = "company_principal", _("企业主要负责人")
        DIRECTOR = "safety_director", _("安全总监")

    project = models.ForeignKey(Project, models.CASCADE, related_name="posts", verbose_name=_("项目"))
    kind = models.CharField(_("岗位类别"), max_length=20, choices=Kind)
    name = models.CharField(_("岗位名称"), max_length=60)
    certificate = models.CharField(_("应持证书"), max_length=60, blank=True)
    is_management = models.BooleanField(_("管理岗"), default=False)
    closed_on = models.DateField(_("撤岗日"), null=True, blank=True)
    history = HistoricalRecords()

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["project_id", "kind", "name", "pk"]
        verbose_name = _("岗位")
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="one_post_a_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("register:post", args=[self.pk])


class HoldingQuerySet(models.QuerySet["Holding"]):
    def visible_to(self, actor: Actor) -> HoldingQuerySet:
        """Who sees the project; a holder their own."""
        return self.filter(
            Q(post__project__in=Project.objects.visible_to(actor).values("pk")) | Q(person=actor.person_id or 0)
        )

    def on(self, day: datetime.date) -> HoldingQuerySet:
        """Holdings in force on a day (both ends included)."""
        return self.filter(starts_on__lte=day).filter(Q(ends_on=None) | Q(ends_on__gte=day))


class Holding(models.Model):
    """Someone holds a post, or stands in, from a day to a day."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="holdings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings")
    substitute = models.BooleanField(_("替岗"), default=False)
    certificate_number = models.CharField(_("证书编号"), max_length=60, blank=True)
    certificate_until = models.DateField(_("证书有效期至"), null=True, blank=True)
    starts_on = models.DateField(_("起"))
    ends_on = models.DateField(_("止"), null=True, blank=True)
    history = HistoricalRecords()

    objects = HoldingQuerySet.as_manager()

    class Meta:
        ordering = ["post_id", "substitute", "-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")), name="holding_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return str(self.person)
