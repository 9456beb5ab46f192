"""How a hazard comes in: taken down, graded, told of. ``report`` is the one door for a page, a stranger and a phone's check."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from wuxie.kernel.access.actor import NOBODY, THE_CLOCK, Actor
from wuxie.kernel.access.who import Who
from wuxie.kernel.clock import days
from wuxie.kernel.clock.now import today
from wuxie.kernel.clock.tables import calendar
from wuxie.kernel.facts import ledger
from wuxie.kernel.facts.models import Fact
from wuxie.kernel.labels import Sentence
from wuxie.kernel.notify.tell import tell
from wuxie.kernel.once.actions import Key
from wuxie.kernel.once.actions import once as do_once
from wuxie.kernel.papers import actions as filing
from wuxie.kernel.papers import store
from wuxie.kernel.papers.models import Attachment
from wuxie.kernel.receipts import new_number
from wuxie.kernel.standards.actions import canonical
from wuxie.kernel.workflow import engine
from wuxie.kernel.workflow.demands import may, said
from wuxie.kernel.workflow.models import Event
from wuxie.kernel.workflow.refusal import Refusal
from wuxie.rooms.register.models import Project

from .. import facts, queries, rules
from ..library import HazardSpec, hazards
from ..models import Hazard, Library
from ..words import Level
from ..workflow import BEFORE, HAZARD

S, Source = Hazard.State, Hazard.Source
#: So many photos of one hazard at a time.
MOST_PHOTOS = 6
SEEN, MAJOR = Sentence(gettext_noop("发现隐患：%(what)s")), Sentence(gettext_noop("重大隐患：%(what)s"))
#: Why a hazard is a major one.
HOLDS = Sentence(gettext_noop("符合“%(what)s”"))
UNGUARDED = Sentence(gettext_noop("缺 %(n)s 道防护"))
ELSEWHERE, FOUND_BY = gettext_lazy("外墙维修"), gettext_lazy("检验检测")
AGAIN = Sentence(gettext_noop("%(n)s 日内同一处又犯"))


def known(library: Library | None = None) -> dict[str, HazardSpec]:
    """The hazards that can be reported today: those of the newest library."""
    found = library or Library.objects.all().newest()
    return hazards(found.document) if found else {}


@transaction.atomic
def report(
    project: Project, hazard_code: str, *, by: Actor, place: str, words: str, photos: Sequence[str], source: str, once: str,
    worse: bool = False, barriers: int = 0, contact: str = "",
) -> Hazard:  # fmt: skip
    """Take a hazard down, once for each ``once`` of a person at a project.

    ``photos`` are references to what is kept already: ``attachment:…`` or the SHA-256 of a file in the store. ``worse``:
    the library's condition for a major one holds. An empty code is for strangers only: they need not know the catalogue.
    """
    if source != Source.PUBLIC:
        may(rules.reporter, project, by, _("报告隐患"))
    given = {"code": hazard_code, "place": place, "words": words, "photos": list(photos), "source": source}
    key = Key(f"hazard {project.key} {by.key}", once, canonical(given))
    answer = do_once(
        key,
        lambda: {
            "hazard": _take_down(project, hazard_code, by, place, words, photos, source, worse, barriers, contact).pk
        },
    )
    return Hazard.objects.select_related("project__estate", "project__company").get(pk=answer["hazard"])


@transaction.atomic
def follow_fact(fact: Fact) -> Hazard | None:
    """What another room found wrong at a project: the fact says which hazard it is (``hazard``), where (``place``) and in what words.

    Once for each fact, however often it is told. ``None`` where no library is published or it knows no such hazard. The case that
    the fact came from stands in the course of the hazard, and hears of it.
    """
    project = Project.objects.select_related("estate", "company").get(pk=fact.subject.partition(":")[2])
    code = str(fact.details.get("hazard", ""))
    if code not in known():
        return None
    place, words = str(fact.details.get("place") or _("没有写明")), str(fact.details.get("words") or fact.note)
    key = Key(
        f"hazard {project.key} clock", f"fact:{fact.pk}", canonical({"code": code, "place": place, "words": words})
    )
    answer = do_once(key, lambda: {"hazard": _take_over(project, code, place, words, fact).pk})
    return Hazard.objects.select_related("project__estate", "project__company").get(pk=answer["hazard"])


def _take_over(project: Project, code: str, place: str, words: str, fact: Fact) -> Hazard:
    """A hazard of what another room found, and the link between its case and the hazard, both ways."""
    hazard = _take_down(project, code, THE_CLOCK, place, words, (), Source.INSPECTION, False, 0, "")
    found_by = fact.source.partition("/")[0]
    engine.record(
        HAZARD, hazard, FOUND_BY, by=THE_CLOCK, note=fact.note, fact=fact.pk, kind=fact.kind, elsewhere=found_by,
    )  # fmt: skip
    ledger.announce(
        facts.TAKEN_OVER.code, project.key, occurred_on=today(), by=THE_CLOCK.key, source=f"{HAZARD.key(hazard)}/taken_over",
        note=hazard.label, details={"source": found_by, "case": HAZARD.key(hazard)},
    )  # fmt: skip
    return hazard


def follow_repair(fact: Fact) -> Event | None:
    """What a repair that a hazard opened says of itself: kept in the course of the hazard, once."""
    return engine.hear(HAZARD, fact, ELSEWHERE)


@transaction.atomic
def report_with(
    project: Project, hazard_code: str, *, by: Actor, files: Sequence[tuple[str, bytes]], **rest: object
) -> Hazard:
    """The same from a form: the files, name and content, are filed with the hazard; anything but a picture is refused."""
    if len(files) > MOST_PHOTOS:
        raise Refusal("guard", _("一次最多放 %(n)s 张照片。") % {"n": MOST_PHOTOS})
    hazard = report(project, hazard_code, by=by, photos=(), **rest)  # type: ignore[arg-type]
    for name, content in files:
        file(hazard, BEFORE, name, content, by)
    return hazard


def _take_down(
    project: Project, code: str, by: Actor, place: str, words: str, photos: Sequence[str], source: str, worse: bool,
    barriers: int, contact: str,
) -> Hazard:  # fmt: skip
    library = Library.objects.all().newest()
    if library is None:
        raise Refusal("guard", _("职责库还没有发布，请联系管理员。"))
    if source not in Source.values:
        raise Refusal("guard", _("没有“%(what)s”这种来源。") % {"what": source})
    hazard = Hazard(
        project=project, library=library, label=gettext_noop("待核定"), place=said(place, _("请写隐患在哪里。"))[:120],
        words=said(words, _("请写看到了什么。"))[:1000], source=source, reported_by=by.key, found_on=today(),
        place_code=project.estate.place_id, contact=contact.strip()[:200], barriers=barriers,
    )  # fmt: skip
    if code:
        grade(hazard, spec_of(library, code), worse)
    elif source != Source.PUBLIC:
        raise Refusal("guard", _("请从目录里选是哪一种隐患。"))
    _open(hazard, by)
    for photo in photos:
        _adopt(hazard, photo, by)
    if code and source != Source.PUBLIC:
        count(hazard, by)
    tell_all(hazard, rules.manager, SEEN(what=hazard.label))
    if hazard.is_major:
        warn_of_major(hazard)
    return hazard


def spec_of(library: Library, code: str) -> HazardSpec:
    found = hazards(library.document).get(code)
    if found is None:
        raise Refusal("guard", _("隐患目录里没有“%(code)s”，请从目录里选。") % {"code": code[:20]})
    return found


def grade(hazard: Hazard, spec: HazardSpec, worse: bool) -> None:
    """What it is and how bad: by the library, by missing barriers, by being there again."""
    hazard.code, hazard.label, hazard.area = spec.code, spec.label, spec.area
    hazard.days, hazard.hours, hazard.verifiers = spec.days, spec.hours, list(spec.verifiers)
    hazard.interim = hazard.interim or spec.interim
    hazard.due_on = hazard.first_due_on = (
        days.add(hazard.found_on, spec.days, "day", calendar()).on if spec.days else hazard.found_on
    )
    hazard.repeats = queries.earlier(hazard)
    hazard.level, hazard.why_level = level_of(hazard, spec, worse)


def level_of(hazard: Hazard, spec: HazardSpec, worse: bool) -> tuple[str, str]:
    """The level and why; the first reason that holds."""
    least = queries.term("hazard_barriers")
    before = hazard.repeats
    reasons = (
        (Level.GENERAL not in spec.levels, gettext_noop("目录列为重大")),
        (worse and bool(spec.major_if), HOLDS(what=spec.major_if)),
        (hazard.barriers >= least, UNGUARDED(n=hazard.barriers)),
        (before is not None and before.is_over, AGAIN(n=queries.term("hazard_repeat"))),
    )
    for holds, reason in reasons:
        if holds:
            return Level.MAJOR, reason
    return Level.GENERAL, gettext_noop("目录列为一般")


def _open(hazard: Hazard, by: Actor) -> None:
    """Give a number that nobody has; the event of a stranger's report names nobody."""
    for _again in range(5):
        hazard.receipt = hazard.number = new_number()
        try:
            with transaction.atomic():
                engine.open_case(HAZARD, hazard, by=NOBODY if hazard.source == Source.PUBLIC else by)
                return
        except IntegrityError:
            hazard.pk = None
    raise IntegrityError("no free receipt number")


