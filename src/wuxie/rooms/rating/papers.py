"""The room's papers: each is registered with its number and fields, and written by the platform from the case itself.

The name of a paper is the one that the tables ask for. Numbers run without a gap by year and kind; a decision of an
authority carries the authority's own number. What stands on a paper is Chinese whoever is signed in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.papers.actions import issue
from wuxie.kernel.papers.registry import register_paper
from wuxie.kernel.standards.judge import rounded
from wuxie.kernel.workflow.refusal import Refusal

from . import queries
from .models import Application, Benefit, Objection, Session, Visit
from .workflow.application import supplement_due

Texts = dict[str, str]


@dataclass(frozen=True)
class Form:
    """One kind of paper of this room: its code, its number, its fields beside those of every paper, who signs."""

    code: str
    number: str
    fields: tuple[tuple[str, str], ...] = ()
    signers: tuple[str, ...] = ()
    posting: bool = False


TEXT = (("text", "内容"),)
REASON = (("text", "理由"),)
PROJECT = (("project", "项目"), ("company", "企业"), ("cycle", "周期"), ("application", "申报编号"))
FORMS = {
    "星级评定申报表": Form(
        "star_application_form", "XJ-{year}-{district}-{seq:4}",
        (("uscc", "统一社会信用代码"), ("klass", "项目类别"), ("size", "面积与户数"), ("since", "服务起始日"),
         ("party_form", "党组织形式与批复号"), ("self_total", "自评总分"), ("promise", "承诺真实声明")),
        ("法定代表人", "项目负责人"),
    ),
    "自评得分表": Form("star_self_scores", "XJZP-{year}-{seq:4}", (("self_total", "自评总分"),), ("项目负责人",)),
    "补正通知": Form("star_supplement", "XJBZ-{year}-{seq:4}", (("text", "要补正的内容"), ("term", "期限"))),
    "形式审查意见书": Form("star_form_check", "XJXS-{year}-{seq:4}", (("text", "审查意见"),)),
    "社区街道意见表": Form("star_opinion", "XJYJ-{year}-{seq:4}", (("level", "层级"), ("stance", "意见"), *REASON)),
    "得分明细表": Form(
        "star_score_sheet", "XJDF-{year}-{seq:4}",
        (("snapshot", "快照"), ("standard", "评定标准"), ("total", "总分"), ("stars", "对应星级")), ("评审组长",),
    ),
    "评审打分表": Form("star_panel_sheet", "XJPS-{year}-{seq:4}", (("people", "评审人数"), ("session", "合议")), ("评审组长",)),
    "暗访记录": Form("star_visit", "XJAF-{year}-{seq:4}", (("at", "到场时间"), ("note", "总体印象")), ("评审",)),
    "联席会议纪要": Form(
        "star_hearing", "XJHY-{year}-{seq:4}", (("minutes", "纪要编号"), ("proposed", "拟授星级"), ("total", "总分"), *TEXT)
    ),
    "公示公告": Form(
        "star_notice", "XJGS-{year}-{seq:4}", (("proposed", "拟授星级"), ("total", "总分"), ("term", "公示期"),
                                               ("founding", "设立文件")), posting=True,
    ),
    "未获评告知书": Form("star_refusal", "XJWP-{year}-{seq:4}", (*REASON, ("appeal", "申诉"))),
    "异议书": Form("star_objection", "XJYY-{year}-{seq:4}", (("receipt", "回执号"), ("indicator", "所指指标"), *TEXT)),
    "异议处理意见": Form("star_reply", "XJYD-{year}-{seq:4}", (("receipt", "回执号"), ("result", "结论"), *REASON)),
    "授星决定书": Form(
        "star_decision", "{authority_doc_no}-{seq:2}",
        (("decision", "决定文号"), ("stars", "星级"), ("validity", "有效期"), ("plaque", "牌匾编号"), ("code", "验真码"),
         ("benefits", "权益清单")), ("授权机关",),
    ),
    "权益兑现清单": Form("benefit_ledger", "XJQY-{year}-{seq:4}", (("plaque", "牌匾编号"),), ("责任单位", "企业")),
    "年度复核表": Form("star_yearly_review", "XJFH-{year}-{seq:4}", (("stars", "现星级"), ("total", "当日得分"))),
    "否决事实单": Form("star_veto", "XJFJ-{year}-{seq:4}", (("text", "否决项"),)),
    "复核意见": Form("star_kept", "XJFY-{year}-{seq:4}", TEXT),
    "降星告知书": Form(
        "star_lowering", "XJCX-{year}-{seq:4}",
        (("before", "原星级"), ("stars", "改授星级"), *REASON, ("appeal", "申诉")), ("授权机关",),
    ),
    "撤销决定书": Form(
        "star_revocation", "XJCX-{year}-{seq:4}",
        (("decision", "决定文号"), ("before", "原星级"), *REASON, ("appeal", "申诉"), ("plaque", "牌匾收回")), ("授权机关",),
    ),
    "牌匾回执": Form("plaque_receipt", "XJPB-{year}-{seq:4}", (("plaque", "牌匾编号"), *TEXT)),
    "申诉书": Form("star_appeal", "XJSS-{year}-{seq:4}", (("text", "理由与请求"),), ("法定代表人",)),
    "申诉决定书": Form("star_appeal_decision", "XJSJ-{year}-{seq:4}", (("result", "决定"), *REASON), ("授权机关",)),
    "撤回申请": Form("star_withdrawal", "XJCH-{year}-{seq:4}", REASON, ("法定代表人",)),
    "兑现计划": Form("benefit_plan", "QYJH-{year}-{seq:4}", (("benefit", "权益"), ("day", "计划日"), *TEXT)),
    "说明": Form("benefit_statement", "QYSM-{year}-{seq:4}", (("benefit", "权益"), *REASON)),
    "预算文件": Form("benefit_budget", "QYYS-{year}-{seq:4}", (("benefit", "权益"), ("day", "计划日"), *TEXT)),
    "确认回执": Form("benefit_receipt", "QYQR-{year}-{seq:4}", (("benefit", "权益"), ("proof", "凭证"), *TEXT)),
    "冲回单": Form("benefit_reversal", "QYCH-{year}-{seq:4}", (("benefit", "权益"), *REASON)),
}  # fmt: skip


def register() -> None:
    """Offer the room's papers; call once, from ``AppConfig.ready``."""
    for label, form in FORMS.items():
        register_paper(
            form.code, label, form.number, (*PROJECT, *form.fields), signers=form.signers, posting=form.posting
        )


