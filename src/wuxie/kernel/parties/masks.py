"""What of a private person's data a screen may show before someone gives a reason to see more."""

from __future__ import annotations

from collections.abc import Iterable


def name(text: str) -> str:
    """The family name, the rest starred: 李**."""
    return text[:1] + "**" if text else ""


def phone(text: str) -> str:
    """Middle four digits hidden: 138****5678."""
    return f"{text[:3]}****{text[-4:]}" if len(text) >= 8 else "****" if text else ""


def told(secrets: Iterable[str], *texts: str) -> bool:
    """Whether a text that others read holds one of these names or numbers; a single sign is none."""
    return any(len(one.strip()) > 1 and one.strip() in text for one in secrets for text in texts)


def id_number(text: str) -> str:
    """Only the last four characters."""
    return f"{'*' * max(len(text) - 4, 0)}{text[-4:]}" if text else ""
