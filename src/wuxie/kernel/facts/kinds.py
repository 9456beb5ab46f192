"""Kinds of fact: what may be announced, about whom, in which unit, believed from which level on.

Rooms register theirs from ``AppConfig.ready``; the ledger takes no kind that nobody has declared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel import labels

from .refusal import Refused
from .trust import Trust

CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
VARIANT = re.compile(r"[A-Za-z0-9_]+")
ANY = "any"

Effect = Literal["", "dispute_opened", "dispute_closed", "superseded", "trust_raised", "erased", "admitted"]


@dataclass(frozen=True)
class Kind:
    """One kind of fact.

    ``subject`` is the type in front of a subject key (``project`` of ``project:17``), or ``any``. ``measure`` says
    which function of the standards reads it. A kind with ``variants`` is only ever written ``code.variant``;
    ``"any"`` (or ``"*"``) leaves them open; ``variant_labels`` has their words. ``about`` names a type that must be
    among ``also_counts_for``. ``reach="projects"`` and ``bars_months`` are read by whoever scores. ``effect`` is
    set by kinds whose facts speak about another fact: such a fact changes how the other one counts.
    """

    code: str
    label: str | Promise
    subject: str = "project"
    unit: str = "次"
    measure: Literal["flow", "level", "reading", "event"] = "flow"
    variants: tuple[str, ...] | Literal["any"] = ()
    variant_labels: Mapping[str, str] = field(default_factory=dict, hash=False, compare=False)
    min_trust: Trust | str = Trust.COUNTERPART_CONFIRMED
    polarity: Literal["good", "bad", "neutral"] = "neutral"
    reach: str | None = None
    about: str | None = None
    bars_months: int | None = None
    source: str = ""
    effect: Effect = ""

    def __post_init__(self) -> None:
        if not CODE.fullmatch(self.code):
            raise ValueError(f"not a kind: {self.code!r}")
        object.__setattr__(self, "label", labels.lazily(self.label))
        object.__setattr__(self, "min_trust", Trust.of(self.min_trust))
        if self.variants in (ANY, "*", (ANY,), ("*",)):
            object.__setattr__(self, "variants", ANY)
        else:
            object.__setattr__(self, "variants", tuple(self.variants))
            if not all(VARIANT.fullmatch(variant) for variant in self.variants):
                raise ValueError(f"not a variant in {self.code}: {self.variants!r}")

    @property
    def minimum(self) -> Trust:
        """The level below which a fact of this kind does not count."""
        return Trust.of(self.min_trust)

    def codes(self) -> tuple[str, ...]:
        """Every code a fact of this kind may carry; empty if the variants are open."""
        if self.variants == ANY:
            return ()
        return tuple(f"{self.code}.{variant}" for variant in self.variants) or (self.code,)

    def __str__(self) -> str:
        return str(self.label)


_KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Declare kinds, once each; a second declaration of a code is a mistake in the program."""
    for kind in kinds:
        if kind.code in _KINDS:
            raise Refused("duplicate", "$.kind", _("事实种类“%(code)s”已登记过，不能重复登记。") % {"code": kind.code})
        _KINDS[kind.code] = kind


def forget(*kinds: Kind) -> None:
    """Take declarations back; only tests need it."""
    for kind in kinds:
        _KINDS.pop(kind.code, None)


def get(code: str) -> Kind:
    """The kind behind a written code (with its variant), or ``Refused`` if there is no such kind or variant."""
    kind = _KINDS.get(code)
    if kind is not None:
        if kind.variants:
            raise Refused("reference", "$.kind", _needs_variant(kind))
        return kind
    base, dot, variant = code.rpartition(".")
    kind = _KINDS.get(base) if dot else None
    if kind is None or not kind.variants:
        raise Refused("reference", "$.kind", _("没有“%(code)s”这种事实。请用事实目录中登记的种类。") % {"code": code})
    if not VARIANT.fullmatch(variant) or (kind.variants != ANY and variant not in kind.variants):
        raise Refused("reference", "$.kind", _needs_variant(kind))
    return kind


def _needs_variant(kind: Kind) -> str:
    choices = _("任一指标编号") if kind.variants == ANY else "、".join(kind.variants)
    return _("“%(label)s”要写明细类（%(code)s.细类），可用：%(choices)s。") % {
        "label": kind.label, "code": kind.code, "choices": choices,
    }  # fmt: skip


def find(code: str) -> Kind | None:
    """Like ``get``, but ``None`` for a code that is not (or no longer) declared: for showing old facts."""
    try:
        return get(code)
    except Refused:
        return None


def label_of(code: str) -> str:
    """The words for a written code: the kind's label and its variant."""
    kind = find(code)
    if kind is None:
        return code
    if code == kind.code:
        return str(kind.label)
    variant = code.rpartition(".")[2]
    return with_variant(kind.label, labels.said(kind.variant_labels.get(variant, variant)))


def with_variant(label: str | Promise, variant: str) -> str:
    return _("%(kind)s（%(variant)s）") % {"kind": label, "variant": variant}


def all_kinds() -> list[Kind]:
    """Every declared kind, by code."""
    return [_KINDS[code] for code in sorted(_KINDS)]


def codes_with_effect(effect: Effect | None = None) -> list[str]:
    """Codes of the kinds whose facts speak about other facts (with one effect, or with any)."""
    wanted = (kind for kind in all_kinds() if kind.effect and effect in (None, kind.effect))
    return [code for kind in wanted for code in kind.codes()]


def below_minimum(codes: Sequence[Kind]) -> Iterator[tuple[Trust, list[Kind]]]:
    """Kinds grouped by the level they ask for, levels above the lowest only."""
    for level in Trust:
        group = [kind for kind in codes if kind.minimum == level]
        if level and group:
            yield level, group


DISPUTE_OPENED = Kind(
    "ledger.dispute_opened",
    gettext_lazy("对事实提出异议"),
    ANY,
    min_trust=Trust.SELF_DECLARED,
    measure="event",
    effect="dispute_opened",
)
DISPUTE_CLOSED = Kind(
    "ledger.dispute_closed",
    gettext_lazy("异议作出结论"),
    ANY,
    min_trust=Trust.SELF_DECLARED,
    measure="event",
    effect="dispute_closed",
)
SUPERSEDED = Kind(
    "ledger.superseded",
    gettext_lazy("事实被更正或撤回"),
    ANY,
    min_trust=Trust.SELF_DECLARED,
    measure="event",
    effect="superseded",
)
TRUST_RAISED = Kind(
    "ledger.trust_raised",
    gettext_lazy("事实的可信等级提高"),
    ANY,
    min_trust=Trust.SELF_DECLARED,
    measure="event",
    effect="trust_raised",
)
ERASED = Kind(
    "ledger.personal_erased",
    gettext_lazy("事实中的个人信息已删除"),
    ANY,
    min_trust=Trust.SELF_DECLARED,
    measure="event",
    effect="erased",
)
OWN_KINDS = (DISPUTE_OPENED, DISPUTE_CLOSED, SUPERSEDED, TRUST_RAISED, ERASED)
