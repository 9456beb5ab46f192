"""The seal behind a published result, and the last one of the ledger: what a stranger compares with."""

from __future__ import annotations

from dataclasses import dataclass

from wuxie.rooms.rating.models import Snapshot


@dataclass(frozen=True)
class Sealed:
    """Number and root of a seal, as it is written under a result."""

    number: str
    root: str

    @property
    def spaced(self) -> str:
        """The root in groups of four, as it is printed and compared."""
        return " ".join(self.root[start : start + 4] for start in range(0, len(self.root), 4))


def of_snapshot(snapshot: Snapshot | None) -> Sealed | None:
    """The seal that covered the rows of a frozen result (stored as ``number root`` or ``number:root``)."""
    if snapshot is None or not snapshot.seal:
        return None
    number, _, root = snapshot.seal.replace(":", " ").partition(" ")
    return Sealed(number, root) if root else None
