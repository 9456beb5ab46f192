"""``wuxie papers_verify``: is every stored file still what the records say it is?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from wuxie.kernel.papers import store
from wuxie.kernel.papers.models import Attachment, Document, WordTemplate


class Command(BaseCommand):
    help = "核对所有附件和文书：缺失或被改动的逐一列出，有则返回 1。"

    def handle(self, *args: Any, **options: Any) -> None:
        owners: dict[str, list[str]] = {}
        for one in Attachment.objects.iterator():
            for name in filter(None, (one.sha256, one.public_sha256)):
                owners.setdefault(name, []).append(f"{one.case} {one.title}")
        for issued in Document.objects.exclude(pdf_sha256="").iterator():
            owners.setdefault(issued.pdf_sha256, []).append(str(issued))
        for kept in WordTemplate.objects.iterator():
            owners.setdefault(kept.sha256, []).append(kept.title)
        found = store.faults(owners)
        for name, what in found:
            word = "缺失" if what == "missing" else "被改动"
            self.stdout.write(f"{word} {name} {'；'.join(owners[name])}")
        self.stdout.write(f"共 {len(owners)} 个文件，{len(found)} 个有问题。")
        if found:
            raise SystemExit(1)
