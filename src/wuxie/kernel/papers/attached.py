"""What papers a case has."""

from __future__ import annotations

from collections.abc import Iterable

from .models import Attachment, Document


def names_on(case: str) -> set[str]:
    """The names of the papers in a case: of attachments not withdrawn and of documents not void."""
    attached = Attachment.objects.on(case).exclude(kind="").values_list("kind", flat=True)
    issued = Document.objects.on(case).filter(void=None).values_list("label", flat=True)
    return {*attached, *issued}


def digests_of(references: Iterable[str]) -> tuple[str, ...]:
    """The SHA-256 of the files behind references (``attachment:…``, ``document:…``); others are left out."""
    pks: dict[str, list[str]] = {"attachment": [], "document": []}
    for reference in references:
        prefix, _colon, pk = reference.partition(":")
        pks.get(prefix, []).append(pk)
    attached = Attachment.objects.filter(pk__in=pks["attachment"]).values_list("sha256", flat=True)
    issued = Document.objects.filter(pk__in=pks["document"]).exclude(pdf_sha256="").values_list("pdf_sha256", flat=True)
    return tuple(sorted({*attached, *issued}))
