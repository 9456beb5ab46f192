"""The words that the library of duties is written in: what may stand in a file, and what a person reads for it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Every(models.TextChoices):
    """How often a duty comes due."""

    SHIFT = "per_shift", _("每班")
    DAY = "daily", _("每日")
    WEEK = "weekly", _("每周")
    MONTH = "monthly", _("每月")
    QUARTER = "quarterly", _("每季")
    HALF_YEAR = "half_yearly", _("每半年")
    YEAR = "yearly", _("每年")
    EVENT = "event", _("有事即办")


class Proof(models.TextChoices):
    PHOTO = "photo", _("照片")
    VIDEO = "video", _("视频")
    READING = "reading", _("读数")
    SIGNATURE = "signature", _("签名")
    DOCUMENT = "document", _("文件")
    CHECK_IN = "check_in", _("到场打点")


class Shifts(models.TextChoices):
    """How the day of a post is parted."""

    DAY = "day", _("白班（8–20 时）")
    TWO = "two", _("两班（8–20 时、20–8 时）")
    THREE = "three", _("三班（0–8、8–16、16–24 时）")


class Only(models.TextChoices):
    DAY = "day", _("白班")
    NIGHT = "night", _("夜班")


class Scope(models.TextChoices):
    COMPANY = "company", _("企业")
    PROJECT = "project", _("项目")


class Equipment(models.TextChoices):
    """What an estate may have: it decides which duties there are."""

    LIFT = "lift", _("电梯")
    TRANSFORMER = "transformer", _("变压器")
    GENERATOR = "generator", _("发电机")
    FIRE_CONTROL_ROOM = "fire_control_room", _("消防控制室")
    FIRE_PUMP = "fire_pump", _("消防泵")
    TANKS = "tanks", _("水箱（二次供水）")
    SUMP = "sump", _("集水井")
    CAR_PARK = "car_park", _("停车场（库）")
    CHARGING = "charging", _("充电设施")
    GAS = "gas", _("燃气")
    POOL = "pool", _("泳池")
    CANTEEN = "canteen", _("食堂")
    WATER_FEATURE = "water_feature", _("水景")
    CURTAIN_WALL = "curtain_wall", _("玻璃幕墙")
    CONTRACTORS = "contractors", _("外包队伍")


class PlaceKind(models.TextChoices):
    """Where a duty is done: what the code on the wall stands for."""

    POWER_ROOM = "power_room", _("配电室")
    GENERATOR_ROOM = "generator_room", _("发电机房")
    PUMP_ROOM = "pump_room", _("泵房")
    MACHINE_ROOM = "machine_room", _("设备机房")
    FIRE_CONTROL_ROOM = "fire_control_room", _("消防控制室")
    TANK = "tank", _("水箱、水池")
    SUMP = "sump", _("集水井")
    SHAFT = "shaft", _("管道井")
    LIFT = "lift", _("电梯")
    LIFT_ROOM = "lift_room", _("电梯机房")
    LOBBY = "lobby", _("大堂")
    CORRIDOR = "corridor", _("楼道")
    ROOF = "roof", _("屋面")
    OUTSIDE = "outside", _("室外")
    GARDEN = "garden", _("绿地")
    GATE = "gate", _("门岗")
    PATROL_POINT = "patrol_point", _("巡逻点")
    CAR_PARK = "car_park", _("停车场（库）")
    CHARGING_AREA = "charging_area", _("充电区")
    WASTE_POINT = "waste_point", _("垃圾点")
    MANHOLE = "manhole", _("井、池")
    POOL = "pool", _("泳池")
    CANTEEN = "canteen", _("食堂")
    STORE = "store", _("库房")
    NOTICE_BOARD = "notice_board", _("公示栏")
    VACANT_UNIT = "vacant_unit", _("空置房")
    FITOUT_SITE = "fitout_site", _("装修现场")
    WHOLE_ESTATE = "whole_estate", _("整个小区")


class Event(models.TextChoices):
    """What has to happen before a duty without a rhythm comes due."""

    ACCIDENT = "accident", _("发生事故")
    EMERGENCY = "emergency", _("突发事件")
    WEATHER_WARNING = "weather_warning", _("气象、防汛预警")
    BEFORE_FLOOD = "before_flood", _("汛期将到")
    THUNDER = "thunder", _("雷雨")
    VIOLATION_FOUND = "violation_found", _("发现违法违规")
    DISTURBANCE = "disturbance", _("抛物、打架、急病")
    ODD_SIGN = "odd_sign", _("烟味、漏水、异响")
    RISKY_WORK = "risky_work", _("危险作业")
    HOT_WORK = "hot_work", _("动火")
    HEIGHT_WORK = "height_work", _("登高")
    CONFINED_WORK = "confined_work", _("进有限空间")
    HIGH_CLEANING = "high_cleaning", _("高处清洁")
    SWITCHING = "switching", _("停送电")
    TEMPORARY_POWER = "temporary_power", _("临时用电")
    PLANNED_OUTAGE = "planned_outage", _("计划停水停电")
    SYSTEM_OFF = "system_off", _("消防系统停用")
    TRAPPED = "trapped", _("电梯困人")
    INSPECTION_COMING = "inspection_coming", _("检验将到期")
    KEY_TAKEN = "key_taken", _("领用钥匙")
    BIKE_STOP_BROKEN = "bike_stop_broken", _("阻梯装置故障")
    BAD_WATER = "bad_water", _("水质异常")
    BAD_FOOD = "bad_food", _("食材异常")
    CHEMICALS = "chemicals", _("药剂入库、领用")
    SPRAYING = "spraying", _("打药")
    MACHINE_WORK = "machine_work", _("机械作业")
    FITOUT_START = "fitout_start", _("装修开工")
    FITOUT_STAGE = "fitout_stage", _("装修到节点")
    FITOUT_END = "fitout_end", _("装修完工")
    STRUCTURE_HIT = "structure_hit", _("拆改承重结构")
    GAS_CHANGE = "gas_change", _("改动燃气、暖气管")
    NOISE = "noise", _("施工扰民")
    HOME_REPAIR = "home_repair", _("入户维修")
    CAR_ACCIDENT = "car_accident", _("车辆事故")
    NOTICE_NEEDED = "notice_needed", _("要告示的事")
    CONTRACTOR_IN = "contractor_in", _("外包进场")
    SUBCONTRACT = "subcontract", _("分包")
    NEW_PROJECT = "new_project", _("进驻新项目")
    NEW_TECHNIQUE = "new_technique", _("启用新设备、新工艺")
    LEAVING_POST = "leaving_post", _("交班、离任")


class Area(models.TextChoices):
    """What a hazard is about."""

    FIRE = "fire", _("消防")
    ELECTRIC = "electric", _("电气")
    EQUIPMENT = "equipment", _("特种设备")
    HEIGHT = "height", _("坠落")
    CONFINED = "confined", _("有限空间")
    WATER = "water", _("给排水")
    BUILDING = "building", _("房屋")
    GAS = "gas", _("燃气")
    ORDER = "order", _("公共秩序")
    HEALTH = "health", _("公共卫生")
    WORKS = "works", _("作业")


class Level(models.TextChoices):
    GENERAL = "general", _("一般")
    MAJOR = "major", _("重大")


#: Units of a term after an event, in minutes.
MINUTES = {"minute": 1, "hour": 60, "day": 1440}


class Doubt(models.TextChoices):
    """Why a check is not believed and has to be done again."""

    PHOTO_REUSED = "photo_reused", _("照片在别的职责里用过")
    PHOTO_OLD = "photo_old", _("照片不是做这件事时拍的")
    NOT_AT_PLACE = "not_at_place", _("没有扫地点码")
    WRONG_PLACE = "wrong_place", _("扫的是别处的地点码")
    TOO_FAST = "too_fast", _("几十秒里连做了几件")
    TOO_EARLY = "too_early", _("还没到时间就做了")
    IN_FUTURE = "in_future", _("做的时间在发送之后")
    UNCERTIFIED = "uncertified", _("替岗的人没有这个岗位要的有效证书")
