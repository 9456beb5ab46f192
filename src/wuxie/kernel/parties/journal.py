"""The journal of administration: who looked, who gave and took keys and posts. The ledger writes it; this is the door.

Parts below the ledger cannot import it, so it registers its writer here. There is no silent way round: an act that
cannot be written down does not happen, because both stand in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db import transaction

#: ``(verb, subject, by=…, source=…, details=…, personal=…)``; ``facts.journal.write`` in an installed house.
Writer = Callable[..., object]

_writer: list[Writer] = []


def register_writer(writer: Writer) -> None:
    """Let the ledger take what is written here."""
    _writer[:] = [writer]


def write(
    verb: str,
    subject: str,
    *,
    by: str,
    source: str,
    details: Mapping[str, str] | None = None,
    personal: Mapping[str, str] | None = None,
) -> None:
    """Write down one act in the caller's transaction.

    ``verb`` is the last word of a kind (``looked`` of ``office.looked``), ``subject`` and ``by`` text keys, ``source``
    the row that the act made or changed. ``details`` hold no personal data; ``personal`` values enter the ledger only as
    salted commitments and are kept encrypted. Raises what the ledger raises, and ``RuntimeError`` outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an act and its line in the journal belong in one transaction")
    if not _writer:
        raise RuntimeError("nobody keeps the journal")
    _writer[0](verb, subject, by=by, source=source, details=dict(details or {}), personal=dict(personal or {}))
