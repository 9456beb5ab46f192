"""Another version over last year's facts: what it says, who may see it, and that nothing else changes by it."""

from __future__ import annotations

import copy
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from wuxie.kernel.calc.problems import Problem
from wuxie.kernel.clock.now import today
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.jobs import queue
from wuxie.kernel.jobs.models import Job
from wuxie.kernel.standards.actions import copy_to_draft, save_draft
from wuxie.kernel.standards.models import Version
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.rating import queries, whatif
from wuxie.rooms.rating.actions import whatif as actions
from wuxie.rooms.rating.models import Snapshot, WhatIf
from wuxie.rooms.register.models import Project

from . import factories
from .factories import DAY, record, reviewed

pytestmark = pytest.mark.django_db


def drafted(**changes):
    """A draft of the trial standard; ``A1="…"`` changes a formula, ``A6=("…", 20)`` points too."""
    version = copy_to_draft(Version.objects.get(version="1"), version="2", by="test")
    document = copy.deepcopy(version.document)
    for group in document["groups"]:
        for one in group["indicators"]:
            wanted = changes.get(one["id"])
            if isinstance(wanted, tuple):
                one["formula"], one["points"] = wanted[0] or one["formula"], wanted[1]
            elif wanted:
                one["formula"] = wanted
        group["points"] = str(sum(Fraction(str(one["points"])) for one in group["indicators"]))
    return save_draft(version, document, by="test")


def compared(world, draft, by="secretary"):
    return actions.begin(world.cycle, base=Version.objects.get(version="1"), draft=draft, by=world[by])


def test_who_gains_and_who_loses_by_a_harsher_rule(world):
    record(world.project.key, "petition.valid_fault", 1, on=DAY(2026, 5, 5))
    facts = Fact.objects.count()

    made = compared(world, drafted(F2="20 - 10 * sum('petition.valid_fault')"))

    rows = {str(row): row for row in made.rows.select_related("project__estate")}
    # 88.2 loses five points and so the fourth star; the neighbour without a fault keeps its twenty points
    row = rows["翠屏花园"]
    assert (row.base_hundredths, row.draft_hundredths, row.change_hundredths) == (8820, 8320, -500)
    assert (row.base_stars, row.draft_stars, row.change_stars) == (4, 3, -1)
    assert row.reasons == [["F2", "有责投诉", "−5.00"]]
    assert (rows["邻里苑"].change_hundredths, rows["邻里苑"].reasons) == (0, [])
    assert (made.projects, made.up, made.down) == (2, 0, 1)
    assert made.summary["matrix"] == [[0, 0, 1], [4, 3, 1]]
    assert made.summary["size"] == [
        {"code": "small", "n": 2, "base": "54.10", "draft": "51.60", "change": "−2.50", "up": 0, "down": 1}
    ]  # fmt: skip
    assert (Fact.objects.count(), Snapshot.objects.count()) == (facts, 0)


def test_a_company_is_as_large_as_what_it_serves(world):
    for number in range(2):
        factories.serve(world.company, factories.estate(f"三苑{number}"))
    sizes = whatif.sizes(list(queries.served_in(world.cycle)))
    assert sizes == {world.company.pk: "middle", world.rival.pk: "small"}


def test_marks_are_kept_and_keep_their_share_when_only_the_points_change(world):
    reviewed(world)
    row = compared(world, drafted(A6=(None, 20))).rows.get(project=world.project)
    marks = Fact.objects.get(kind="rating.judged.A6")
    earned = Fraction(marks.quantity, 1_000_000)
    assert row.judged and 0 < earned < 10
    # the group now asks 50 points of 110: what A6 earned doubles, nothing else moves
    assert row.change_hundredths == earned * 100


def test_where_nobody_marked_both_versions_leave_the_mark_out(world):
    made = compared(world, drafted(A6=("sum('rating.judged.A6')", 20)))
    row = made.rows.get(project=world.project)
    assert not row.judged
    # 40 points of the group lie on A1 in the first version, 50 in the second: 85 per cent of ten more. A sum of no marks
    # would be nought, and the project would lose eight and a half.
    assert (row.base_hundredths, row.change_hundredths) == (9320, 850)
    assert made.summary["judged"] == 0


