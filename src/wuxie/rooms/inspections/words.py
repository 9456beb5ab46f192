"""The words that the catalogue of inspections is written in: what may stand in the file, and what a person reads for it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AssetKind(models.TextChoices):
    """What stands in an estate and is looked at again and again."""

    LIFT = "lift", _("电梯")
    EXTINGUISHER = "extinguisher", _("灭火器")
    DETECTOR = "detector", _("火灾探测器")
    TRANSFORMER = "transformer", _("变压器、高压柜")
    INSULATING_TOOLS = "insulating_tools", _("绝缘工器具")
    GENERATOR = "generator", _("柴油发电机")
    TANK = "tank", _("水箱")
    VESSEL = "vessel", _("压力容器")
    SAFETY_VALVE = "safety_valve", _("安全阀")
    GAUGE = "gauge", _("压力表")
    BOILER = "boiler", _("锅炉")
    MECHANICAL_PARKING = "mechanical_parking", _("机械式停车设备")
    GAS_ALARM = "gas_alarm", _("燃气报警器")
    BUILDING = "building", _("房屋")
    CURTAIN_WALL = "curtain_wall", _("玻璃幕墙")
    SEPTIC = "septic", _("化粪池")
    BIKE_CHARGER = "bike_charger", _("电动自行车充电设施")
    CAR_CHARGER = "car_charger", _("电动汽车桩")
    WATER_CARD = "water_card", _("供管水人员健康证")
    SPECIAL_CARD = "special_card", _("特种作业操作证")
    FIRE_CARD = "fire_card", _("消防设施操作员证")
    EXPOSED = "exposed", _("接触有害作业的人员")


#: 特种设备: not to be used without a valid inspection (特种设备安全法第40条).
SPECIAL = frozenset({AssetKind.LIFT, AssetKind.VESSEL, AssetKind.BOILER, AssetKind.MECHANICAL_PARKING})


#: Papers of people: their number must not be that of a person.
OF_PEOPLE = frozenset({AssetKind.WATER_CARD, AssetKind.SPECIAL_CARD, AssetKind.FIRE_CARD, AssetKind.EXPOSED})


class Keeper(models.TextChoices):
    """Who keeps the dates of an item that no case here is opened for."""

    DUTIES = "duties", _("按责任清单每次核对")
    DRILLS = "drills", _("在应急演练里安排")


class Level(models.TextChoices):
    """Who asks for it."""

    STATUTORY = "statutory", _("法定")
    STANDARD = "standard", _("规范要求")
    LOCAL = "local", _("地方要求")
    TRADE = "trade", _("行业要求")
    INTERNAL = "internal", _("内部管理")


class Agency(models.TextChoices):
    """Which kind of body comes."""

    SPECIAL = "special", _("特种设备检验机构")
    LIFT_SERVICE = "lift_service", _("电梯检测、维保单位")
    FIRE = "fire", _("消防技术服务机构")
    LIGHTNING = "lightning", _("防雷检测机构")
    ELECTRIC = "electric", _("电气试验、检测单位")
    WATER = "water", _("水质检测、清洗机构")
    METROLOGY = "metrology", _("计量检定机构")
    BUILDING = "building", _("房屋、幕墙鉴定机构")
    SEPTIC = "septic", _("清掏单位")
    OPERATOR = "operator", _("设备运维单位")
    OFFICE = "office", _("发证机关")
    GAS = "gas", _("燃气经营企业")
    SERVICE = "service", _("消杀、收运等专业单位")
    INSURER = "insurer", _("保险公司")
    MEDICAL = "medical", _("医疗卫生机构")
    EXAM = "exam", _("考核、鉴定机构")
    OWN = "own", _("本企业自己做")


class Per(models.TextChoices):
    """What a price is for."""

    ASSET = "asset", _("元/台（件）次")
    METRE = "metre", _("元/平方米")
    BUILDING = "building", _("元/栋")
    VISIT = "visit", _("元/次")
    PERSON = "person", _("元/人次")
    ASSET_YEAR = "asset_year", _("元/台年")


class Payer(models.TextChoices):
    """Out of which purse, unless the contract says otherwise."""

    FEE = "fee", _("物业费")
    FUND = "fund", _("维修资金")
    FEE_OR_FUND = "fee_or_fund", _("物业费或维修资金")
    FEE_OR_HANDED = "fee_or_handed", _("物业费；移交后由专营单位承担")
    OWNERS = "owners", _("业主")
    INCOME = "income", _("经营收入")
    PARKING = "parking", _("停车费")
    OPERATOR = "operator", _("运营方")
    COMPANY = "company", _("企业")


class Gone(models.TextChoices):
    """Why an asset is no longer looked after here."""

    RETIRED = "retired", _("报废拆除")
    HANDED_OVER = "handed_over", _("移交专营单位")
