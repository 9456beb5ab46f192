"""What papers a case has."""

from __future__ import annotations

from .models import Attachment, Document


def names_on(case: str) -> set[str]:
    """The names of the papers in a case: of attachments not withdrawn and of documents not void."""
    attached = Attachment.objects.on(case).exclude(kind="").values_list("kind", flat=True)
    issued = Document.objects.on(case).filter(void=None).values_list("label", flat=True)
    return {*attached, *issued}