@dataclass(frozen=True)
class Written:
    number: str
    reference: str


def write(name: str, case: Application | Objection | Benefit, *, by: Actor | None, **given: Any) -> Written:
    """Number and issue one paper of a case; what it says is read from the case and from ``given``."""
    with translation.override(settings.LANGUAGE_CODE):  # a fact's name on a paper is Chinese whoever is signed in
        return _write(name, case, by=by, given=given)


def _write(name: str, case: Application | Objection | Benefit, *, by: Actor | None, given: dict[str, Any]) -> Written:
    application = case if isinstance(case, Application) else case.application
    form = FORMS[name]
    texts, table = FILLERS.get(name, _plain)(case, given)
    known = {field for field, _label in (*PROJECT, *form.fields)}
    values = {**_heading(application), **{key: text for key, text in texts.items() if key in known and text}}
    document = issue(
        form.code, case_key(case), values, by=by.key if by else "clock", table=table,
        extra={"district": application.place_code[:6], "authority_doc_no": str(given.get("number", ""))},
    )  # fmt: skip
    return Written(document.number, f"document:{document.pk}")


def case_key(case: Application | Objection | Benefit) -> str:
    """The key under which a case's papers lie."""
    names = {Application: "star_application", Objection: "star_objection", Benefit: "star_benefit"}
    return f"{names[type(case)]}:{case.pk}"


def _heading(application: Application) -> Texts:
    project = application.project
    return {
        "project": project.estate.name, "company": project.company.name, "cycle": application.cycle.name,
        "application": application.number or "未编号",
    }  # fmt: skip


def checked_self_scores(application: Application, scores: Mapping[str, str]) -> tuple[Texts, str]:
    """Own scores by group, each between nought and the group's points; with their sum."""
    kept, total = {}, Decimal(0)
    for group in queries.document_for(application)["groups"]:
        text = str(scores.get(group["id"], "")).strip()
        try:
            value = Decimal(text)
        except InvalidOperation:
            value = Decimal(-1)
        if not 0 <= value <= Decimal(str(group["points"])) or value != round(value, 2):
            raise Refusal("guard", _("%(group)s 组自评“%(text)s”不合格：写 0 至 %(points)s，最多两位小数。") % {
                "group": group["id"], "text": text, "points": group["points"]})  # fmt: skip
        kept[group["id"]], total = text, total + value
    return kept, str(total)


# What each paper says. A filler gets the case and what the verb gave, and answers texts by field and perhaps a table.

