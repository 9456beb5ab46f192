"""The pack behind a star: what a stranger needs to compute it again from sealed facts, and to see that none was left out.

Facts of the kinds that the standard reads are opened, and what was said about them; of all other facts in the chains only
number, kind and target are shown. Who wrote a fact and in which words stays a commitment. ``verifier/verify.py`` checks it
with nothing but the standard library; ``build`` lets it check every pack before it is handed out.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from wuxie.kernel.clock.now import local
from wuxie.kernel.facts import kinds, packing, queries, sealer
from wuxie.kernel.facts.canonical import canonical, sha256
from wuxie.kernel.facts.models import Fact, Link, Seal
from wuxie.kernel.facts.refusal import Refused

from . import facts
from .models import Application, Snapshot
from .verifier import verify

VERIFIER = Path(verify.__file__)
READ_ME = "说明.txt"
#: Roots of other seals in a pack at most, the newest first.
MOST_ROOTS = 200


def verifier_sha256() -> str:
    """What every notice prints beside the root: the verifier that a stranger should have in hands."""
    return sha256(VERIFIER.read_bytes())


def sealed_files(snapshot: Snapshot) -> dict[str, bytes]:
    """The files whose hashes stand in the fact of the snapshot."""
    exact = {name: snapshot.exact[name] for name in ("total", "groups")}
    result = {"explained": snapshot.result, "exact": exact}
    return {
        "standard.json": canonical(snapshot.document), "basis.json": canonical(snapshot.basis),
        "result.json": canonical(result),
    }  # fmt: skip


def source_of(snapshot: Snapshot) -> str:
    return f"{snapshot.application.key}/snapshot/{snapshot.number}"


def seal_of(snapshot: Snapshot) -> Seal | None:
    """The seal that holds the fact of a snapshot; ``None`` while it waits, or if the snapshot is older than such facts."""
    place = Link.objects.filter(fact__source=source_of(snapshot), fact__kind=facts.SNAPSHOT_TAKEN.code)
    found = place.select_related("seal").first()
    return found.seal if found else None


def application_named(text: str) -> Application:
    """By the number that users see, or by its primary key; ``Refused`` if there is none."""
    rows = Application.objects.select_related("snapshot").exclude(number="").filter(number=text)
    if text.isascii() and text.isdigit() and len(text) < 18:
        rows = rows | Application.objects.select_related("snapshot").filter(pk=int(text))
    found = rows.order_by("-pk").first()
    if found is None:
        raise Refused("reference", "$.rating", _("没有编号为“%(id)s”的申报。请核对申报编号。") % {"id": text})
    return found


def export(text: str) -> bytes:
    """``wuxie ledger export --rating ID``: what waits is sealed first."""
    application = application_named(text)
    try:
        sealer.seal()
    except sealer.Busy:
        raise Refused("state", "$.rating", _("仍有写入在进行，这次没有封存；请稍后再试。")) from None
    return build(snapshot_of(application))


def snapshot_of(application: Application) -> Snapshot:
    if application.snapshot is None:
        raise Refused("state", "$.rating", _("这份申报还没有取数计分，没有可核验的得分。"))
    return application.snapshot


def build(snapshot: Snapshot, *, public: bool = False) -> bytes:
    """The pack as a zip. ``public`` refuses one in which words of old facts would be shown in plain."""
    seal = seal_of(snapshot)
    if seal is None:
        waits = Fact.objects.filter(source=source_of(snapshot), kind=facts.SNAPSHOT_TAKEN.code).exists()
        words = _("取数快照还没有封存。请先封存账本（至多 15 分钟自动封存一次，或运行 wuxie ledger seal）。")
        old = _("这次取数早于证据包的启用，账本里没有它的快照事实。重新取数后才能导出。")
        raise Refused("state", "$.rating", words if waits else old)
    members = _members(snapshot, seal, public=public)
    _check(members)
    return _zipped(members, seal)


def _members(snapshot: Snapshot, seal: Seal, *, public: bool) -> dict[str, bytes]:
    basis = snapshot.basis
    subjects = [one for one in (basis["subject"], basis["company"]) if one]
    links = packing.links_of(subjects, seal)
    if public and packing.has_plain_words(links):
        raise Refused("state", "$.rating", _("其中有旧格式的事实，内容不能公开。请向协会秘书处索取。"))
    leaf, path = packing.seal_leaf(seal)
    opened = _opened(links, basis, leaf["previous_size"])
    lines = b"".join(canonical(line) + b"\n" for line in packing.lines(links, seal, opened))
    members = {
        "facts.jsonl": lines, **sealed_files(snapshot), VERIFIER.name: VERIFIER.read_bytes(),
        READ_ME: _explained(snapshot, seal).encode(),
    }  # fmt: skip
    manifest = {
        "root": seal.root, "size": seal.size, "seal": leaf, "path": path, "heads": packing.heads(subjects, seal),
        "roots": packing.connections(seal, published_seals()),
        "members": {name: sha256(content) for name, content in members.items()},
    }  # fmt: skip
    return {"pack.json": canonical(manifest), **members}


def _opened(links: Iterable[Link], basis: dict[str, Any], before: int) -> set[str]:
    """Ids of the facts whose content is shown: what the standard reads, the snapshot's own, what was said about them."""
    rules = {code: rule for code, rule in basis["kinds"].items() if rule["counts"]}
    telling = {kind.code for kind in kinds.OWN_KINDS if kind != kinds.ERASED} | set(basis["admitting"])
    opened: set[str] = set()
    every: dict[str, Fact] = {}
    for link in links:
        fact, own = link.fact, link.subject == basis["subject"]
        rule = rules.get(fact.kind)
        taken = fact.kind == facts.SNAPSHOT_TAKEN.code and own and link.leaf >= before
        if taken or (rule and not fact.regards and (own or rule["reaches"])):
            opened.add(fact.pk)
        every[fact.pk] = fact
    about = [fact for fact in every.values() if fact.kind in telling]
    size = -1
    while size != len(opened):
        size = len(opened)
        targets = opened | {every[pk].details.get("by", "") for pk in opened}
        opened |= {fact.pk for fact in about if fact.regards in targets}
    return opened


