"""The ``wuxie`` command. Calculators answer without starting Django; everything else is a management command.

Exit codes: 0 done; 1 the answer is no; 2 bad input; 70 a fault of the program; 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import traceback
from pathlib import Path
from typing import NoReturn

from wuxie.kernel.calc.problems import Problem

from .calculators import WHERE, calculator

DONE, BAD_INPUT, FAULT, STOPPED = 0, 2, 70, 130
COMMANDS = {
    "prepare": "迁移、载入区划与静态资源，需要时载入演示城市",
    "serve": "启动网站和后台作业，Ctrl-C 停止",
    "worker": "只启动后台作业（可另开多个）",
    "migrate": "只迁移数据库",
    "demo": "载入演示城市",
    "ledger": "账本：seal 封存，verify [--root HEX] 核验，export --rating ID --out PACK.zip 导出证据包",
    "rating": "星级评定：run 重算并核对快照，explain 逐项说明，whatif 两版对照",
    "stats": "统计包：export 发布本市的统计，compare 比较多个城市",
    "places": "载入行政区划",
    "holidays": "导入一年的放假安排（JSON 文件）",
    "newcomer": "建立第一个秘书处账号",
    "backup": "备份：--to 文件或文件夹，加密给登记的保管人",
    "backup-key": "备份的保管人：new 生成密钥，paper 密封纸件，add、list、remove",
    "restore": "恢复：FILE --identity 私钥文件 [--into 空文件夹]",
    "keys": "数据密钥：show 查看，rotate 更换，retire 销毁旧的",
    "diagrams": "按流程表重写 README 里的状态图",
    "manage": "Django 的管理命令，例如 wuxie manage check",
}
SCORE = "--standard S.yaml --facts F.csv [--engine duckdb|spark] [--explain SUBJECT]"


class Asking(argparse.ArgumentParser):
    """Arguments of a calculator: what is wrong with them is a refusal like any other, one JSON line."""

    def error(self, message: str) -> NoReturn:
        names = "、".join(WHERE)
        raise Problem("reference", "$", f"命令没看懂。写法：wuxie calc NAME [FILE]，NAME 可选：{names}。")


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    _speak_utf8()
    try:
        if arguments[:1] == ["calc"]:
            return calc(arguments[1:])
        if arguments[:1] == ["backup-key"] or arguments[:1] == ["restore"]:
            return keeping(arguments[0], arguments[1:])
        if arguments and arguments[0] in COMMANDS:
            return manage(arguments[1:] if arguments[0] == "manage" else arguments)
        parser = _parser()
        parser.parse_args(arguments)
        parser.print_help()
    except KeyboardInterrupt:
        return STOPPED
    except BrokenPipeError:
        # Whoever read the answer has read enough; nothing may be flushed into the closed pipe on the way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception:
        traceback.print_exc()
        return FAULT
    return DONE


def _speak_utf8() -> None:
    """Documents go out in UTF-8 whatever the terminal's own encoding is."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    lines = [f"  {name:<14} {words}" for name, words in COMMANDS.items()]
    lines += [f"  calc {name:<9} {SCORE if name == 'score' else '[FILE]'}  {calculator(name).label}" for name in WHERE]
    lines += ["", "calc 读文件或标准输入里的 JSON，答复写到标准输出；有误时只在标准错误写一行 JSON。",
              "退出码：0 完成；1 答案是否；2 输入有误；其他为程序故障。"]  # fmt: skip
    return argparse.ArgumentParser(
        prog="wuxie", usage="wuxie COMMAND …", description="物协：城市物业管理协会的业务系统", epilog="命令：\n" + "\n".join(lines),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip


def calc(arguments: list[str]) -> int:
    """One JSON document in, one out; a refusal is one JSON line on standard error."""
    if arguments[:1] == ["score"]:
        from wuxie.kernel.standards.calc import main as score  # DuckDB is loaded only for a score

        return score(arguments[1:])
    parser = Asking(prog="wuxie calc", description="公开计算器")
    parser.add_argument("name", choices=list(WHERE), metavar="NAME", help="、".join(WHERE))
    parser.add_argument("file", nargs="?", metavar="FILE", help="JSON 文件；不写则读标准输入")
    try:
        chosen = parser.parse_args(arguments)
        answer = calculator(chosen.name).answer(_body(chosen.file))
    except Problem as problem:
        print(json.dumps(problem.as_dict(), ensure_ascii=False), file=sys.stderr)
        return problem.exit_code
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    return DONE


def _body(name: str | None) -> bytes:
    if name is None or name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as fault:
        words = getattr(fault, "strerror", None) or fault
        raise Problem("json", "$", f"读不到文件 {name}：{words}。请检查文件名。") from None


def keeping(name: str, arguments: list[str]) -> int:
    """What runs where there is no house: on an officer's own machine, or on an empty one after a fire."""
    from wuxie.kernel.custody import console  # most commands need no ciphers

    return console.restore_command(arguments) if name == "restore" else console.backup_key(arguments)


def manage(arguments: list[str]) -> int:
    """Hand over to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wuxie.config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["wuxie", *arguments])
    return DONE


def run() -> NoReturn:
    sys.exit(main())


if __name__ == "__main__":
    run()