Filler = Callable[[Any, Mapping[str, Any]], tuple[Texts, dict[str, Any] | None]]
APPEAL = "自告知次日起15日内可以申诉一次"


def _plain(case: Any, given: Mapping[str, Any]) -> tuple[Texts, None]:
    return {key: str(value) for key, value in given.items() if value is not None}, None


def _application_form(application: Application, given: Mapping[str, Any]) -> tuple[Texts, None]:
    project, estate = application.project, application.project.estate
    return {
        "uscc": project.company.uscc or "", "klass": estate.get_klass_display(),
        "size": f"{estate.area // 100}.{estate.area % 100:02d} ㎡ · {estate.households} 户",
        "since": project.starts_on.isoformat(), "party_form": application.party_form,
        "self_total": application.self_total, "promise": "所填真实，愿承担填报不实的后果",
    }, None  # fmt: skip


def _self_scores(application: Application, given: Mapping[str, Any]) -> tuple[Texts, dict[str, Any]]:
    groups = queries.document_for(application)["groups"]
    rows = [
        [f"{one['id']} {one.get('label', '')}", one["points"], application.self_scores.get(one["id"], "")]
        for one in groups
    ]
    return {"self_total": application.self_total}, _table(("分组", "满分", "自评"), rows)


def _table(labels: tuple[str, ...], rows: list[list[Any]]) -> dict[str, Any]:
    columns = [{"label": label, "number": place > 0, "wide": place == 0} for place, label in enumerate(labels)]
    return {"columns": columns, "rows": [["" if cell is None else str(cell) for cell in row] for row in rows]}


def _score_sheet(application: Application, given: Mapping[str, Any]) -> tuple[Texts, dict[str, Any]]:
    snapshot = application.snapshot
    assert snapshot is not None
    labels = {one["id"]: one.get("label", "") for group in snapshot.document["groups"] for one in group["indicators"]}
    rows = [
        [f"{one['id']} {labels.get(one['id'], '')}", one["points"], one["value"] or "不适用", len(one["facts"])]
        for group in snapshot.result["groups"]
        for one in group["indicators"]
    ]
    return {
        "snapshot": f"{snapshot.number} · {snapshot.row_count} 条 · {snapshot.rows_sha256[:16]}",
        "standard": application.cycle.standard, "total": snapshot.total, "stars": str(snapshot.stars),
    }, _table(("指标", "满分", "得分", "事实"), rows)  # fmt: skip


def _panel_sheet(application: Application, given: Mapping[str, Any]) -> tuple[Texts, dict[str, Any]]:
    people = application.assignments.current().count()
    session = Session.objects.filter(application=application).first()
    said = f"第二轮：{'、'.join(session.indicators)}" if session else "没有合议"
    rows = [
        [indicator, f"{points // 100}.{points % 100:02d}"] for indicator, points in sorted(given["results"].items())
    ]
    return {"people": str(people), "session": said}, _table(("指标", "评审结果"), rows)


def _visit(application: Application, given: Mapping[str, Any]) -> tuple[Texts, dict[str, Any] | None]:
    visit = application.visits.order_by("at").last()
    if visit is None:
        return {}, None
    spots = dict(Visit.Spot.choices)
    verdicts = dict(Visit.Verdict.choices)
    rows = [[spots[spot], verdicts[found["verdict"]], found["note"]] for spot, found in visit.spots.items()]
    return {"at": f"{visit.at:%Y-%m-%d}", "note": visit.note}, _table(("点位", "结论", "记录"), rows)


def _hearing(application: Application, given: Mapping[str, Any]) -> tuple[Texts, None]:
    total = application.snapshot.total if application.snapshot else ""
    return {
        "minutes": given["number"],
        "proposed": _stars(application.stars),
        "total": total,
        "text": given.get("text") or "",
    }, None


def _notice(application: Application, given: Mapping[str, Any]) -> tuple[Texts, None]:
    cycle = application.cycle
    return {
        "proposed": _stars(application.stars), "total": application.snapshot.total if application.snapshot else "",
        "term": f"{application.publicity_from} — {application.publicity_to}",
        "founding": f"{cycle.document_authority} {cycle.document_title}（{cycle.document_number}）",
    }, None  # fmt: skip


def _stars(count: int | None) -> str:
    return f"{'一二三四五'[count - 1]}星" if count else "未达星级"


def _groups_table(application: Application) -> dict[str, Any] | None:
    snapshot = application.snapshot
    if snapshot is None:
        return None
    labels = {group["id"]: group.get("label", "") for group in snapshot.document["groups"]}
    rows = [
        [f"{one['id']} {labels[one['id']]}", one["points"], one["value"] or "不适用"]
        for one in snapshot.result["groups"]
    ]
    return _table(("分组", "满分", "得分"), rows)


