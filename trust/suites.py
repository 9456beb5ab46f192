"""What the tests of the house prove already, run here and counted: each row is a selection of tests and how many passed."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from .homes import ROOT
from .row import Row

#: Goal → (what it shows, the tests by file and name; a name ends a selection, a file alone is all of it).
SELECTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("G1", "300 edits of the ledger by SQL with the triggers dropped, first fact named (test_audit)", (
        "test_three_hundred_alterations_are_noticed_and_named",)),
    ("G1", "heads, seals, tiles and links altered; a fact gone with its links named from the copy", (
        "test_structure_that_is_altered_is_noticed", "test_a_fact_gone_with_its_links_is_named_from_the_copy")),
    ("G1", "the database refuses UPDATE, DELETE and TRUNCATE on sealed tables (test_guards)", ("test_guards.",)),
    ("G3", "two histories written anew and resealed, seen from an older root", (
        "test_history_written_anew_is_noticed_by_an_older_root",)),
    ("G9", "forms and requests sent again, changed, refused, by eight threads (test_once)", ("test_once.",)),
    ("G9", "a phone's queue reordered, doubled, changed, sent from another account or after the post ended (test_checks)", (
        "test_checks.",)),
    ("R2", "a page and an error object in words, with the time to come again, while the database is away (test_faults)", (
        "test_faults.",)),
    ("G10", "every address × role × side, steps, tokens and empty forms (tests/test_matrix.py)", ("test_matrix.",)),
    ("G13", "Word templates: payloads refused, values not read, endless ones ended (test_word)", ("test_word.",)),
    ("G13", "exported cells come in again unchanged (test_export)", ("test_export.",)),
    ("G14", "a planted hidden complainant in no page, sheet, search, log, paper, and as ciphertext at rest (test_secrets)", (
        "mediation.tests.test_secrets.",)),
    ("G14", "who told of a clue, in nothing that the company may read", (
        "test_nothing_that_the_company_may_read_names_who_told_of_it", "test_where_a_clue_came_from_stays_with_the_association")),
    ("P1", "a low price as a charge, told or found", ("test_low_prices_are_no_offence", "test_nor_may_they_come_in_by_the_findings")),
    ("P1", "the vote of a member that stands aside, by name, on slips, on the page, in the panel, in the council", (
        "test_a_recused_member", "test_slips_that_count_a_recused_member_are_refused", "test_a_ballot_of_somebody_who_stands_aside",
        "test_a_unit_that_must_stand_aside", "test_whoever_has_an_interest")),
    ("P1", "every step of discipline × state × person; a decision that was not served has no effect", (
        "conduct.tests.test_steps.", "test_a_decision_that_was_not_handed_over",
        "test_two_investigators_and_not_fewer", "test_nobody_votes_for_more_than_was_told")),
    ("G19", "an SQLite older than 3.51.3 is refused at start (test_serve)", ("test_serve.",)),
)  # fmt: skip
FOLDERS = ("src/wuxie/kernel/facts", "src/wuxie/kernel/once", "tests/test_once.py", "src/wuxie/web/tests/test_faults.py",
           "src/wuxie/rooms/openapi/tests/test_once.py", "src/wuxie/kernel/access", "src/wuxie/kernel/papers/tests/test_word.py",
           "src/wuxie/kernel/tabular/tests/test_export.py", "src/wuxie/kernel/jobs/tests/test_serve.py", "tests/test_matrix.py",
           "src/wuxie/rooms/safety/tests/test_checks.py", "src/wuxie/rooms/mediation/tests/test_secrets.py",
           "src/wuxie/rooms/conduct/tests/test_way.py", "src/wuxie/rooms/conduct/tests/test_steps.py",
           "src/wuxie/rooms/conduct/tests/test_pages.py", "src/wuxie/rooms/association/tests/test_meetings.py",
           "src/wuxie/rooms/association/tests/test_pages.py")  # fmt: skip


def rows() -> list[Row]:
    """One run of pytest; a row a selection, and one for everything."""
    with tempfile.TemporaryDirectory(prefix="wuxie-suites-") as name:
        report = Path(name) / "report.xml"
        code = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal", "-m", "not browser", f"--junitxml={report}", *FOLDERS],
            cwd=ROOT, stdout=subprocess.DEVNULL, check=False,
        ).returncode  # fmt: skip
        cases = list(ElementTree.parse(report).iter("testcase"))
    made = [_row(goal, what, [case for case in cases if _chosen(case, names)]) for goal, what, names in SELECTIONS]
    return [*made, _row("G1", "all tests of facts, access, the matrix and the others named here", cases, code == 0)]


def _chosen(case: ElementTree.Element, names: tuple[str, ...]) -> bool:
    where = f"{case.get('classname')}.{case.get('name')}"
    return any(f".{name}" in where for name in names)


def _row(goal: str, what: str, cases: list[ElementTree.Element], well: bool = True) -> Row:
    failed = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    skipped = [case for case in cases if case.find("skipped") is not None]
    passed = len(cases) - len(failed) - len(skipped)
    figure = f"{passed} tests passed, {len(failed)} failed, {len(skipped)} skipped"
    if failed:
        figure += " (" + ", ".join(str(case.get("name")) for case in failed[:3]) + ")"
    return Row(goal, what, figure, well and bool(passed) and not failed)
