"""Is this plaque real, and does it hold today: a verdict with three checks, each with its reason."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wuxie.kernel.clock.now import now, today
from wuxie.rooms.rating import codes, public
from wuxie.rooms.rating.models import Award

Tone = Literal["green", "amber", "red"]


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: ``green`` holds, ``amber`` cannot be said or waits, ``red`` does not hold."""

    tone: Tone
    title: str
    reason: str


@dataclass(frozen=True)
class Verdict:
    tone: Tone
    title: str
    at: datetime.datetime
    number: str
    award: Award | None = None
    checks: tuple[Check, ...] = ()
    hint: str = ""

    @property
    def shows_stars(self) -> bool:
        """Stars stand there only while they hold or are under review."""
        return self.award is not None and self.award.state in (Award.State.VALID, Award.State.SUSPENDED)


def scanned(code: str) -> Verdict:
    """The verdict on the code of a QR: number, dot, signature."""
    number = codes.unsign(code.strip())
    if number is None:
        return Verdict(
            "red",
            _("这不是协会签发的牌"),
            now(),
            code.strip()[:40],
            checks=(Check("red", _("签名不对"), _("二维码里的签名不是协会签的，可能是仿制的牌匾。")),),
            hint=_("牌面上如有编号，可在下面按编号再查一次。请把所见位置告诉协会。"),
        )
    award = _award(number)
    if award is None:
        return _unknown(number)
    return _verdict(award, Check("green", _("签名正确"), _("由协会签发，二维码没有被改过。")))


def typed(number: str) -> Verdict:
    """The verdict on a number read off the plaque: the register is asked, a signature cannot be checked."""
    tidy = codes.tidy(number[:40])
    award = _award(tidy) if codes.is_well_formed(tidy) else None
    if award is None:
        return _unknown(tidy)
    return _verdict(award, Check("amber", _("编号在册"), _("手输编号只查登记。要验仿制，请扫牌面上的二维码。")))


def _award(number: str) -> Award | None:
    return (
        public.awards()
        .select_related("project__estate__place__parent__parent", "application__snapshot")
        .filter(plaque=number)
        .first()
    )


def _unknown(number: str) -> Verdict:
    typo = not codes.is_well_formed(number)
    reason = _("编号末位的校验对不上，多半是抄错了一位。") if typo else _("登记里没有这个编号。")
    return Verdict(
        "red",
        _("查不到这块牌"),
        now(),
        number[:40],
        checks=(Check("red", _("没有这个编号"), reason),),
        hint=_("对照牌面再输一次：前面几位没有字母 I、L、O、U。仍查不到，请把所见位置告诉协会。"),
    )


def _verdict(award: Award, signed: Check) -> Verdict:
    state = award.state
    tone, title = _HEADS[state]
    return Verdict(tone, str(title), now(), award.plaque, award, (signed, _standing(award, state), _term(award)))


_HEADS: dict[str, tuple[Tone, Promise]] = {
    Award.State.VALID: ("green", gettext_lazy("真牌，有效")),
    Award.State.SUSPENDED: ("amber", gettext_lazy("真牌，复核中，暂停展示")),
    Award.State.EXPIRED: ("amber", gettext_lazy("真牌，已过有效期")),
    Award.State.SUPERSEDED: ("amber", gettext_lazy("真牌，已由新牌取代")),
    Award.State.REVOKED: ("red", gettext_lazy("已撤销，此牌作废")),
}


def _standing(award: Award, state: str) -> Check:
    when = {"day": f"{award.ended_on:%Y-%m-%d}"} if award.ended_on else {}
    if state == Award.State.REVOKED:
        return Check("red", _("%(day)s 撤销") % when, award.ending_reason or _("撤销理由见决定。"))
    if state == Award.State.SUPERSEDED:
        return Check("amber", _("%(day)s 起由新星级取代") % when, award.ending_reason or _("这块牌应已交回。"))
    if state == Award.State.SUSPENDED:
        return Check("amber", _("正在复核"), award.application.review_reason or _("复核办结前不展示星级。"))
    return Check("green", _("没有被撤销或暂停"), _("刚刚查的登记，不用缓存。"))


def _term(award: Award) -> Check:
    left = (award.valid_until - today()).days
    if left < 0:
        return Check("amber", _("已过有效期"), _("有效期到 %s。") % award.valid_until.isoformat())
    if award.ending:
        return Check("amber", _("不再适用"), _("原有效期到 %s。") % award.valid_until.isoformat())
    return Check("green", _("在有效期内"), _("今天是最后一天。") if left == 0 else _("还有 %s 日。") % left)