def test_what_the_versions_differ_in_is_said(world):
    draft = drafted(A6=(None, 20), F2="20 - 10 * sum('petition.valid_fault')")
    found = whatif.changes(Version.objects.get(version="1").document, draft.document)
    assert [(one.id, one.before, one.after, one.formula) for one in found] == [
        ("A6", "10", "20", False),
        ("F2", "20", "20", True),
    ]


def test_many_projects_take_as_many_statements_as_one(world):
    versions = whatif.Versions(world.cycle, Version.objects.get(version="1").document, drafted().document)
    counts = []
    for more in (0, 4):
        for number in range(more):
            factories.serve(world.company, factories.estate(f"新苑{number}"))
        projects = list(queries.served_in(world.cycle))
        list(whatif.pairs(versions, projects, as_of=today()))  # compiled once
        with CaptureQueriesContext(connection) as asked:
            assert len(list(whatif.pairs(versions, projects, as_of=today()))) == len(projects)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_versions_that_trust_different_facts_are_read_apart(world):
    record(world.project.key, "petition.valid_fault", 1, on=DAY(2026, 5, 5))
    draft = drafted()
    draft = save_draft(draft, {**draft.document, "min_trust": "authority_document"}, by="test")
    row = compared(world, draft).rows.get(project=world.project)
    # no fact is trusted so far: only the twenty points that a fault would cost are left
    assert (row.base_hundredths, row.draft_hundredths) == (8820, 2000)


# ── Refusals and jobs ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", ["alice", "manager", "district", "reviewer1", "owner"])
def test_who_may_not_read_drafts_compares_nothing(world, who):
    with pytest.raises(Refusal):
        compared(world, drafted(), by=who)
    assert not WhatIf.objects.exists()


def test_a_version_is_not_compared_with_itself_nor_without_stars(world):
    draft = drafted()
    with pytest.raises(ValidationError, match="同一个"):
        actions.begin(world.cycle, base=draft, draft=draft, by=world["secretary"])
    draft = save_draft(draft, {**draft.document, "grades": []}, by="test")
    with pytest.raises(ValidationError, match="星级门槛"):
        compared(world, draft)


def test_many_projects_are_a_job_that_may_run_twice(world, monkeypatch):
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    made = compared(world, drafted(F2="0"))
    assert made.finished_at is None and Job.objects.get(pk=made.job).owner == world["secretary"].key

    queue.run_waiting()
    made.refresh_from_db()
    job = Job.objects.get(pk=made.job)
    assert (job.state, job.result, job.total) == ("done", {"link": made.get_absolute_url()}, 2)
    assert made.rows.count() == 2
    finished = made.finished_at
    assert actions.compute(made).finished_at == finished and made.rows.count() == 2


