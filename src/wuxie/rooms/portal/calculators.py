"""The open calculators as pages: what a form asks for, the document it makes, and the answer in words with its articles."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.calc.registry import offered
from wuxie.kernel.clock.now import today
from wuxie.kernel.statutes.figures import Figure, figure
from wuxie.rooms.inspections.api import CYCLES
from wuxie.web import words

from . import calculator_forms as forms


@dataclass(frozen=True)
class Page:
    """One calculator. ``explain`` gives what its template needs beside the answer."""

    name: str
    label: Promise
    line: Promise
    icon: str
    form: type[forms.Calculation]
    figures: tuple[str, ...]
    explain: Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]

    @property
    def template(self) -> str:
        return f"portal/calc_{self.name}.html"

    def articles(self, on: datetime.date | None = None) -> list[Figure]:
        """The figures of law it counts with, as they are in force."""
        return [figure(key, on=on or today()) for key in self.figures]


@dataclass(frozen=True)
class Line:
    """A comparison of whole numbers: both sides written out, and whether it holds."""

    label: str
    left: str
    sign: str
    right: str
    holds: bool


SIDES = {"for": gettext_lazy("同意"), "against": gettext_lazy("反对"), "abstain": gettext_lazy("弃权")}


def explain_vote(_document: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """Each threshold as integers multiplied across: no percentage decides anything."""
    share = figure("vote.participation", on=today()).fraction
    special = answer["majority"] == "special"
    majority = figure("vote.special" if special else "vote.ordinary", on=today()).fraction
    failed = answer["reasons"]
    lines = []
    for what, unit in (("area", "㎡"), ("heads", _("人"))):
        name = _("面积") if what == "area" else _("人数")
        total, part, yes = (Decimal(str(answer[key][what])) for key in ("total", "participating", "for"))
        sides = (_times(share.denominator, part, unit), _times(share.numerator, total, unit))
        label = _("参与的%s") % name
        lines.append(Line(label, sides[0], "≥", sides[1], f"participation_{what}" not in failed))
        sides = (_times(majority.denominator, yes, unit), _times(majority.numerator, part, unit))
        label = _("同意的%s") % name
        lines.append(Line(label, sides[0], "≥" if special else ">", sides[1], f"approval_{what}" not in failed))
    order = [0, 2, 1, 3]
    rows = [(_("全部"), answer["total"]), (_("参与"), answer["participating"])]
    rows += [(str(label), answer[side]) for side, label in SIDES.items()]
    return {"lines": [lines[place] for place in order], "rows": rows, "special": special}


def _times(factor: int, value: Decimal, unit: str) -> str:
    return f"{factor * value:,}（{factor} × {value:,} {unit}）"


def explain_shares(_document: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    balances = any("from_balance" in row for row in answer["shares"])
    return {
        "balances": balances,
        "shares": answer["shares"][: forms.SHOWN],
        "more": len(answer["shares"]) - forms.SHOWN,
    }


def explain_deadline(document: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    due = datetime.date.fromisoformat(answer["due"])
    start = datetime.date.fromisoformat(document["from"])
    return {"due": due, "start": start, "before": due < start, "unit_word": forms.UNIT_WORDS[answer["unit"]]}


KINDS = {"inspection": gettext_lazy("定期检验"), "testing": gettext_lazy("自行检测")}


def explain_inspection(document: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """The next time in words; of a lift every due month, with what was done."""
    done = set(document.get("done", ()))
    rows = [
        {"due": _month(row["due"]), "kind": KINDS[row["kind"]], "done": row["due"] in done, "key": row["due"]}
        for row in answer.get("schedule", ())
    ]
    following = next((row for row in rows if row["key"] == answer["next_due"]), None)
    return {
        "due": following["due"]
        if following
        else words.full_date(_first(answer["next_due"]))
        if answer["next_due"]
        else "",
        "kind": following["kind"] if following else "",
        "schedule": rows[: forms.SHOWN],
        "more": len(rows) - forms.SHOWN,
    }


def _month(text: str) -> str:
    first = _first(text)
    return words.month(first.year, first.month)


def _first(text: str) -> datetime.date:
    """A day, or the first day of a month."""
    return datetime.date.fromisoformat(text if len(text) > len("2026-09") else f"{text}-01")


VERDICTS = {
    "red": gettext_lazy("多收了，应退"),
    "amber": gettext_lazy("没有多收，但有要查的地方"),
    "green": gettext_lazy("没有多收"),
}


def explain_resale(document: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """The verdict in words, and why it is looked into where nothing was charged too much."""
    return {
        "verdict": VERDICTS[answer["verdict"]],
        "mixed": len({meter["class"] for meter in document["meters"]}) > 1,
        "refunds": answer["refunds"][: forms.SHOWN],
        "more": len(answer["refunds"]) - forms.SHOWN,
    }


FLAGS = {
    "above_ceiling": gettext_lazy("高于最高限价"),
    "below_of_mean": gettext_lazy("远低于有效报价的平均"),
    "below_of_next": gettext_lazy("远低于相邻的高一位报价"),
    "below_of_ceiling": gettext_lazy("远低于最高限价"),
    "labour_below_legal_floor": gettext_lazy("人工费低于法定最低用工成本"),
}
SIGNALS = {
    "same_contact": gettext_lazy("联系方式相同"),
    "same_bank": gettext_lazy("保证金账户相同"),
    "same_author": gettext_lazy("文件作者相同"),
    "equal_steps": gettext_lazy("报价等差"),
    "equal_ratio": gettext_lazy("报价等比"),
}


def explain_tender(_document: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """Flags and signals in words."""
    return {
        "reviews": [(row["id"], [FLAGS[flag] for flag in row["flags"]]) for row in answer["reviews"]][: forms.SHOWN],
        "signals": [(SIGNALS[row["kind"]], row["bids"]) for row in answer["signals"]][: forms.SHOWN],
    }


def explain_rota(document: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """The rota by days, and how often each expert and each organisation has a turn."""
    turns = Counter(name for row in answer["assignments"] for name in row["experts"])
    orgs: Counter[str] = Counter()
    for one in document["experts"]:
        orgs[one["org"]] += turns[one["id"]]
    days = [(datetime.date.fromisoformat(row["day"]), row["experts"]) for row in answer["assignments"]]
    experts = [(one["id"], one["org"], turns[one["id"]]) for one in document["experts"]]
    return {"days": days, "experts": experts[: forms.SHOWN], "orgs": orgs.most_common(forms.SHOWN)}


def explain_score(_document: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    if "scores" not in answer:
        return {"tree": answer}
    return {"scores": answer["scores"][: forms.SHOWN], "more": len(answer["scores"]) - forms.SHOWN}


PAGES = (
    Page(
        "vote", gettext_lazy("业主表决计票"), gettext_lazy("够不够三分之二，过没过半"), "checkbox", forms.Vote,
        ("vote.participation", "vote.ordinary", "vote.special", "vote.silent_rule"), explain_vote,
    ),
    Page(
        "apportion", gettext_lazy("维修资金分摊"), gettext_lazy("按面积摊到每户，分厘不差"), "divide", forms.Apportion,
        ("fund.share",), explain_shares,
    ),
    Page(
        "deadline", gettext_lazy("法定期限"), gettext_lazy("哪天到期，遇节假日怎么顺延"), "calendar-clock", forms.Deadline,
        (), explain_deadline,
    ),
    Page(
        "inspection", gettext_lazy("检验检测到期"), gettext_lazy("电梯、消防、防雷、水箱，下次什么时候"), "clipboard-check",
        forms.Inspection, ("inspection.lift", *CYCLES.values()), explain_inspection,
    ),
    Page(
        "resale", gettext_lazy("转供电收费核验"), gettext_lazy("电费有没有多收，该退谁多少"), "bolt", forms.Resale,
        ("resale.loss_cap", "resale.amber_loss", "resale.fine"), explain_resale,
    ),
    Page(
        "tender", gettext_lazy("开标后复核"), gettext_lazy("哪些报价要请说明，哪些像是串通"), "gavel", forms.Tender,
        ("tender.minimum_price", "tender.low_of_mean", "tender.low_of_next", "tender.low_of_ceiling"), explain_tender,
    ),
    Page(
        "rota", gettext_lazy("专家值班排班"), gettext_lazy("谁哪天坐班，最公平的排法"), "calendar-user", forms.Rota, (), explain_rota,
    ),
    Page(
        "score", gettext_lazy("按标准评分"), gettext_lazy("给标准和事实，自己算一遍"), "star", forms.Score, (), explain_score,
    ),
)  # fmt: skip


def all_of_them() -> list[Page]:
    """The pages whose calculator is switched on."""
    known = offered()
    return [page for page in PAGES if page.name in known]