def _adopt(hazard: Hazard, reference: str, by: Actor) -> None:
    """A photo that is kept already becomes one of this hazard's too."""
    if reference.startswith("attachment:"):
        found = Attachment.objects.filter(pk=reference.partition(":")[2]).first()
        if found is None:
            raise Refusal("guard", _("照片不在了，请重新上传。"))
        reference, title = found.sha256, found.title
    else:
        title = gettext_noop("照片")
    try:
        content = store.get(reference)
    except (FileNotFoundError, ValueError, store.Swapped):
        raise Refusal("guard", _("照片不在了，请重新上传。")) from None
    file(hazard, BEFORE, title, content, by)


def file(hazard: Hazard, kind: str, name: str, content: bytes, by: Actor) -> str:
    """Put one picture into the case; the reference to it."""
    return filing.picture(HAZARD.key(hazard), content, name, kind=kind, by=by.key)


def count(hazard: Hazard, by: Actor) -> None:
    """The hazard counts as found; a stranger's only once the project has seen that it is one."""
    ledger.announce(
        facts.FOUND.code, hazard.project.key, occurred_on=hazard.found_on, source=f"{HAZARD.key(hazard)}/found", by=by.key,
        note=hazard.label,
    )  # fmt: skip


def tell_all(hazard: Hazard, who: Who, title: str, *, urgent: bool = False) -> None:
    people = who.people(hazard)
    body = f"{hazard.project.estate.name} · {hazard.place}"
    tell(people, title, body, link=hazard.get_absolute_url(), key=f"hazard:{hazard.pk}:{title}"[:120], urgent=urgent)


def warn_of_major(hazard: Hazard) -> None:
    """A major one is told at once to those who answer for the company's safety."""
    for who in (rules.manager, rules.principal):
        tell_all(hazard, who, MAJOR(what=hazard.label), urgent=True)
