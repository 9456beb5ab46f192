"""What keeping and restoring refuse, with the sentence that the operator reads."""

from __future__ import annotations


class Refused(Exception):
    """Nothing was done; the message says in Chinese what is wrong and how to mend it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
