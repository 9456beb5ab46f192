"""The state diagram of a room's README, made from the table that the code obeys."""

from __future__ import annotations

import re

from wuxie.kernel.access.who import the_clock

from .table import Workflow

BEGIN, END = "<!-- diagram {name} -->", "<!-- /diagram -->"


def mermaid(workflow: Workflow) -> str:
    """A Mermaid state diagram; labels are the words on the buttons, ``⏱`` marks what time does."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {workflow.initial}"]
    lines += [f"    {value}: {label}" for value, label in workflow.model.State.choices]
    for name, step in workflow:
        clock = " ⏱" if step.by is the_clock else ""
        for source in step.sources:
            lines.append(f"    {source} --> {step.target or source}: {step.label or name}{clock}")
    lines += [f"    {state} --> [*]" for state in sorted(workflow.final)]
    return "\n".join([*lines, "```"])


def rewrite(text: str, workflow: Workflow) -> str:
    """The README with this workflow's diagram brought up to date."""
    begin = BEGIN.format(name=workflow.name)
    pattern = re.compile(rf"{re.escape(begin)}.*?{re.escape(END)}", re.DOTALL)
    return pattern.sub(lambda _: f"{begin}\n{mermaid(workflow)}\n{END}", text)
