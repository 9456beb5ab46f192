"""The ``wuxie`` command. Calculators answer without starting Django; everything else is a management command.

Exit codes: 0 done; 1 the answer is no; 2 bad input; anything else is a fault.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import NoReturn

from wuxie.kernel.calc.problems import Problem

from .calculators import WHERE, calculator

COMMANDS = {
    "prepare": "迁移、载入区划与静态资源，需要时载入演示城市",
    "serve": "启动网站和后台作业，Ctrl-C 停止",
    "worker": "只启动后台作业（可另开多个）",
    "demo": "载入演示城市",
    "ledger": "账本：seal 封存，verify [--root HEX] 核验",
    "places": "载入行政区划",
    "holidays": "导入一年的放假安排（JSON 文件）",
    "newcomer": "建立第一个秘书处账号",
    "diagrams": "按流程表重写 README 里的状态图",
    "manage": "Django 的管理命令，例如 wuxie manage migrate",
}


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:1] == ["calc"]:
        return calc(arguments[1:])
    if arguments and arguments[0] in COMMANDS:
        return manage(arguments[1:] if arguments[0] == "manage" else arguments)
    parser = _parser()
    parser.parse_args(arguments)
    parser.print_help()
    return 0 if not arguments else 2


def _parser() -> argparse.ArgumentParser:
    lines = [f"  {name:<10} {words}" for name, words in COMMANDS.items()]
    lines += [
        f"  calc {name:<9} [FILE]  {calculator(name).label}（读文件或标准输入的 JSON）"
        for name in WHERE
        if name != "score"
    ]
    lines.append(
        "  calc score      --standard S.yaml --facts F.csv [--engine duckdb|spark] [--explain SUBJECT]  按标准评分"
    )
    return argparse.ArgumentParser(
        prog="wuxie", usage="wuxie COMMAND …", description="物协：城市物业管理协会的业务系统", epilog="命令：\n" + "\n".join(lines),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip


def calc(arguments: list[str]) -> int:
    """One JSON document in, one out; a refusal is one JSON line on standard error."""
    if arguments[:1] == ["score"]:
        from wuxie.kernel.standards.calc import main as score  # DuckDB is loaded only for a score

        return score(arguments[1:])
    parser = argparse.ArgumentParser(prog="wuxie calc", description="公开计算器")
    parser.add_argument("name", choices=list(WHERE), metavar="NAME", help="、".join(WHERE))
    parser.add_argument("file", nargs="?", metavar="FILE", help="JSON 文件；不写则读标准输入")
    chosen = parser.parse_args(arguments)
    try:
        answer = calculator(chosen.name).answer(_body(chosen.file))
    except Problem as problem:
        print(json.dumps(problem.as_dict(), ensure_ascii=False), file=sys.stderr)
        return 2
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return 0


def _body(name: str | None) -> bytes:
    if name is None or name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except OSError as fault:
        raise Problem("json", "$", f"读不到文件 {name}：{fault.strerror}。请检查文件名。") from None


def manage(arguments: list[str]) -> int:
    """Hand over to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuxie.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["wuxie", *arguments])
    return 0


def run() -> NoReturn:
    sys.exit(main())


if __name__ == "__main__":
    run()