def _refusal(application: Application, given: Mapping[str, Any]) -> tuple[Texts, dict[str, Any] | None]:
    return {"text": given["text"], "appeal": APPEAL}, _groups_table(application)


def _objection(objection: Objection, given: Mapping[str, Any]) -> tuple[Texts, None]:
    return {"receipt": objection.receipt, "indicator": objection.indicator, "text": objection.text}, None


def _reply(objection: Objection, given: Mapping[str, Any]) -> tuple[Texts, None]:
    result = "成立" if objection.facts else "不成立"
    return {"receipt": objection.receipt, "result": result, "text": given["text"]}, None


def _decision(application: Application, given: Mapping[str, Any]) -> tuple[Texts, None]:
    award = given["award"]
    return {
        "decision": given["number"], "stars": _stars(award.stars), "plaque": award.plaque, "code": award.code,
        "validity": f"{award.valid_from} — {award.valid_until}",
    }, None  # fmt: skip


def _benefit_ledger(application: Application, given: Mapping[str, Any]) -> tuple[Texts, dict[str, Any]]:
    rows = [[one.label, one.offer, one.owner_label, one.due_on] for one in given["benefits"]]
    return {"plaque": given["award"].plaque}, _table(("权益", "内容", "责任单位", "应兑现日"), rows)


def _yearly(application: Application, given: Mapping[str, Any]) -> tuple[Texts, None]:
    live = given.get("live")
    award = application.awards.filter(ended_on=None).first()
    return {"stars": _stars(award.stars if award else 0), "total": rounded(live.result.total, 1) if live else ""}, None


def _veto(application: Application, given: Mapping[str, Any]) -> tuple[Texts, dict[str, Any]]:
    rows = [[fact.label, fact.occurred_on, fact.valid_until or "未整改", fact.pk] for fact in given["found"]]
    return {"text": given["text"]}, _table(("事实", "发生日", "有效至", "账本编号"), rows)


def _ending(application: Application, given: Mapping[str, Any]) -> tuple[Texts, None]:
    award = given.get("award")
    return {
        "before": _stars(award.stars if award else 0), "stars": _stars(given.get("stars")), "text": given["text"],
        "decision": str(given.get("number", "")), "appeal": APPEAL, "plaque": "15日内交回",
    }, None  # fmt: skip


def _plaque(application: Application, given: Mapping[str, Any]) -> tuple[Texts, None]:
    award = application.awards.order_by("-pk").first()
    return {"plaque": award.plaque if award else "", "text": given.get("text") or "已交回"}, None


def _appeal_decision(application: Application, given: Mapping[str, Any]) -> tuple[Texts, None]:
    return {"result": "改为授星" if given["upheld"] else "维持原决定", "text": given["text"]}, None


def _benefit(benefit: Benefit, given: Mapping[str, Any]) -> tuple[Texts, None]:
    return {
        "benefit": f"{benefit.label}：{benefit.offer}", "day": str(benefit.scheduled_for or ""), "proof": benefit.proof,
        "text": given.get("text") or "无",
    }, None  # fmt: skip


def _opinion(application: Application, given: Mapping[str, Any]) -> tuple[Texts, None]:
    level = {"community": "社区", "street": "街道"}[given["level"]]
    return {"level": level, "stance": str(given["stance"]), "text": given["text"] or "无"}, None


def _supplement(application: Application, given: Mapping[str, Any]) -> tuple[Texts, None]:
    return {"text": given["text"], "term": f"{supplement_due.count}个工作日，以一次为限"}, None


FILLERS: dict[str, Filler] = {
    "星级评定申报表": _application_form, "自评得分表": _self_scores, "补正通知": _supplement, "社区街道意见表": _opinion,
    "得分明细表": _score_sheet, "评审打分表": _panel_sheet, "暗访记录": _visit, "联席会议纪要": _hearing, "公示公告": _notice,
    "未获评告知书": _refusal, "异议书": _objection, "异议处理意见": _reply, "授星决定书": _decision,
    "权益兑现清单": _benefit_ledger, "年度复核表": _yearly, "否决事实单": _veto, "降星告知书": _ending, "撤销决定书": _ending,
    "牌匾回执": _plaque, "申诉决定书": _appeal_decision, "兑现计划": _benefit, "说明": _benefit, "预算文件": _benefit,
    "确认回执": _benefit, "冲回单": _benefit,
}  # fmt: skip
