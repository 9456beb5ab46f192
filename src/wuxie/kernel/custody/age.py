"""The age format, version 1: a file encrypted to public keys, read in pieces of 64 KiB.

Source: age-encryption.org/v1 (C2SP). A random file key is wrapped for every recipient (X25519 and HKDF-SHA256, or scrypt
for a passphrase); the header is authenticated; the body is ChaCha20-Poly1305 in pieces whose nonces count up and whose
last one says that it is the last. So a file cut short, lengthened or changed in any place is noticed, and a backup can be
opened with any other program that reads the format, should this one be gone.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from . import bech32
from .refusal import Refused

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

VERSION = b"age-encryption.org/v1"
X25519 = b"age-encryption.org/v1/X25519"
SCRYPT = b"age-encryption.org/v1/scrypt"
PUBLIC, PRIVATE = "age", "age-secret-key-"
PIECE = 64 * 1024
TAG = 16
#: 2**18 × 8 × 128 bytes: 256 MiB and about a second for one guess.
WORK = 18
#: More would let a hostile file take all memory.
MOST_WORK = 20
LONGEST_HEADER = 64 * 1024

ALTERED = "备份文件已损坏或被改动，没有恢复任何内容。请换另一份备份。"
CUT = "备份文件不完整（被截断），没有恢复任何内容。请重新拷贝，或换另一份备份。"
FOREIGN = "这不是物协的备份文件，没有恢复任何内容。请检查文件名。"


@dataclass(frozen=True)
class Stanza:
    """One wrapped copy of the file key."""

    words: tuple[str, ...]
    body: bytes

    def lines(self) -> bytes:
        text = _base64(self.body)
        rows = [text[at : at + 64] for at in range(0, len(text) + 1, 64)]
        return ("-> " + " ".join(self.words) + "\n" + "\n".join(rows) + "\n").encode()


class Recipient(Protocol):
    """Whom a file is for."""

    def wrap(self, file_key: bytes) -> Stanza: ...


class Identity(Protocol):
    """What opens a file; ``None`` where a stanza is for somebody else."""

    def unwrap(self, stanza: Stanza) -> bytes | None: ...


@dataclass(frozen=True)
class PublicKey:
    """An officer's public part: ``age1…``."""

    raw: bytes

    @classmethod
    def read(cls, text: str) -> PublicKey:
        try:
            name, raw = bech32.decode(text.strip())
        except ValueError:
            name, raw = "", b""
        if name != PUBLIC or len(raw) != 32:
            raise Refused(f"公钥“{text.strip()[:20]}…”抄错了：应以 age1 开头，共 62 个字符。请照原文重抄。")
        return cls(raw)

    def __str__(self) -> str:
        return bech32.encode(PUBLIC, self.raw)

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits by which two people compare a key over the telephone."""
        return hashlib.sha256(self.raw).hexdigest()[:12]

    def wrap(self, file_key: bytes) -> Stanza:
        once = X25519PrivateKey.generate()
        share = once.public_key().public_bytes_raw()
        shared = once.exchange(X25519PublicKey.from_public_bytes(self.raw))
        return Stanza(("X25519", _base64(share)), _seal(_derive(shared, share + self.raw, X25519), file_key))


@dataclass(frozen=True)
class PrivateKey:
    """An officer's private part: ``AGE-SECRET-KEY-1…``."""

    raw: bytes

    @classmethod
    def new(cls) -> PrivateKey:
        return cls(X25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def read(cls, text: str) -> PrivateKey:
        try:
            name, raw = bech32.decode("".join(text.split()))
        except ValueError:
            name, raw = "", b""
        if name != PRIVATE or len(raw) != 32:
            raise Refused("私钥抄错了：应以 AGE-SECRET-KEY-1 开头，共 74 个字符。请照原文重抄。")
        return cls(raw)

    def __str__(self) -> str:
        return bech32.encode(PRIVATE, self.raw).upper()

    def __repr__(self) -> str:
        return "PrivateKey(…)"

    @property
    def public(self) -> PublicKey:
        return PublicKey(X25519PrivateKey.from_private_bytes(self.raw).public_key().public_bytes_raw())

    def unwrap(self, stanza: Stanza) -> bytes | None:
        if stanza.words[0] != "X25519":
            return None
        if len(stanza.words) != 2 or len(share := _unbase64(stanza.words[1])) != 32 or len(stanza.body) != 32:
            raise Refused(ALTERED)
        own = X25519PrivateKey.from_private_bytes(self.raw)
        try:
            shared = own.exchange(X25519PublicKey.from_public_bytes(share))
        except ValueError:
            raise Refused(ALTERED) from None
        return _open(_derive(shared, share + own.public_key().public_bytes_raw(), X25519), stanza.body)


@dataclass(frozen=True, repr=False)
class Passphrase:
    """A passphrase, for the file in which a private part is kept."""

    text: str
    work: int = WORK

    def wrap(self, file_key: bytes) -> Stanza:
        salt = os.urandom(16)
        key = self._key(salt, self.work)
        return Stanza(("scrypt", _base64(salt), str(self.work)), _seal(key, file_key))

    def unwrap(self, stanza: Stanza) -> bytes | None:
        if stanza.words[0] != "scrypt":
            return None
        if len(stanza.words) != 3 or not stanza.words[2].isdecimal() or not 1 <= int(stanza.words[2]) <= MOST_WORK:
            raise Refused(ALTERED)
        return _open(self._key(_unbase64(stanza.words[1]), int(stanza.words[2])), stanza.body)

    def _key(self, salt: bytes, work: int) -> bytes:
        # Twice what 2**work blocks of 1 KiB need: OpenSSL counts a little of its own on top.
        return hashlib.scrypt(
            self.text.encode(),
            salt=SCRYPT + salt,
            n=1 << work,
            r=8,
            p=1,
            dklen=32,
            maxmem=(1 << work) * 2048 + (1 << 20),
        )


class Writer:
    """A file to write into; what comes out at ``out`` can only be read by the recipients. ``finish`` makes it whole."""

    def __init__(self, out: SupportsWrite[bytes], recipients: Sequence[Recipient]) -> None:
        if not recipients:
            raise Refused("没有指定公钥。请加 --key，或先用 wuxie backup-key add 登记。")
        file_key, nonce = os.urandom(16), os.urandom(16)
        head = VERSION + b"\n" + b"".join(one.wrap(file_key).lines() for one in recipients) + b"---"
        out.write(head + b" " + _base64(_mac(file_key, head)).encode() + b"\n" + nonce)
        self.out, self.cipher, self.count = out, ChaCha20Poly1305(_derive(file_key, nonce, b"payload")), 0
        self.waiting = bytearray()

    def write(self, data: bytes) -> int:
        self.waiting += data
        # A piece goes out only when more is known to follow: the last one bears a mark.
        while len(self.waiting) > PIECE:
            self._piece(bytes(self.waiting[:PIECE]), last=False)
            del self.waiting[:PIECE]
        return len(data)

    def flush(self) -> None:
        """Nothing goes out before it is a whole piece; asked for by what writes in here."""

    def finish(self) -> None:
        self._piece(bytes(self.waiting), last=True)
        self.waiting.clear()

    def _piece(self, data: bytes, *, last: bool) -> None:
        self.out.write(self.cipher.encrypt(_nonce(self.count, last), data, None))
        self.count += 1


class Reader:
    """The plain text of a file, piece by piece; only what was authenticated is ever returned."""

    def __init__(self, source: IO[bytes], identities: Sequence[Identity]) -> None:
        stanzas, head, mac = _header(source)
        file_key = _file_key(stanzas, identities)
        if file_key is None:
            raise Refused("这把私钥打不开这份备份。请换一位保管人的私钥，或检查口令。")
        if not hmac.compare_digest(_mac(file_key, head), mac):
            raise Refused(ALTERED)
        nonce = source.read(16)
        if len(nonce) != 16:
            raise Refused(CUT)
        self.source, self.cipher, self.count = source, ChaCha20Poly1305(_derive(file_key, nonce, b"payload")), 0
        self.ahead = source.read(PIECE + TAG)
        self.plain, self.done = bytearray(), False

    def read(self, size: int = -1) -> bytes:
        while not self.done and (size < 0 or len(self.plain) < size):
            self.plain += self._piece()
        wanted = len(self.plain) if size < 0 else size
        answer = bytes(self.plain[:wanted])
        del self.plain[:wanted]
        return answer

    def _piece(self) -> bytes:
        """A piece that ends the file must say so; one that says so must end it."""
        sealed, self.ahead = self.ahead, self.source.read(PIECE + TAG)
        last = not self.ahead
        try:
            plain = self.cipher.decrypt(_nonce(self.count, last), sealed, None)
        except (InvalidTag, ValueError):
            raise Refused(self._why(sealed, last)) from None
        if last and not plain and self.count:
            raise Refused(ALTERED)
        self.count, self.done = self.count + 1, last
        return plain

    def _why(self, sealed: bytes, last: bool) -> str:
        """A whole piece where the last one should be: what came after it is missing."""
        if not last:
            return ALTERED
        if len(sealed) < TAG:
            return CUT
        try:
            self.cipher.decrypt(_nonce(self.count, False), sealed, None)
        except (InvalidTag, ValueError):
            # Cut inside a piece, or changed: from outside both look the same.
            return "备份文件不完整（被截断）或被改动，没有恢复任何内容。请重新拷贝，或换另一份备份。"
        return CUT


def _file_key(stanzas: Sequence[Stanza], identities: Sequence[Identity]) -> bytes | None:
    for identity in identities:
        for stanza in stanzas:
            if (found := identity.unwrap(stanza)) is not None:
                return found
    return None


def _header(source: IO[bytes]) -> tuple[list[Stanza], bytes, bytes]:
    """The stanzas, the bytes under the checksum, the checksum."""
    if (first := source.readline(LONGEST_HEADER)) != VERSION + b"\n":
        raise Refused(FOREIGN)
    head, stanzas = first, list[Stanza]()
    words: tuple[str, ...] = ()
    body = ""
    while len(head) < LONGEST_HEADER:
        line = source.readline(1000)
        if not line.endswith(b"\n"):
            raise Refused(CUT if not line or len(line) < 1000 else ALTERED)
        try:
            text = line[:-1].decode("ascii")
        except UnicodeDecodeError:
            raise Refused(ALTERED) from None
        if words:
            body += text
            head += line
            if len(text) < 64:
                stanzas.append(Stanza(words, _unbase64(body)))
                words, body = (), ""
        elif text.startswith("-> ") and all(wanted := tuple(text[3:].split(" "))):
            words = wanted
            head += line
        elif text.startswith("--- "):
            return stanzas, head + b"---", _unbase64(text[4:])
        else:
            raise Refused(ALTERED)
    raise Refused(ALTERED)


def _derive(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt, info).derive(secret)


def _mac(file_key: bytes, head: bytes) -> bytes:
    return hmac.new(_derive(file_key, b"", b"header"), head, hashlib.sha256).digest()


def _seal(key: bytes, file_key: bytes) -> bytes:
    # The key is made for this one message, so the nonce may be nought (as the format says).
    return ChaCha20Poly1305(key).encrypt(bytes(12), file_key, None)


def _open(key: bytes, body: bytes) -> bytes | None:
    try:
        return ChaCha20Poly1305(key).decrypt(bytes(12), body, None)
    except (InvalidTag, ValueError):
        return None


def _nonce(count: int, last: bool) -> bytes:
    return count.to_bytes(11) + bytes([last])


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")


def _unbase64(text: str) -> bytes:
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        raise Refused(ALTERED) from None
    if _base64(data) != text:
        raise Refused(ALTERED)
    return data
