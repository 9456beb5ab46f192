"""Judging one billing month of one account: what each user behind the master meter may be charged, and who paid more.

Sources: 电力法 arts. 44, 66 (nothing is added to the price of power); 国家发展改革委's notices on clearing up charges of re-supply
(price cuts and refunds of the grid are passed on; two ways to settle); 供电营业规则. Two loss rates are kept apart: of the master meter
for warnings, of the sub-meters for the price. What the keeper of the network uses itself is never spread over its users, even where
all that is charged stays below the grid's bill. Where the meters contradict each other nothing is judged: the readings come first.

Pure and exact: fractions until a sum of money is rounded once, for each user, to the cent.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

SHARE, CLASS = "share", "class"
OWN, TENANT = "own", "tenant"
RESIDENT, CHARGER = "resident", "charger"
COMPLIANT, REVIEW, SUSPECTED = "compliant", "needs_review", "suspected"
RED, AMBER, DOUBT = "red", "amber", "review"
ZERO = Fraction(0)


@dataclass(frozen=True)
class Band:
    """What the grid's bill says of one period of the day."""

    kwh: Fraction
    amount: Fraction


@dataclass(frozen=True)
class Grid:
    """The grid's bill of the month: yuan with tax, as issued; ``refunds`` were given back and are passed on."""

    kwh: Fraction
    amount: Fraction
    refunds: Fraction = ZERO
    penalty: Fraction = ZERO
    bands: Mapping[str, Band] = field(default_factory=dict)
    resident_price: Fraction | None = None

    @property
    def net(self) -> Fraction:
        """What is really paid for the month."""
        return self.amount - self.refunds


@dataclass(frozen=True)
class Use:
    """What one meter saw in one period of the day, and what was charged for it: yuan a kWh, and fees reckoned by kWh on top."""

    meter: str
    role: str
    kwh: Fraction
    band: str = ""
    klass: str = "commercial"
    price: Fraction = ZERO
    surcharge: Fraction = ZERO


@dataclass(frozen=True)
class Branch:
    """A meter between the master meter and others, with all that hangs right below it."""

    name: str
    kwh: Fraction
    below: Fraction


@dataclass(frozen=True)
class Terms:
    """The figures in force."""

    mode: str
    mark_up: Fraction = ZERO
    """What may be added to the average price for losses where each pays the price of its class."""
    cap: Fraction | None = None
    """The most that losses may add where all share the bill; ``None``: what there really was."""
    amber: Fraction = Fraction(5, 100)
    price_slack: Fraction = Fraction(5, 10_000)
    """A price is rounded to four decimals: so much above the allowed one is no overcharge."""
    meter_slack: Fraction = Fraction(2, 100)
    drop: Fraction = Fraction(1, 2)


