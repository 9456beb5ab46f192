"""The one error object that every calculator, import and interface answers with."""

from __future__ import annotations


class Problem(Exception):
    """Something in a document that a person has to mend.

    ``code`` is one of the words fixed in the interface (``missing``, ``type``, ``range``, ``duplicate``, ``reference``,
    ``empty``, ``unknown_key``, ``json``, ``formula`` …), ``path`` a JSON path such as ``$.units[3].area``, ``message``
    a Chinese sentence that says what is wrong and how to mend it. ``exit_code`` is what the command line ends with: 2 for
    a document at fault, 1 where the document is sound and the answer is no.
    """

    exit_code = 2

    def __init__(self, code: str, path: str, message: str, **extra: object) -> None:
        super().__init__(message)
        self.code = code
        self.path = path
        self.message = message
        self.extra = extra

    def as_dict(self) -> dict[str, object]:
        """``{"error": {"code": …, "path": …, "message": …}}``, the shape shared by command line and HTTP."""
        return {"error": {"code": self.code, "path": self.path, "message": self.message, **self.extra}}
