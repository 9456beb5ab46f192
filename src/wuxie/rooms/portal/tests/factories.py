"""A small public record: estates with and without stars, notices, decisions, and someone who wants to stay unknown."""

from __future__ import annotations

import datetime
import json
import zlib
from typing import Any

from wuxie.kernel.clock.now import now, today
from wuxie.kernel.parties.models import Organisation
from wuxie.kernel.search import search_text
from wuxie.rooms.rating import codes
from wuxie.rooms.rating.models import Application, Award, Cycle, Objection, Snapshot
from wuxie.rooms.register.models import Estate, Project

#: What must never come out: a complainant's phone and name, a reviewer's words.
CANARIES = ("13912345678", "胡密鸟", "canary@example.org", "person:90210")

DAY = datetime.timedelta(days=1)
GROUPS = [("A", "组织建设", "20.00", "17.20"), ("B", "服务品质", "80.00", "64.20")]


def company(name: str = "恒信物业服务有限公司") -> Organisation:
    return Organisation.objects.create(kind="company", name=name, search=search_text(name))


def association() -> Organisation:
    found = Organisation.objects.filter(kind="association").first()
    return found or Organisation.objects.create(kind="association", name="云川市物业管理协会", short_name="云川物协")


def estate(place: str = "510402001001", name: str = "翠屏花园", **more: Any) -> Estate:
    count = Estate.objects.count() + 1
    return Estate.objects.create(
        name=name, code=f"PZH{count:04d}", place_id=place, households=300, area=3_000_000, search=search_text(name), **more
    )  # fmt: skip


def project(where: Estate | None = None, by: Organisation | None = None, **more: Any) -> Project:
    return Project.objects.create(
        estate=where or estate(), company=by or company(), starts_on=today() - 900 * DAY, **more
    )  # fmt: skip


def cycle(year: int = 2026) -> Cycle:
    found = Cycle.objects.filter(year=year).first()
    return found or Cycle.objects.create(
        name=f"{year} 年度星级评定", year=year, place_code="5104", state=Cycle.State.OPEN, document_number="攀组通〔2026〕1号",
        document_title="红色物业星级评定办法", document_authority="市委组织部", standard="red-property-star@2026.1",
        window_from=today() - 400 * DAY, window_to=today() - 40 * DAY, cutoff=today() - 30 * DAY,
        apply_from=today() - 60 * DAY, apply_to=today() - 40 * DAY,
    )  # fmt: skip


def snapshot(of: Application, total: str = "81.4", stars: int = 3) -> Snapshot:
    groups = [
        {"id": key, "label": label, "points": points,
         "indicators": [{"id": f"{key}1", "label": f"{label}指标", "points": points, "formula": "1"}]}
        for key, label, points, _value in GROUPS
    ]  # fmt: skip
    result = {
        "subject": of.project.key, "total": total, "stars": stars, "vetoes": [],
        "groups": [
            {"id": key, "points": points, "value": value, "indicators": [
                {"id": f"{key}1", "points": points, "value": value, "state": "scored", "facts": ["f1", "f2"]}]}
            for key, _label, points, value in GROUPS
        ],
    }  # fmt: skip
    made = Snapshot.objects.create(
        application=of, number=1, reason=Snapshot.Reason.FREEZE, document={"groups": groups},
        packed_rows=zlib.compress(json.dumps([]).encode()), rows_sha256="ab" * 32, row_count=2, result=result, total=total,
        stars=stars, seal=f"7:{'cd' * 32}", by="clock", at=now(),
    )  # fmt: skip
    of.snapshot = made
    of.save()
    return made


def application(where: Project | None = None, state: str = "publicity", *, days: int = 5, **more: Any) -> Application:
    """In publicity since two days, with ``days`` left."""
    where = where or project()
    made = Application.objects.create(
        cycle=cycle(), project=where, klass=where.estate.klass, state=state, place_code=where.estate.place_id,
        number=f"XJ-2026-{Application.objects.count() + 1:04d}", opened_at=now(), changed_at=now(), proposed_stars=3,
        publicity_from=today() - 2 * DAY, publicity_to=today() + days * DAY, contact=CANARIES[1], filed_by=CANARIES[3], **more,
    )  # fmt: skip
    snapshot(made)
    return made


def award(where: Project | None = None, *, stars: int = 3, state: str = "awarded", **more: Any) -> Award:
    made = application(where, state=state, days=-10)
    fields = {
        "plaque": codes.new_number(), "decision": "攀住建〔2026〕8号", "decided_on": today() - 5 * DAY,
        "valid_from": today() - 5 * DAY, "valid_until": today() + 725 * DAY,
    }  # fmt: skip
    return Award.objects.create(application=made, project=made.project, stars=stars, **fields | more)


def objection(against: Application, **more: Any) -> Objection:
    return Objection.objects.create(
        application=against, receipt=codes.new_number(), text=f"我是{CANARIES[1]}，公示的满意度不对。", contact=CANARIES[0],
        by=CANARIES[3], state="received", place_code=against.place_code, opened_at=now(), changed_at=now(), **more,
    )  # fmt: skip