# ── Pages ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_tells_the_whole_and_each_project_and_goes_into_a_sheet(world, enter):
    fault = record(world.project.key, "petition.valid_fault", 1, on=DAY(2026, 5, 5))
    draft = drafted(F2="20 - 10 * sum('petition.valid_fault')")
    browser = enter("陈", "association_secretariat", organisation=world.association)
    answer = browser.post(reverse("rating_whatif_new"), {"cycle": world.cycle.pk, "draft": draft.pk})
    made = WhatIf.objects.get()
    assert answer.headers["Location"] == made.get_absolute_url()
    assert made.base.version == "1"

    page = browser.get(made.get_absolute_url()).content.decode()
    assert "2 个项目里" in page and "1 个降星" in page and "−5.00" in page
    fewer = browser.get(made.get_absolute_url(), {"view": "down"}).content.decode()
    assert "翠屏花园" in fewer and "邻里苑" not in fewer
    sheet = browser.get(made.get_absolute_url(), {"format": "csv"})
    lines = b"".join(sheet.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("项目,企业,类别,对照,推演,变动") and lines[1].startswith("翠屏花园,恒信物业,")

    one = browser.get(reverse("rating_whatif_project", args=[made.pk, world.project.pk])).content.decode()
    assert "15.00 / 20.00" in one and "<b>10.00</b> / 20.00" in one and "有更正或争议" not in one
    facts = browser.get(
        reverse("rating_whatif_facts", args=[made.pk, world.project.pk, "draft", "F2"])
    ).content.decode()
    assert reverse("pages:fact", args=[fault.pk]) in facts
    assert (
        browser.get(reverse("rating_whatif_facts", args=[made.pk, world.project.pk, "draft", "Z9"])).status_code == 404
    )
    assert (
        browser.get(reverse("rating_whatif_facts", args=[made.pk, world.project.pk, "other", "F2"])).status_code == 404
    )


def test_a_total_just_under_a_line_is_not_shown_on_it(world, enter):
    made = compared(world, drafted(), by="secretary")
    made.rows.filter(project=world.project).update(base_hundredths=8996, base_stars=4)
    browser = enter("陈", "association_secretariat", organisation=world.association)
    page = browser.get(made.get_absolute_url()).content.decode()
    assert "89.96" in page and "90.0" not in page


def test_words_are_in_the_language_of_whoever_reads_them(world, enter, settings):
    with translation.override("en"):
        made = compared(world, drafted(F2="20 - 10 * sum('petition.valid_fault')"))
    browser = enter("陈", "association_secretariat", organisation=world.association)
    assert "在管 1–2 个项目" in browser.get(made.get_absolute_url(), {"by": "size"}).content.decode()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "在管 1–2 个项目" not in browser.get(made.get_absolute_url(), {"by": "size"}).content.decode()


def test_the_page_of_a_project_says_that_the_ledger_moved_on(world, enter):
    made = compared(world, drafted())
    record(world.project.key, "petition.valid_fault", 1, on=DAY(2026, 5, 5))
    browser = enter("陈", "association_secretariat", organisation=world.association)
    assert (
        "有更正或争议"
        in browser.get(reverse("rating_whatif_project", args=[made.pk, world.project.pk])).content.decode()
    )


def test_a_choice_that_is_not_offered_is_refused_at_its_field(world, enter):
    browser = enter("陈", "association_secretariat", organisation=world.association)
    answer = browser.post(reverse("rating_whatif_new"), {"cycle": 999, "draft": ""})
    assert answer.status_code == 422 and "请选要推演的版本" in answer.content.decode()


def test_companies_and_districts_and_other_cities_find_nothing(world, enter):
    made = compared(world, drafted())
    pages = [
        reverse("rating_whatifs"),
        made.get_absolute_url(),
        reverse("rating_whatif_project", args=[made.pk, world.project.pk]),
    ]
    for seat in (
        {"role": "company_admin", "organisation": world.company}, {"role": "gov_district", "place": "510402"},
        {"role": "reviewer", "organisation": world.rival},
    ):  # fmt: skip
        browser = enter("谁", seat.pop("role"), **seat)
        assert [browser.get(page).status_code for page in pages] == [404, 404, 404]
    assert [enter("林", "gov_city", place="5104").get(page).status_code for page in pages] == [200, 200, 200]


def test_a_cycle_in_which_nobody_served_is_refused(world):
    Project.objects.update(starts_on=DAY(2027, 1, 1))
    with pytest.raises(ValidationError, match="这个周期取数止日没有在服务的项目，没有可以推演的。请换一个周期"):
        compared(world, drafted(F2="20 - 10 * sum('petition.valid_fault')"))
    assert not WhatIf.objects.exists()


def test_a_version_that_no_longer_compiles_is_said_to_be_at_fault(world):
    made = compared(world, drafted(F2="20 - 10 * sum('petition.valid_fault')"))
    made.finished_at = None
    made.draft_document["groups"][2]["indicators"][0]["formula"] = "sum("
    with pytest.raises(Problem, match="标准算不下去："):
        actions.compute(made)
