"""The two packs of a counted vote, each verifiable with ``verifier/verify_vote.py`` and nothing else.

The public one holds totals and one salted commitment a unit; the auditor's also the rows behind them. Both hold the whole chain
of the estate with its proofs, of which the facts of this vote are opened.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wuxie.kernel.access.actor import Actor
from wuxie.kernel.clock.now import local
from wuxie.kernel.facts import packing, queries
from wuxie.kernel.facts.canonical import canonical, sha256
from wuxie.kernel.facts.models import Fact, Head, Link, Seal
from wuxie.kernel.facts.refusal import Refused
from wuxie.kernel.parties import journal
from wuxie.kernel.statutes.figures import figure

from . import facts, tallying
from . import queries as reads
from .models import Decision
from .verifier import verify_vote
from .workflow import DECISION

VERIFIER = Path(verify_vote.__file__)
READ_ME = "说明.txt"
#: Roots of other seals in a pack at most, the newest first.
MOST_ROOTS = 60

# A stranger reads it, whoever made the pack: in one language.
EXPLAINED = """表决核验包：{title}

这个包让你不依赖任何人的电脑，自己核验这次表决的结果。装有 Python 3.8 以上的电脑即可，不用联网：

    python3 verify_vote.py                     核验整包，看到 VERIFIED 就是都对得上
    python3 verify_vote.py --receipt 回执号码   看自己的那一张票在包里记的是什么
    python3 verify_vote.py --root 公告上的根    和你手里的旧根连一连，看账本有没有被改写过

最好不用包里的 verify_vote.py，而用从别处得到、摘要相同的那一份：
    {verifier}

包里有什么
  facts.jsonl      这个小区在账本里的全部事实，每条带证明；这次表决的出示内容，别的只出示编号和种类
  vote.json        表决事项、沉默规则和当天的法定比例
  result.json      每一项的结果，摘要在计票时已经封存
  commitments.txt  每张票一行：票号和加盐的摘要；没有回执号码，看不出投的是什么
{rows}
证明了什么：名册、收到的票和结果在各自的时刻封存，之后没有改过；结果确由这些总数按法律算出{more}。
没有证明什么：票面确是业主自己的意思、没有人被收买或者强迫；录票的人没有串通（所以有公开种子的抽查）。
"""


def seal_of(decision: Decision) -> Seal:
    """The newest seal of the estate; ``Refused`` while the count waits for one."""
    key = DECISION.key(decision)
    counted = Fact.objects.filter(
        kind=facts.COUNTED.code, subject=decision.estate.key, source__startswith=f"{key}/count/"
    ).last()
    head = Head.objects.filter(subject=decision.estate.key).select_related("seal").order_by("-seal").first()
    if counted is None or head is None or not Link.objects.filter(fact=counted, leaf__lt=head.seal.size).exists():
        raise Refused("state", "$", _("计票结果还没有封存，至多 15 分钟自动封存一次，请稍后再下载。"))
    return head.seal


def _members(decision: Decision, *, rows: bool) -> dict[str, bytes]:
    seal, key, subject = seal_of(decision), DECISION.key(decision), decision.estate.key
    links = packing.links_of([subject], seal)
    opened = {
        link.fact_id for link in links
        if link.fact.kind.startswith("assembly.") and link.fact.source.startswith(f"{key}/")
    }  # fmt: skip
    counted = tallying.lines(decision)
    day = reads.counted_day(decision)
    vote = {
        "key": key, "number": decision.number, "subject": subject, "title": f"{decision.estate} · {decision.title}",
        "silent_rule": decision.silent_rule, "day": str(day),
        "items": [{"item": str(one.number), "matter": one.matter, "title": one.title} for one in decision.items.order_by("number")],
        "thresholds": {name: figure(f"vote.{name}", on=day).value for name in ("participation", "ordinary", "special")},
    }  # fmt: skip
    made = zip((line.paper for line in counted), tallying.ballot_commitments(key, counted), strict=True)
    words = {"title": vote["title"], "verifier": sha256(VERIFIER.read_bytes())}
    more = {
        "rows": "  rows.jsonl       每户的面积、人、选择和盐，只给街道和业委会复核，不得外传\n" if rows else "",
        "more": "；逐户重算也是这个结果" if rows else "",
    }
    members = {
        "facts.jsonl": b"".join(canonical(line) + b"\n" for line in packing.lines(links, seal, opened)),
        "vote.json": canonical(vote), "result.json": canonical({"items": decision.result}),
        "commitments.txt": "".join(f"{paper} {one}\n" for paper, one in made).encode(),
        VERIFIER.name: VERIFIER.read_bytes(), READ_ME: EXPLAINED.format(**words, **more).encode(),
    }  # fmt: skip
    if rows:
        envelopes = dict(decision.ballots.standing().values_list("entry__paper", "envelope_sha256"))
        members["rows.jsonl"] = b"".join(
            canonical(line.row() | {"envelope": envelopes.get(line.paper, "")}) + b"\n" for line in counted
        )
    leaf, path = packing.seal_leaf(seal)
    manifest: dict[str, Any] = {
        "root": seal.root, "size": seal.size, "seal": leaf, "path": path, "heads": packing.heads([subject], seal),
        "roots": packing.connections(seal, _others()), "members": {name: sha256(content) for name, content in members.items()},
    }  # fmt: skip
    return {"pack.json": canonical(manifest), **members}


def _others() -> list[Seal]:
    """The last seals, so that whoever kept one of their roots can connect it."""
    last = queries.last_seal()
    return packing.seals_numbered(range(max(last.number - MOST_ROOTS, 1), last.number + 1)) if last else []


def _check(members: dict[str, bytes]) -> None:
    """No pack leaves the house that the verifier refuses."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in members.items():
            Path(folder, name).write_bytes(content)
        try:
            verify_vote.verify(folder)
        except verify_vote.Unfit as unfit:
            raise Refused(
                "state", "$", _("核验包没有通过自检，没有导出：%(words)s") % {"words": unfit.args[1]}
            ) from None


def _zipped(members: dict[str, bytes], moment: tuple[int, ...]) -> bytes:
    """The same members give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name, moment), content, zipfile.ZIP_DEFLATED)  # type: ignore[arg-type]
    return out.getvalue()


def members_of(decision: Decision, *, rows: bool = False) -> dict[str, bytes]:
    """The files of a pack, verified."""
    members = _members(decision, rows=rows)
    _check(members)
    return members


def build(decision: Decision, *, rows: bool = False) -> bytes:
    """A pack as a zip; the public one unless ``rows`` are asked for."""
    moment = local(seal_of(decision).sealed_at).timetuple()[:6]
    return _zipped(members_of(decision, rows=rows), moment)


@transaction.atomic
def audit(decision: Decision, *, by: Actor, reason: str) -> bytes:
    """The auditor's pack; who took it, and why, stands in the journal of administration or it is not given."""
    content = build(decision, rows=True)
    journal.write(
        "exported", decision.estate.key, by=by.key, source=f"{DECISION.key(decision)}/audit",
        details={"table": "assembly_audit", "format": "zip"}, personal={"reason": reason},
    )  # fmt: skip
    return content
