"""From a file of facts, all columns as text, to the relation that the statement reads (``selection.py``).

The checks are a few questions to the engine over whole columns; only when one of them finds something is the file read row
by row for the place of the fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from wuxie.kernel.calc.problems import Problem

from . import rows
from .model import TRUST, Standard
from .selection import LIMB, Execute, Measures, Quantities, facts_statement, literal, measure, quantities

TABLE = "given"


@dataclass
class Source:
    """A relation ``given`` with the ten columns as text inside an engine.

    ``matches(column, pattern)`` is the engine's SQL for "all of the text matches"; ``slowly()`` reads the same rows in
    their order, to find the fault that ``check`` has noticed.
    """

    execute: Execute
    matches: Callable[[str, str], str]
    slowly: Callable[[], Iterable[Any]]
    form: Quantities = Quantities(("quantity",), 0)

    def check(self) -> None:
        """Refuse what does not fit, and learn how large the quantities are."""
        bare = "replace(quantity, '-', '')"
        ((count, good, whole, decimals, named, different),) = self.execute(
            f"SELECT COUNT(*), SUM(CASE WHEN {self.matches('quantity', rows.QUANTITY)} THEN 1 ELSE 0 END),"
            f" MAX(LENGTH(split_part({bare}, '.', 1))), MAX(LENGTH(split_part({bare}, '.', 2))),"
            " SUM(CASE WHEN COALESCE(id, '') = '' OR COALESCE(kind, '') = '' OR COALESCE(subject, '') = '' THEN 0 ELSE 1 END),"
            f" COUNT(DISTINCT id) FROM {TABLE}"
        )
        if not count:
            return
        if not (count == good == named == different) or not self._words_fit():
            self._find_the_fault()
        self.form = quantities(int(whole), int(decimals), int(count))

    def _words_fit(self) -> bool:
        """Days, trust and disputed have few different words: look at each once."""
        sample = dict.fromkeys(rows.COLUMNS, "x") | {"quantity": "1", "trust": TRUST[0], "disputed": "false"}
        sample |= {"occurred_on": "2000-01-01", "recorded_on": "2000-01-01", "valid_until": ""}
        try:
            for name in ("occurred_on", "recorded_on", "valid_until", "trust", "disputed"):
                for (word,) in self.execute(f"SELECT DISTINCT {name} FROM {TABLE}"):
                    rows.check(sample | {name: "" if word is None else word}, "$")
        except Problem:
            return False
        return True

    def _find_the_fault(self) -> None:
        rows.check_all(self.slowly())
        raise Problem("type", "$.facts", "事实文件里有不合格式的行，请检查。")

    def relation(self) -> str:
        """The sub-select that the statement reads."""
        ranks = " ".join(f"WHEN {literal(word)} THEN {rank}" for rank, word in enumerate(TRUST))
        true = ", ".join(map(literal, rows.TRUE))
        return (
            f"(SELECT id, subject, kind, {', '.join(self._quantities())}, occurred_on, recorded_on,"
            f" COALESCE(valid_until, '') AS valid_until, CASE trust {ranks} ELSE -1 END AS trust,"
            " CASE WHEN COALESCE(superseded_by, '') = '' THEN 0 ELSE 1 END AS superseded,"
            f" CASE WHEN lower(disputed) IN ({true}) THEN 1 ELSE 0 END AS disputed FROM {TABLE})"
        )

    def _quantities(self) -> Iterable[str]:
        whole, decimals = "split_part(quantity, '.', 1)", "split_part(quantity, '.', 2)"
        scale, columns = self.form.scale, self.form.columns
        padded = f"rpad({decimals}, {scale}, '0')"
        if len(columns) == 1:
            digits = f"concat({whole}, {padded})" if scale else "quantity"
            yield f"CAST({digits} AS BIGINT) AS {columns[0]}"
            return
        width = len(columns) * LIMB - scale
        digits = f"concat(lpad(replace({whole}, '-', ''), {width}, '0'), {padded})"
        sign = "CASE WHEN quantity LIKE '-%' THEN -1 ELSE 1 END"
        for place, column in enumerate(columns):
            yield f"{sign} * CAST(substr({digits}, {place * LIMB + 1}, {LIMB}) AS BIGINT) AS {column}"

    def measures(self, standard: Standard) -> Measures:
        """The figures of every subject of the file, also of those without a counting fact."""
        found = measure(standard, self.relation(), self.execute, self.form)
        for (subject,) in self.execute(f"SELECT DISTINCT subject FROM {TABLE}"):
            found.own(subject)
        return found

    def facts_of(self, standard: Standard, subject: str) -> Iterable[Sequence[Any]]:
        """(id, kind, occurred_on, valid_until) of the subject's counting facts."""
        return self.execute(facts_statement(standard, self.relation(), "?"), [subject])
