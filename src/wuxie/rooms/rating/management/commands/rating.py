"""``wuxie rating run | explain | whatif``: exit 0 done, 1 a score is no longer the frozen one, 2 bad input."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import today
from wuxie.kernel.standards import calc
from wuxie.kernel.standards.judge import rounded
from wuxie.kernel.standards.models import Version
from wuxie.rooms.rating import queries, runs, whatif
from wuxie.rooms.rating.decimals import signed
from wuxie.rooms.rating.models import Cycle
from wuxie.rooms.register.models import Project

USAGE = {
    "run": "wuxie rating run --cycle ID",
    "explain": "wuxie rating explain --cycle ID project:N",
    "whatif": "wuxie rating whatif --cycle ID --draft NAME@VERSION [--base NAME@VERSION]",
}
#: So many names are listed where one was not found.
LISTED = 10


class Mistaken(Exception):
    """What was typed is not to be used; the words say how to mend it."""


class Command(BaseCommand):
    help = "星级评定：按账本重算、逐项说明、两版对照"

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
        for one in (parser, run, explain, compare):
            one.error = self._refuse  # type: ignore[method-assign]

    def _refuse(self, message: str) -> NoReturn:
        """Arguments that cannot be read: the forms that can."""
        self.stderr.write("命令没看懂。写法：\n  " + "\n  ".join(USAGE.values()))
        sys.exit(2)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            code = getattr(self, options["verb"])(_cycle(options["cycle"]), **options)
        except Mistaken as mistaken:
            self.stderr.write(str(mistaken))
            code = 2
        except Problem as problem:
            self.stderr.write(problem.message)
            code = 2
        if code:
            sys.exit(code)

    def run(self, cycle_: Cycle, **options: Any) -> int:
        _has_standard(cycle_)
        found = list(runs.scores(cycle_, as_of=today()))
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

    def explain(self, cycle_: Cycle, subject: str, **options: Any) -> int:
        _has_standard(cycle_)
        kind, _colon, number = subject.partition(":")
        rows = Project.objects.select_related("estate", "company")
        project = rows.filter(pk=int(number)).first() if kind == "project" and _is_number(number) else None
        if project is None or not project.estate.place_id.startswith(cycle_.place_code):
            raise Mistaken(f"周期 {cycle_.pk} 里没有项目“{subject[:40]}”。写成 project:N，N 用 run 的第一列核对。")
        self.stdout.write(json.dumps(runs.explained(cycle_, project), ensure_ascii=False))
        return 0

    def whatif(self, cycle_: Cycle, draft: str, base: str | None = None, **options: Any) -> int:
        if base is None:
            _has_standard(cycle_)
        first, second = _version(base or cycle_.standard), _version(draft)
        if first == second:
            raise Mistaken(f"两版是同一个（{first.key}）。请给 --draft 换一版。")
        versions = whatif.Versions(cycle_, first.document, second.document)
        pairs = whatif.pairs(versions, list(queries.served_in(cycle_)), as_of=today())
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


def _cycle(text: str) -> Cycle:
    found = Cycle.objects.filter(pk=int(text)).first() if _is_number(text) else None
    if found is None:
        known = "；".join(f"{one.pk} {one.name}" for one in Cycle.objects.order_by("-year", "-pk")[:LISTED])
        raise Mistaken(
            f"没有编号为“{text[:20]}”的评定周期。--cycle 可写：{known or '（还没有周期，先在网站上筹备一个）'}。"
        )
    return found


def _has_standard(cycle: Cycle) -> None:
    if not queries.standard_is_published(cycle.standard):
        raise Mistaken(f"周期 {cycle.pk} 还没有选定已发布的标准，算不出得分。请先在网站上为它选标准。")


def _version(key: str) -> Version:
    name, _at, version = key.partition("@")
    found = Version.objects.filter(name=name, version=version).first()
    if found is None:
        known = "、".join(one.key for one in Version.objects.order_by("-created_at", "-pk")[:LISTED])
        raise Mistaken(f"没有标准“{key[:80]}”。写成 代号@版本，可选：{known or '（还没有标准，先在网站上导入）'}。")
    return found
