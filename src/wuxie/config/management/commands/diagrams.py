"""Bring the state diagrams in the rooms' READMEs up to date with their tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

import wuxie
from wuxie.kernel.workflow.diagram import BEGIN, rewrite
from wuxie.kernel.workflow.table import workflows


class Command(BaseCommand):
    help = "按流程表重写各房间 README 里的状态图"

    def handle(self, *args: Any, **options: Any) -> None:
        for readme in sorted(Path(wuxie.__file__).parent.rglob("README.md")):
            text = before = readme.read_text()
            for workflow in workflows():
                if BEGIN.format(name=workflow.name) in text:
                    text = rewrite(text, workflow)
            if text != before:
                readme.write_text(text)
                self.stdout.write(f"{readme.parent.name}/README.md")