def published_seals() -> list[Seal]:
    """Seals whose roots were given out: mailed to keepers, printed on notices; and the last one."""
    printed = Snapshot.objects.filter(application__in=Application.objects.public()).exclude(seal="")
    numbers = {int(seal.partition(":")[0]) for seal in printed.values_list("seal", flat=True).distinct()}
    mailed = Fact.objects.filter(kind=facts.ROOT_PUBLISHED.code).values_list("details", flat=True)
    numbers |= {int(details["seal"]) for details in mailed}
    last = queries.last_seal()
    return packing.seals_numbered(sorted(numbers)[-MOST_ROOTS:] + ([last.number] if last else []))


def _check(members: dict[str, bytes]) -> None:
    """No pack leaves the house that the verifier refuses."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in members.items():
            Path(folder, name).write_bytes(content)
        try:
            verify.verify(folder)
        except verify.Unfit as unfit:
            words = _("证据包没有通过自检，没有导出：%(words)s 取数之后情况有变的，请重新取数。")
            raise Refused("state", "$.rating", words % {"words": unfit.args[1]}) from None


def _zipped(members: dict[str, bytes], seal: Seal) -> bytes:
    """The same members give the same bytes."""
    moment = local(seal.sealed_at).timetuple()[:6]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name, moment), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


# A stranger reads it, whoever made the pack: in one language.
EXPLAINED = """证据包：{title}

这个包让你不依赖协会的电脑，自己把这颗星重算一遍。

怎样核对
1. 装有 Python 3.8 以上的电脑即可，不用联网。把压缩包解开，在文件夹里运行：
       python3 verify.py
   最好不用包里的 verify.py，而用你从别处得到、摘要与公告相同的那一份。
2. 看到 VERIFIED，再把它下面的几行与门口张贴的公告、或街道和主管部门收到的周报逐位核对：
       root（封存根）、size（树的大小）、sealed_at（封存时间）、verify.py（核验程序的 SHA-256）
   制作这个包的时候是：
       root      {root}
       size      {size}
       verify.py {verifier}
3. 手里有另一天公告上的根，运行：
       python3 verify.py --root 那个根
   连得上，说明那天以来账本没有被改写过。
4. 得到“不符”，把那一句话拍下来，交给街道或主管部门。

包里有什么
  facts.jsonl    项目（和服务它的企业）在账本里的全部事实，从第 1 号到封存时的最后一号，每条带证明
  standard.json  计分用的标准原文      basis.json   数据归谁、各类事实的最低可信等级、看异议的那一天
  result.json    得分和星级            pack.json    封存、链头、其他公布过的根以及各文件的摘要
标准用到的事实出示内容；其他事实只出示编号和种类，用来证明一条没有少、也没有藏起要紧的。谁写的、写了什么话、个人
信息，都只有摘要，不出示。

证明了什么
  这些事实在封存时已经在账上，之后没有改过；从第 1 号起一条不缺；有没有异议、更正、撤回、提高可信等级，是照账上的
  事实推出来的；分数和星级确由这些事实按这份标准算出。

没有证明什么
  写下事实的人当时写的是真的；没有人被收买；保存旧根的人都诚实；业主表决出于自愿。封存让假话改不掉、赖不掉，不能
  让假话变成真的。评审打分只有各指标的评定结果，没有谁打了几分。哪家企业在服务、哪类事实最低要什么可信等级，是
  程序在取数那天写下并封存的，请与公开平台的名录和标准对照。之后的更正会有新的快照和新的包，以公开平台为准。
"""


def _explained(snapshot: Snapshot, seal: Seal) -> str:
    return EXPLAINED.format(
        title=snapshot.basis["title"], root=seal.root, size=seal.size, verifier=verifier_sha256()
    )  # fmt: skip
