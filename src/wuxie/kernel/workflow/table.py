"""A procedure as a table: states, steps, who may, what must be there, what it proves, until when.

From the table come the buttons people see, the reason a button is closed, the refusal, the deadline, the evidence, the
row on a desk, the diagram in the room's README and the test matrix. ``engine.take`` obeys it; nothing else moves a case.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any, Literal, TypeVar

from django.utils.functional import Promise

from wuxie.kernel.access.who import Who
from wuxie.kernel.facts.kinds import Kind

Unit = Literal["hour", "day", "working_day", "month", "year"]
Words = str | Promise
Verb = TypeVar("Verb", bound=Callable[[Any], object])


@dataclass(frozen=True)
class Guard:
    """What must be so before a step; ``sentence`` is what a person reads when it is not."""

    sentence: Words | Callable[[Any], Words]
    test: Callable[[Any], bool]

    def missing(self, case: Any) -> str | None:
        """The sentence if the guard does not hold."""
        if self.test(case):
            return None
        return str(self.sentence(case) if callable(self.sentence) else self.sentence)


def guard(sentence: Words | Callable[[Any], Words]) -> Callable[[Callable[[Any], bool]], Guard]:
    """Turn a question about a case into a guard with its sentence."""
    return lambda test: Guard(sentence, test)


@dataclass(frozen=True)
class Rung:
    """One step of the ladder of an overdue deadline: after so many working days, also tell these seats."""

    after: int
    who: Who


@dataclass(frozen=True)
class Deadline:
    """A period that starts when a step has been taken and ends when the case leaves the states it is for.

    ``count`` is a number or a function of the case; ``on`` gives a due day set by the case itself instead, ``at`` a moment.
    ``orelse``: a step the clock takes when the day is over; without one the deadline is marked overdue, ``overdue_kind``
    is announced if given, and the ladder climbs. ``ends`` names the steps that end it (any step that leaves ``during``).
    """

    name: str
    label: Words
    count: int | Callable[[Any], int] = 0
    unit: Unit = "working_day"
    orelse: str | None = None
    overdue_kind: Kind | None = None
    overdue_subject: Callable[[Any], str] | None = None
    """Whom the overdue fact is held against, if not the case's own subject; an empty key: nobody."""
    basis: str = ""
    on: Callable[[Any], Any] | None = None
    at: Callable[[Any], datetime.datetime] | None = None
    during: tuple[str, ...] = ()
    whose: Who | None = None
    remind: tuple[int, ...] | Callable[[], tuple[int, ...]] = (3, 1)
    """So many days before the due day; a function where the days are figures of law."""
    ladder: tuple[Rung, ...] = ()
    fires_in: tuple[str, ...] = ()
    applies: Callable[[Any], bool] | None = None
    """Of which cases it is asked at all, as they stand after the step."""

    @property
    def reminders(self) -> list[int]:
        """The days before the due day on which to remind, the earliest first."""
        return sorted(self.remind() if callable(self.remind) else self.remind, reverse=True)


def within(
    count: int | Callable[[Any], int], unit: Unit = "working_day", *, name: str, label: Words, **rest: Any
) -> Deadline:
    """``within(5, name="reply", label="答复", orelse="escalate")``: five working days from the next day on."""
    return Deadline(name=name, label=label, count=count, unit=unit, **rest)


@dataclass(frozen=True)
class Step:
    """One permitted move. ``source`` and ``target`` are states; a target of ``None`` stays where it is."""

    source: str | tuple[str, ...]
    target: str | None
    fact: Kind | None = None
    _: KW_ONLY
    by: Who
    label: Words = ""
    needs: tuple[Guard, ...] | list[Guard] = ()
    papers: tuple[str, ...] = ()
    then: tuple[Deadline, ...] | Deadline = ()
    reopens: bool = False
    quiet: bool = False
    """Not put on desks: may be done, is not waited for (a withdrawal)."""
    done: Callable[[Any], bool] | None = None
    """Whether a step that stays in its state was taken already: it may be taken again, but nobody waits for it any more."""
    says: Words = ""
    """What it will do, read before the button is pressed."""

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.source,) if isinstance(self.source, str) else tuple(self.source)

    @property
    def deadlines(self) -> tuple[Deadline, ...]:
        return (self.then,) if isinstance(self.then, Deadline) else tuple(self.then)

    def is_awaited(self, case: Any) -> bool:
        """Whether somebody has to take it so that the case goes on."""
        return not self.quiet and not (self.done is not None and self.done(case))


_WORKFLOWS: dict[str, Workflow] = {}


class Workflow:
    """The table of one kind of case; steps are keyword arguments in the order of the house rule."""

    def __init__(
        self,
        name: str,
        model: Any,
        *,
        label: Words,
        initial: str,
        final: Iterable[str] = (),
        subject: Callable[[Any], str],
        title: Callable[[Any], str],
        url: Callable[[Any], str],
        also_counts_for: Callable[[Any], tuple[str, ...]] = lambda case: (),
        opens: tuple[Deadline, ...] = (),
        pausers: Who | None = None,
        steps: Mapping[str, Step],
    ) -> None:
        self.name, self.model, self.label, self.initial = name, model, label, initial
        self.final = frozenset(str(state) for state in final)
        self.subject, self.title, self.url, self.also_counts_for = subject, title, url, also_counts_for
        self.opens, self.pausers = opens, pausers
        self.steps: dict[str, Step] = dict(steps)
        self.clockwork: dict[str, Callable[[Any], object]] = {}
        self._check()
        if name in _WORKFLOWS:
            raise ValueError(f"workflow {name} is declared twice")
        _WORKFLOWS[name] = self

    def __repr__(self) -> str:
        return f"<Workflow {self.name}>"

    def __iter__(self) -> Iterator[tuple[str, Step]]:
        return iter(self.steps.items())

    def _check(self) -> None:
        states = {str(value) for value in self.model.State.values}
        for name, step in self.steps.items():
            unknown = {str(state) for state in (*step.sources, *([step.target] if step.target else []))} - states
            if unknown:
                raise ValueError(f"{self.name}.{name} names unknown states {sorted(unknown)}")
            for deadline in step.deadlines:
                if deadline.orelse and deadline.orelse not in self.steps:
                    raise ValueError(f"{self.name}.{name} falls back on unknown step {deadline.orelse}")

    def by_time(self, name: str) -> Callable[[Verb], Verb]:
        """Register the verb that the clock calls for a step that does more than move; it gets the case."""
        assert name in self.steps

        def register(verb: Verb) -> Verb:
            self.clockwork[name] = verb
            return verb

        return register

    def deadlines(self) -> dict[str, Deadline]:
        """Every deadline of the table by its name."""
        every = [*self.opens, *(deadline for step in self.steps.values() for deadline in step.deadlines)]
        return {deadline.name: deadline for deadline in every}

    def key(self, case: Any) -> str:
        """The text key of a case (``star_application:17``), by which papers, events and turns name it."""
        return f"{self.name}:{case.pk}"

    def state_label(self, state: str) -> str:
        return str(self.model.State(state).label)

    def open_steps(self, state: str) -> Iterator[tuple[str, Step]]:
        return ((name, step) for name, step in self.steps.items() if state in step.sources)


def workflow(name: str) -> Workflow:
    """The table by its name; raises ``KeyError`` for one that no room declares."""
    return _WORKFLOWS[name]


def workflows() -> tuple[Workflow, ...]:
    return tuple(_WORKFLOWS.values())
