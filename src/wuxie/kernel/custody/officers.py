"""Officers' keys: whoever holds one private part can bring the house back; the server only knows the public parts."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from wuxie.kernel.home import home, new_file

from .age import VERSION, WORK, Passphrase, PrivateKey, PublicKey, Reader, Writer
from .refusal import Refused

#: Fewer letters are guessed by a machine.
SHORTEST = 12
#: Losing one keeper must not lose everything.
KEEPERS = 2


@dataclass(frozen=True)
class Keeper:
    """A public part and whose it is."""

    key: PublicKey
    name: str

    def line(self) -> str:
        return f"{self.key} {self.name}".strip()


def recipients_file() -> Path:
    return home() / "keys" / "recipients"


def keepers() -> list[Keeper]:
    """Those to whom every backup is encrypted, in the order in which they were added."""
    path = recipients_file()
    if not path.exists():
        return []
    rows = (line.partition(" ") for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return [Keeper(PublicKey.read(key), name.strip()) for key, _blank, name in rows]


def add(key: PublicKey, name: str) -> list[Keeper]:
    """Encrypt to this officer too from now on."""
    if not name.strip():
        raise Refused("没有写保管人。请加 --name 姓名或“密封纸件”。")
    if any(one.key == key for one in keepers()):
        raise Refused(f"公钥 {key.fingerprint} 已经登记过。")
    return _keep([*keepers(), Keeper(key, " ".join(name.split()))])


def remove(fingerprint: str) -> list[Keeper]:
    """Encrypt to this officer no more. What was encrypted before stays readable: take the backups out of reach too."""
    known = keepers()
    left = [one for one in known if one.key.fingerprint != fingerprint]
    if len(left) == len(known):
        raise Refused(f"没有指纹为 {fingerprint} 的保管人。请用 wuxie backup-key list 查看。")
    return _keep(left)


def _keep(rows: Iterable[Keeper]) -> list[Keeper]:
    rows = list(rows)
    path = recipients_file()
    path.parent.mkdir(mode=0o700, exist_ok=True)
    draft = path.with_name(".recipients.draft")
    draft.write_text("".join(one.line() + "\n" for one in rows), encoding="utf-8")
    draft.chmod(0o600)
    draft.replace(path)
    return rows


def chosen(keys: Iterable[str]) -> list[PublicKey]:
    """The keys named on the command line, else those registered; refuses to encrypt to nobody."""
    found = [PublicKey.read(one) for one in keys] or [one.key for one in keepers()]
    if not found:
        raise Refused(
            "还没有保管人的公钥。请先用 wuxie backup-key new 生成，再用 wuxie backup-key add 登记，或加 --key。"
        )
    return list(dict.fromkeys(found))


def write_identity(path: Path, private: PrivateKey, passphrase: str, *, work: int = WORK) -> None:
    """Keep a private part in a file that only this account can read, under a passphrase; never over another file."""
    if len(passphrase) < SHORTEST:
        raise Refused(f"口令太短：至少 {SHORTEST} 个字符，可用几个不相干的词连起来。")
    try:
        with new_file(path) as out:
            writer = Writer(out, [Passphrase(passphrase, work)])
            writer.write(f"# public key: {private.public}\n{private}\n".encode())
            writer.finish()
    except FileExistsError:
        raise Refused(f"文件 {path} 已经存在，不覆盖。请换一个文件名。") from None
    except OSError as fault:
        raise Refused(f"写不了文件 {path}：{fault.strerror}。") from None


def is_locked(path: Path) -> bool:
    """Whether a file of a private part asks for a passphrase."""
    return _bytes(path).startswith(VERSION)


def read_identity(path: Path, passphrase: str = "") -> PrivateKey:
    """The private part in a file, with its passphrase if it has one."""
    content = _bytes(path)
    if content.startswith(VERSION):
        try:
            content = Reader(io.BytesIO(content), [Passphrase(passphrase)]).read()
        except Refused:
            raise Refused("口令不对，或私钥文件已损坏。请再试一次，或用另一位保管人的私钥。") from None
    lines = [line for line in content.decode("utf-8", "replace").splitlines() if line and not line.startswith("#")]
    if len(lines) != 1:
        raise Refused(f"文件 {path} 里没有私钥。请检查文件名。")
    return PrivateKey.read(lines[0])


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise Refused(f"读不到私钥文件 {path}：{fault.strerror}。") from None