@dataclass(frozen=True)
class Finding:
    """One thing found, by its code; ``says`` fills the sentence."""

    code: str
    level: str
    says: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One use against what was allowed."""

    use: Use
    allowed: Fraction
    over: Fraction
    """Yuan; nothing where the price is within its rounding and nothing was put on top."""

    @property
    def charged(self) -> Fraction:
        return self.use.kwh * self.use.price + self.surcharge

    @property
    def surcharge(self) -> Fraction:
        """Of a charging pile the fee for charging is another service; of everything else a fee by kWh is a mark-up."""
        return ZERO if self.use.klass == CHARGER else self.use.surcharge

    @property
    def due(self) -> Fraction:
        return self.use.kwh * self.allowed


@dataclass(frozen=True)
class Judgement:
    verdict: str
    findings: tuple[Finding, ...]
    own: Fraction
    terminal: Fraction
    loss: Fraction
    loss_of_main: Fraction
    mark_up: Fraction
    """The loss as a share of what the sub-meters saw."""
    average: Fraction
    allowed: Fraction
    lines: tuple[Line, ...] = ()

    @property
    def charged(self) -> Fraction:
        return sum((line.charged for line in self.lines), ZERO)

    @property
    def due(self) -> Fraction:
        return sum((line.due for line in self.lines), ZERO)

    @property
    def excess(self) -> Fraction:
        """What was charged above what was allowed, without slack."""
        return sum((max(line.charged - line.due, ZERO) for line in self.lines), ZERO)

    def refunds(self) -> dict[str, int]:
        """Meter → cents to give back; who paid no more than allowed has no entry."""
        sums: dict[str, Fraction] = defaultdict(Fraction)
        for line in self.lines:
            sums[line.use.meter] += line.over
        cents = {meter: math.floor(over * 100 + Fraction(1, 2)) for meter, over in sums.items()}
        return {meter: over for meter, over in cents.items() if over}


def judge(
    grid: Grid, uses: Sequence[Use], terms: Terms, *, branches: Sequence[Branch] = (), has_own: bool = True,
    usual_own: Fraction | None = None,
) -> Judgement:  # fmt: skip
    """Judge a month. ``usual_own``: what the keeper itself used on the average of the months before."""
    own = sum((use.kwh for use in uses if use.role == OWN), ZERO)
    tenants = [use for use in uses if use.role == TENANT]
    terminal = sum((use.kwh for use in tenants), ZERO)
    metered = own + terminal
    loss = grid.kwh - metered
    average = grid.net / grid.kwh
    mark_up = loss / metered if metered else ZERO
    doubts = _doubts(loss, metered, own, branches, terms, has_own)
    added = _added(mark_up, terms)
    shared = {
        "own": own, "terminal": terminal, "loss": loss, "loss_of_main": loss / grid.kwh, "mark_up": mark_up, "average": average,
        "allowed": average * (1 + added),
    }  # fmt: skip
    if doubts:
        return Judgement(REVIEW, tuple(doubts), **shared)
    lines = tuple(_line(use, _allowed(use, grid, added), terms) for use in tenants)
    findings = [
        *_red(lines, grid, added, terms, metered),
        *_amber(lines, grid, terms, shared["loss_of_main"], own, usual_own),
    ]
    if terms.cap is not None and terms.mode == SHARE and mark_up > terms.cap:
        findings.append(Finding("loss_above_cap", AMBER, {"rate": percent(mark_up), "cap": percent(terms.cap)}))
    verdict = SUSPECTED if any(one.level == RED for one in findings) else COMPLIANT
    return Judgement(verdict, tuple(findings), **shared, lines=lines)


def _doubts(
    loss: Fraction, metered: Fraction, own: Fraction, branches: Sequence[Branch], terms: Terms, has_own: bool
) -> list[Finding]:
    """What has to be put right before anything can be judged."""
    found = []
    if loss < 0:
        found.append(Finding("negative_loss", DOUBT, {"kwh": kwh(-loss)}))
    for one in branches:
        if one.below > one.kwh * (1 + terms.meter_slack):
            found.append(
                Finding("negative_branch", DOUBT, {"meter": one.name, "have": kwh(one.kwh), "below": kwh(one.below)})
            )
    if not metered:
        found.append(Finding("nothing_metered", DOUBT))
    elif has_own and not own:
        found.append(Finding("own_zero", DOUBT))
    return found


def _added(mark_up: Fraction, terms: Terms) -> Fraction:
    """What losses may add to the average price."""
    if terms.mode == CLASS:
        return terms.mark_up
    return mark_up if terms.cap is None else min(mark_up, terms.cap)


def _allowed(use: Use, grid: Grid, added: Fraction) -> Fraction:
    """What a kWh of this use may cost. Of a period of the day: its own price, and its part of what is not billed by period."""
    if use.klass == RESIDENT and grid.resident_price is not None:
        return grid.resident_price
    if not use.band:
        return grid.net / grid.kwh * (1 + added)
    band = grid.bands[use.band]
    rest = (grid.net - sum((one.amount for one in grid.bands.values()), ZERO)) / grid.kwh
    return (band.amount / band.kwh + rest) * (1 + added)


def _line(use: Use, allowed: Fraction, terms: Terms) -> Line:
    line = Line(use, allowed, ZERO)
    if use.price - allowed <= terms.price_slack and not line.surcharge:
        return line
    return Line(use, allowed, max(line.charged - line.due, ZERO))


def _red(lines: Sequence[Line], grid: Grid, added: Fraction, terms: Terms, metered: Fraction) -> list[Finding]:
    """Charged too much, and how it came about."""
    over = [line for line in lines if line.over]
    if not over:
        return []
    total = sum((line.over for line in over), ZERO)
    users = len({line.use.meter for line in over})
    found = [Finding("overcharge", RED, {"users": str(users), "sum": yuan(total)})]
    if any(line.surcharge for line in over):
        found.append(Finding("surcharge", RED, {"sum": yuan(sum((line.surcharge for line in over), ZERO))}))
    if any(line.use.band for line in over):
        found.append(Finding("by_band", RED))
    before = grid.amount / grid.kwh * (1 + added)
    plain = [line for line in over if not line.use.band and line.use.klass != RESIDENT and not line.surcharge]
    if grid.refunds and plain and all(line.use.price - before <= terms.price_slack for line in plain):
        found.append(Finding("refund_kept", RED, {"sum": yuan(grid.refunds)}))
    charged = sum((line.charged for line in lines), ZERO)
    share = grid.net * sum((line.use.kwh for line in lines), ZERO) / metered
    if share < charged <= grid.net:
        found.append(
            Finding("own_spread", RED, {"charged": yuan(charged), "bill": yuan(grid.net), "share": yuan(share)})
        )
    return found


def _amber(
    lines: Sequence[Line], grid: Grid, terms: Terms, rate: Fraction, own: Fraction, usual: Fraction | None
) -> list[Finding]:
    found = []
    if rate > terms.amber:
        found.append(Finding("high_loss", AMBER, {"rate": percent(rate), "line": percent(terms.amber)}))
    classes = {line.use.klass for line in lines}
    if RESIDENT in classes and len(classes) > 1:
        found.append(Finding("mixed", AMBER))
    if grid.penalty > 0:
        found.append(Finding("penalty", AMBER, {"sum": yuan(grid.penalty)}))
    if usual and own < usual * terms.drop:
        found.append(Finding("own_low", AMBER, {"kwh": kwh(own), "usual": kwh(usual)}))
    return found


def _rounded(value: Fraction, places: int) -> str:
    """Halves away from nought."""
    scaled = math.floor(abs(value) * 10**places + Fraction(1, 2))
    sign = "-" if value < 0 and scaled else ""
    return f"{sign}{scaled // 10**places:,}" + (f".{scaled % 10**places:0{places}d}" if places else "")


def yuan(value: Fraction) -> str:
    return _rounded(value, 2)


def price(value: Fraction) -> str:
    return _rounded(value, 4)


def kwh(value: Fraction) -> str:
    text = _rounded(value, 2)
    return text.removesuffix(".00")


def percent(value: Fraction) -> str:
    return _rounded(value * 100, 2) + "%"
