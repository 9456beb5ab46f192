"""``wuxie rating run | explain | whatif``: exit 0 done, 1 a score is no longer the frozen one, 2 bad input."""

from __future__ import annotations

import argparse
import csv
import io
import json
from typing import Any

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.calc.verbs import Verbs
from wuxie.kernel.clock.now import today
from wuxie.kernel.standards import calc
from wuxie.kernel.standards.judge import rounded
from wuxie.kernel.standards.models import Version
from wuxie.rooms.rating import queries, runs, whatif
from wuxie.rooms.rating.decimals import signed
from wuxie.rooms.rating.models import Cycle
from wuxie.rooms.register.models import Project

#: So many names are listed where one was not found.
LISTED = 10


class Command(Verbs):
    help = "星级评定：按账本重算、逐项说明、两版对照"
    usage = (
        "wuxie rating run --cycle ID",
        "wuxie rating explain --cycle ID project:N",
        "wuxie rating whatif --cycle ID --draft NAME@VERSION [--base NAME@VERSION]",
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        run = verbs.add_parser("run", help="重算一个周期全部项目的得分（CSV），并与冻结的快照核对")
        explain = verbs.add_parser("explain", help="一个项目的得分逐项说明到事实编号（JSON）")
        explain.add_argument("subject", metavar="project:N", help="项目编号")
        compare = verbs.add_parser("whatif", help="同一批事实按两版标准对照（CSV）")
        compare.add_argument("--draft", metavar="NAME@VERSION", required=True, help="推演版本，草稿也可以")
        compare.add_argument("--base", metavar="NAME@VERSION", help="对照版本，默认是周期现行的标准")
        for one in (run, explain, compare):
            one.add_argument("--cycle", metavar="ID", required=True, help="评定周期编号")
        self.spoken(parser, *verbs.choices.values())

    def run(self, cycle: str, **options: Any) -> int:
        of = _scored(cycle)
        found = list(runs.scores(of, as_of=today()))
        self.stdout.write(calc.table({one.project.key: one.result for one in found}), ending="")
        frozen = [one for one in found if one.snapshot]
        apart = [one for one in frozen if not one.is_frozen]
        for one in apart:
            assert one.snapshot is not None
            was = f"{one.snapshot.total} 分 {one.snapshot.stars} 星"
            now = f"{rounded(one.result.total, 1)} 分 {one.result.stars} 星"
            self.stderr.write(f"不一致：{one.project.key} 快照 {was}，现在 {now}。用 explain 看逐项。")
        self.stderr.write(
            f"{len(found)} 个项目：{len(frozen) - len(apart)} 个与快照一致，{len(apart)} 个不一致，{len(found) - len(frozen)} 个没有快照。"
        )
        return 1 if apart else 0

    def explain(self, cycle: str, subject: str, **options: Any) -> int:
        of = _scored(cycle)
        kind, _colon, number = subject.partition(":")
        rows = Project.objects.select_related("estate", "company")
        project = rows.filter(pk=int(number)).first() if kind == "project" and _is_number(number) else None
        if project is None or not project.estate.place_id.startswith(of.place_code):
            raise Problem(
                "reference",
                "subject",
                f"周期 {of.pk} 里没有项目“{subject[:40]}”。写成 project:N，N 用 run 的第一列核对。",
            )
        self.stdout.write(json.dumps(runs.explained(of, project), ensure_ascii=False))
        return 0

    def whatif(self, cycle: str, draft: str, base: str | None = None, **options: Any) -> int:
        of = cycle_of(cycle) if base else _scored(cycle)
        first, second = _version(base or of.standard), _version(draft)
        if first == second:
            raise Problem("duplicate", "--draft", f"两版是同一个（{first.key}）。请给 --draft 换一版。")
        versions = whatif.Versions(of, first.document, second.document)
        pairs = whatif.pairs(versions, list(queries.served_in(of)), as_of=today())
        self.stdout.write(_table({one.project.key: one for one in pairs}), ending="")
        return 0


def _table(pairs: dict[str, whatif.Pair]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ["subject", "base_total", "base_stars", "base_vetoes", "draft_total", "draft_stars", "draft_vetoes", "change", "stars_change"]
    )  # fmt: skip
    for subject in sorted(pairs):
        one = pairs[subject]
        writer.writerow([
            subject, rounded(one.base.total, 1), one.base.stars, ";".join(one.base.vetoes),
            rounded(one.draft.total, 1), one.draft.stars, ";".join(one.draft.vetoes),
            signed(one.change).replace("−", "-").removeprefix("+"), one.draft.stars - one.base.stars,
        ])  # fmt: skip
    return out.getvalue()


def _is_number(text: str) -> bool:
    """Whether it can be the number of a row: digits, not more than a database takes."""
    return text.isascii() and text.isdecimal() and len(text) <= 18


def cycle_of(text: str) -> Cycle:
    """The cycle of this number, or a ``Problem`` that lists those there are."""
    found = Cycle.objects.filter(pk=int(text)).first() if _is_number(text) else None
    if found is None:
        known = "；".join(f"{one.pk} {one.name}" for one in Cycle.objects.order_by("-year", "-pk")[:LISTED])
        raise Problem(
            "reference",
            "--cycle",
            f"没有编号为“{text[:20]}”的评定周期。--cycle 可写：{known or '（还没有周期，先在网站上筹备一个）'}。",
        )
    return found


def _scored(text: str) -> Cycle:
    """The cycle, with a published standard to score it by."""
    found = cycle_of(text)
    if not queries.standard_is_published(found.standard):
        raise Problem(
            "missing", "--cycle", f"周期 {found.pk} 还没有选定已发布的标准，算不出得分。请先在网站上为它选标准。"
        )
    return found


def _version(key: str) -> Version:
    found = Version.objects.all().keyed(key)
    if found is None:
        known = "、".join(one.key for one in Version.objects.order_by("-created_at", "-pk")[:LISTED])
        raise Problem(
            "reference",
            "--draft",
            f"没有标准“{key[:80]}”。写成 代号@版本，可选：{known or '（还没有标准，先在网站上导入）'}。",
        )
    return found
