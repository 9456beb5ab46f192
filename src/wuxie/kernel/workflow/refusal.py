"""A step that did not happen, with the sentence the person sees."""

from __future__ import annotations


class Refusal(Exception):
    """``code``: ``person`` (not theirs), ``state`` (not now), ``guard`` (something is missing), ``raced`` (someone was first)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
