"""``wuxie ledger seal | verify [--root HEX] | show [FACT] | export --rating ID --out PACK.zip``: exit 0 done, 1 the answer is no, 2 bad input."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from wuxie.kernel.calc.verbs import Verbs
from wuxie.kernel.clock.now import local
from wuxie.kernel.facts import audit, exports, laid_down, leaves, queries, sealer
from wuxie.kernel.facts.models import Fact, Unsealed
from wuxie.kernel.facts.refusal import Refused


class Command(Verbs):
    help = "事实账本：封存、核验、查看"
    usage = (
        "wuxie ledger seal",
        "wuxie ledger verify [--root HEX]",
        "wuxie ledger show [FACT]",
        "wuxie ledger export --rating ID --out PACK.zip",
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("seal", help="封存待封存的事实")
        verify = verbs.add_parser("verify", help="从头核验整本账")
        verify.add_argument("--root", metavar="HEX", help="外部留存的旧根：账本必须经过它")
        show = verbs.add_parser("show", help="查看最近的封存，或一条事实的位置")
        show.add_argument("fact", nargs="?", help="事实编号")
        export = verbs.add_parser("export", help="导出可独立核验的证据包")
        what = export.add_mutually_exclusive_group(required=True)
        for one in exports.offered():
            what.add_argument(f"--{one.name}", metavar="ID", help=one.label)
        export.add_argument("--out", metavar="PACK.zip", required=True, help="写到哪个文件")
        self.spoken(parser, *verbs.choices.values())

    def seal(self, **options: Any) -> int:
        try:
            made = sealer.seal()
        except sealer.Busy:
            self.stderr.write("仍有写入在进行，这次没有封存；请稍后再试。")
            return 1
        except Refused as refused:
            self.stderr.write(refused.message)
            return 1
        laid_down.lay_down_missing()
        if made is None:
            self.stdout.write("没有待封存的事实。")
            return 0
        self.stdout.write(f"第 {made.number} 次封存：{made.facts} 条事实，树大小 {made.size}，根 {made.root}")
        return 0

    def verify(self, root: str | None = None, **options: Any) -> int:
        if root is not None and (len(root) != 64 or set(root.lower()) - set("0123456789abcdef")):
            self.stderr.write("--root 要写 64 位十六进制的根。")
            return 2
        report = audit.examine(root=root, helpers=leaves.useful_helpers())
        for broken in report.broken:
            where = f"事实 {broken.fact}：" if broken.fact else ""
            self.stdout.write(f"不符：{where}{broken.message}")
        if report.broken:
            return 1
        self.stdout.write(
            f"VERIFIED {report.facts} 条事实，{report.links} 个链节，{report.seals} 次封存；待封存 {report.waiting} 条"
        )
        self.stdout.write(audit.last_words(report))
        return 0

    def export(self, out: str = "", **options: Any) -> int:
        wanted = next(one for one in exports.offered() if options.get(one.name) is not None)
        try:
            pack = wanted.build(options[wanted.name])
            Path(out).write_bytes(pack)
        except Refused as refused:
            self.stderr.write(refused.message)
            return 2 if refused.code == "reference" else 1
        except OSError as fault:
            self.stderr.write(f"写不了文件 {out}：{fault.strerror}。请换一个位置。")
            return 2
        self.stdout.write(f"已写出 {out}（{len(pack)} 字节）。解开后运行 python3 verify.py 核验。")
        return 0

    def show(self, fact: str | None = None, **options: Any) -> int:
        if fact is None:
            for seal in queries.latest_seals():
                at = local(seal.sealed_at).strftime("%Y-%m-%d %H:%M:%S")
                self.stdout.write(f"{seal.number:>6}  {at}  {seal.facts:>7} 条  大小 {seal.size}  {seal.root}")
            self.stdout.write(f"待封存 {Unsealed.objects.count()} 条")
            return 0
        found = Fact.objects.filter(pk=fact).select_related("standing", "unsealed").first()
        if found is None:
            self.stderr.write(f"没有编号为 {fact} 的事实。")
            return 2
        state = queries.state_of(found)
        self.stdout.write(
            f"{found.pk}  {found.label}  {found.subject}  {found.amount}{found.unit}  {found.occurred_on}"
        )
        self.stdout.write(
            f"来源 {found.source}（第 {found.revision} 版）  {state.trust.label}  摘要 {found.content_hash}"
        )
        self.stdout.write(f"被取代：{state.superseded_by or '否'}  异议中：{'是' if state.disputed else '否'}")
        for place in queries.places_of(found):
            self.stdout.write(
                f"{place.link.subject} 第 {place.link.seq} 号，第 {place.link.seal_id} 次封存，叶 {place.link.leaf}"
            )
        if not state.sealed:
            self.stdout.write("尚未封存")
        return 0
