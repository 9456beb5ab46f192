"""The seal behind a published result, and the last one of the ledger: what a stranger compares with."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from wuxie.kernel.facts.canonical import moment_text
from wuxie.kernel.facts.models import Seal
from wuxie.rooms.rating.models import Snapshot
from wuxie.rooms.rating.packs import verifier_sha256


@dataclass(frozen=True)
class Sealed:
    """A seal as it is written under a result, with the verifier to check it: each figure as ``verify.py`` prints it."""

    number: str
    root: str
    size: int | None = None
    sealed_at: datetime.datetime | None = None

    @property
    def spaced(self) -> str:
        """The root in groups of four, as it is printed and compared."""
        return spaced(self.root)

    @property
    def moment(self) -> str:
        """The moment of the seal in UTC, letter by letter as ``verify.py`` prints it."""
        return moment_text(self.sealed_at) if self.sealed_at else ""

    @property
    def verifier(self) -> str:
        return spaced(verifier_sha256())


def spaced(digest: str) -> str:
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


def of_snapshot(snapshot: Snapshot | None) -> Sealed | None:
    """The seal that covered the rows of a frozen result (stored as ``number:root``)."""
    if snapshot is None or not snapshot.seal:
        return None
    number, _, root = snapshot.seal.partition(":")
    if not root:
        return None
    found = Seal.objects.filter(number=number, root=root).first() if number.isdigit() else None
    return Sealed(number, root, found.size if found else None, found.sealed_at if found else None)


def latest(count: int) -> list[Sealed]:
    """The newest seals."""
    return [
        Sealed(str(one.number), one.root, one.size, one.sealed_at)
        for one in Seal.objects.order_by("-number")[:count]
    ]  # fmt: skip
