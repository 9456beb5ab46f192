"""The commands that work without a house: an officer's keys, and bringing a house back.

``wuxie backup-key new`` runs on the officer's own machine: nothing of the private part ever touches the server.
"""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable
from pathlib import Path

from wuxie.kernel.home import CHECKOUT, new_file

from . import officers
from .age import PrivateKey, PublicKey
from .refusal import Refused
from .restore import restore

DONE, NO, BAD_INPUT = 0, 1, 2


def backup_key(arguments: list[str]) -> int:
    """``wuxie backup-key new | paper | add | list | remove``."""
    parser = argparse.ArgumentParser(prog="wuxie backup-key", description="备份的保管人：生成、登记和撤销他们的公钥")
    verbs = parser.add_subparsers(dest="verb", required=True)
    new = verbs.add_parser("new", help="为一位保管人生成密钥（在他自己的电脑上运行）")
    new.add_argument("--to", required=True, type=Path, metavar="FILE", help="私钥写到哪个新文件，用口令保护")
    _passphrase(new)
    paper = verbs.add_parser("paper", help="生成密封纸件：私钥只印在这张纸上")
    paper.add_argument("--to", required=True, type=Path, metavar="FILE.pdf")
    add = verbs.add_parser("add", help="登记一位保管人的公钥：以后的备份他都能打开")
    add.add_argument("key", metavar="AGE1…")
    add.add_argument("--name", required=True, help="保管人姓名，或“密封纸件”")
    verbs.add_parser("list", help="列出登记的保管人")
    remove = verbs.add_parser("remove", help="撤销一位保管人")
    remove.add_argument("fingerprint", metavar="指纹")
    chosen = parser.parse_args(arguments)
    return _spoken(lambda: _KEY_VERBS[chosen.verb](chosen))


def restore_command(arguments: list[str]) -> int:
    """``wuxie restore FILE --identity PRIVATE [--into HOME]``."""
    parser = argparse.ArgumentParser(prog="wuxie restore", description="把备份恢复到一台空机器上")
    parser.add_argument("file", type=Path, metavar="FILE", help="备份文件")
    parser.add_argument("--identity", required=True, type=Path, metavar="PRIVATE", help="一位保管人的私钥文件")
    parser.add_argument("--into", type=Path, metavar="HOME", help="恢复到哪个空文件夹；不写则用 WUXIE_HOME")
    _passphrase(parser)
    chosen = parser.parse_args(arguments)
    return _spoken(lambda: _restore(chosen))


def _passphrase(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="口令从文件第一行读；不写则在屏幕上问")


def _spoken(act: Callable[[], int]) -> int:
    try:
        return act()
    except Refused as refused:
        print(refused.message, file=sys.stderr)
        return BAD_INPUT


def _new(chosen: argparse.Namespace) -> int:
    private = PrivateKey.new()
    officers.write_identity(chosen.to, private, _ask(chosen.passphrase_file, twice=True))
    print(f"私钥已写到 {chosen.to}，用口令保护。请存两份（如两个 U 盘），不要放到服务器上。")
    print(f"公钥（交给管理服务器的人登记）：\n{private.public}\n指纹 {private.public.fingerprint}")
    return DONE


def _paper(chosen: argparse.Namespace) -> int:
    from .sheet import sheet  # the typesetter is slow to load

    private = PrivateKey.new()
    try:
        with new_file(chosen.to) as out:
            out.write(sheet(private))
    except OSError as fault:
        raise Refused(f"写不了 {chosen.to}：{fault.strerror}。") from None
    print(f"密封纸件写到 {chosen.to}。请打印两份，装入信封密封，分放两处保险柜；然后删掉这个文件。")
    print(f"公钥（请登记为“密封纸件”）：\n{private.public}\n指纹 {private.public.fingerprint}")
    return DONE


def _add(chosen: argparse.Namespace) -> int:
    known = officers.add(PublicKey.read(chosen.key), chosen.name)
    _say_keepers(known)
    if len(known) < officers.KEEPERS:
        print("只有一位保管人：他若离开或丢了私钥，备份就打不开了。请再登记一位，并做一份密封纸件。")
    return DONE


def _list(_chosen: argparse.Namespace) -> int:
    _say_keepers(officers.keepers())
    return DONE


def _remove(chosen: argparse.Namespace) -> int:
    _say_keepers(officers.remove(chosen.fingerprint))
    print("以后的备份他打不开；以前的备份他仍能打开，请不要让他再拿到。")
    return DONE


def _say_keepers(rows: list[officers.Keeper]) -> None:
    for one in rows:
        print(f"{one.key.fingerprint}  {one.name}  {one.key}")
    if not rows:
        print("还没有登记保管人。")


_KEY_VERBS = {"new": _new, "paper": _paper, "add": _add, "list": _list, "remove": _remove}


def _restore(chosen: argparse.Namespace) -> int:
    into = chosen.into or Path(os.environ.get("WUXIE_HOME") or CHECKOUT / "var")
    passphrase = _ask(chosen.passphrase_file) if officers.is_locked(chosen.identity) else ""
    private = officers.read_identity(chosen.identity, passphrase)
    found = restore(chosen.file, private, into, say=lambda line: print(line, flush=True))
    print(f"已恢复到 {into}：备份于 {found.made_at}，{found.facts} 条已封存的事实。")
    print(f"root {found.root or '（备份时还没有封存）'}")
    if found.same_root:
        print("与备份时的根相同。")
    for fault in found.faults:
        print(f"不符：{fault}")
    return NO if found.faults else DONE


def _ask(file: Path | None, *, twice: bool = False) -> str:
    """A passphrase, never from the command line, where every process could read it."""
    if file is not None:
        try:
            return file.read_text(encoding="utf-8").partition("\n")[0]
        except OSError as fault:
            raise Refused(f"读不到口令文件 {file}：{fault.strerror}。") from None
    try:
        given = getpass.getpass("口令：")
        if twice and getpass.getpass("再输一次：") != given:
            raise Refused("两次输入的口令不同，没有生成密钥。请再试一次。")
    except EOFError:
        raise Refused("没有输入口令。请在终端里运行，或加 --passphrase-file。") from None
    return given
