"""核验一份表决包。在解开的文件夹里运行：python3 verify_vote.py [--root 公告上的根] [--receipt 回执号码]

Standard library of Python 3.8 or later; no network, no writing. Recomputes hashes, chain and proofs up to the root, the roots of
roll, ballots and commitments, the arithmetic of every item; with the auditor's rows the whole count. Exit 0 and VERIFIED, or
exit 1 and the first thing that does not fit. Whoever made the pack made this file too: compare its hash with a printed notice.
"""

import hashlib, itertools, json, sys
from fractions import Fraction
from pathlib import Path

NOTHING, SIDES = "0" * 64, ("for", "against", "abstain")
FROZEN, COLLECTED, CLOSED, COUNTED = ("assembly." + one for one in ("roll_frozen", "ballot_collected", "closed", "counted"))
SPECIAL = ("fund_raising", "rebuilding", "common_use_change")

class Unfit(Exception):
    """What does not fit: a code for programs and one sentence for people."""

def need(holds, code, words):
    if not holds:
        raise Unfit(code, words)

def sha(data):
    return hashlib.sha256(data).digest()

def canonical(document):
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

# Trees: RFC 6962 and RFC 9162.

def tree_root(leaves):
    """The root over leaf hashes."""
    if not leaves:
        return sha(b"")
    while len(leaves) > 1:
        paired = [sha(b"\1" + leaves[at] + leaves[at + 1]) for at in range(0, len(leaves) - 1, 2)]
        leaves = paired + leaves[len(leaves) - len(leaves) % 2:]
    return leaves[0]

def root_of(commitments):
    return tree_root([sha(b"\0" + bytes.fromhex(one)) for one in commitments]).hex()

def climb(nodes, at, end, left, right):
    """The roots a path leads to: of the tree that ended where the walk began, and of the whole one."""
    for node in nodes:
        if end == 0:
            return None, None
        if at & 1 or at == end:
            left, right = sha(b"\1" + node + left), sha(b"\1" + node + right)
            while not at & 1 and at:
                at, end = at >> 1, end >> 1
        else:
            right = sha(b"\1" + right + node)
        at, end = at >> 1, end >> 1
    return (left, right) if end == 0 else (None, None)

def included(document, index, size, path, root):
    leaf = sha(b"\0" + canonical(document))
    return 0 <= index < size and climb(map(bytes.fromhex, path), index, size - 1, leaf, leaf)[1] == root

def consistent(old, size, path, old_root, root):
    """Whether the tree of ``size`` leaves continues the one of ``old`` leaves."""
    nodes = ([] if old & (old - 1) else [old_root]) + [bytes.fromhex(node) for node in path]
    if not 0 < old < size or not nodes:
        return old == size and not path and old_root == root
    at, end = old - 1, size - 1
    while at & 1:
        at, end = at >> 1, end >> 1
    return climb(nodes[1:], at, end, nodes[0], nodes[0]) == (old_root, root)

# The ledger.

def read_chain(data, size, root, subject, head, seal):
    """Every fact of the estate from number 1 to what its head in this seal says; of the opened ones kind and details."""
    count, last, opened = 0, NOTHING, []
    for at, line in enumerate(data.rstrip(b"\n").split(b"\n"), 1):
        try:
            row = json.loads(line.decode(), parse_float=str)
            doc, link = row["doc"], row["links"][0]
            where = "第 %s 号（事实 %s）" % (link["seq"], doc["id"])
            need(link["subject"] == subject and link["seq"] == count + 1, "MISSING", "缺第 %d 号，或先后被调换。" % (count + 1))
            need(link["previous"] == last, "LINK", where + "不接前一条：这一条或前一条被改动、抽去或调换。")
            leaf = {"fact": doc["id"], "hash": sha(canonical(doc)).hex(), "previous": last, "seq": link["seq"], "subject": subject}
            need(included(leaf, link["leaf"], size, link["path"], root), "PROOF", where + "不在封存的账里。")
            count, last = link["seq"], sha(b"\0" + canonical(leaf)).hex()
            body = doc if doc["v"] == 1 else row.get("body")
            if body is not None:
                fits = doc["v"] == 1 or sha(bytes.fromhex(row["salt"]) + canonical(body)).hex() == doc["body"]
                need(fits, "FACT", where + "的内容被改动：与它自己的摘要不符。")
                opened.append((doc["kind"], body["details"]))
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as fault:
            raise Unfit("LINE", "facts.jsonl 第 %d 行读不通（%s）。" % (at, type(fault).__name__)) from None
    said = head["doc"]
    need(said["subject"] == subject and said["seal"] == seal, "HEAD", "链头不是这个小区在这次封存的。")
    fits = (said["count"], said["head"]) == (count, last) and included(said, head["leaf"], size, head["path"], root)
    need(fits, "HEAD", "第 %d 号起的事实被抽去、换掉或多出：链头与链或根不符。" % (count + 1))
    return opened

# The count.

def hundredths(text):
    whole, part = text.split(".")
    return int(whole + part)

def tally(rows, cast):
    """Area and heads taking part and on each side; a head whose units differ takes part and is on no side."""
    area, heads = dict.fromkeys(SIDES, 0), {}
    for row in rows:
        side = cast.get(row["paper"])
        if side:
            area[side] += row["area"]
            heads.setdefault(row["head"], set()).add(side)
    agreed = [one for said in heads.values() if len(said) == 1 for one in said]
    return {"part": (sum(area.values()), len(heads)), "split": len(heads) - len(agreed),
            **{side: (area[side], agreed.count(side)) for side in SIDES}}

def failed(total, part, yes, special, thresholds):
    """What failed, in the order of the law (民法典第278条第2款), by cross-multiplication."""
    quorum, share = Fraction(thresholds["participation"]), Fraction(thresholds["special" if special else "ordinary"])
    names = ("area", "heads")
    short = ["participation_" + name for at, name in enumerate(names) if part[at] < quorum * total[at]]
    under = [yes[at] < share * part[at] if special else yes[at] <= share * part[at] for at in (0, 1)]
    return short + ["approval_" + name for at, name in enumerate(names) if under[at]]

def silent_side(count):
    yes, no = count["for"], count["against"]
    return "for" if yes[0] > no[0] and yes[1] > no[1] else "against" if no[0] > yes[0] and no[1] > yes[1] else "abstain"

def recount(item, rows, rule, thresholds):
    """One item counted from the rows: the result, and that without the silent papers where a rule counts them."""
    said = {row["paper"]: row["choices"].get(item["item"], "void") for row in rows if row["state"] == "valid"}
    cast = {paper: side for paper, side in said.items() if side != "void"}
    strict, special = tally(rows, cast), item["matter"] in SPECIAL
    count = strict
    if rule != "not_participating":
        side = "abstain" if rule == "participates_abstain" else silent_side(strict)
        count = tally(rows, {**cast, **{row["paper"]: side for row in rows if row["state"] == "none" and row["delivered"]}})
    total = (sum(row["area"] for row in rows), len({row["head"] for row in rows}))
    void = len(said) - len(cast) + sum(row["state"] == "void" for row in rows)
    return {"total": total, **count, "void": void, "failed": failed(total, count["part"], count["for"], special, thresholds),
            "strict": failed(total, strict["part"], strict["for"], special, thresholds)}

def check_item(item, said, vote):
    """The figures of one result add up and lead to its verdict."""
    words = "第 %s 项：" % item["item"]
    figure = lambda name: (hundredths(said[name]["area"]), said[name]["heads"])
    part, sides = figure("participating"), [figure(side) for side in SIDES]
    need(said["item"] == item["item"] and said["matter"] == item["matter"], "RESULT", words + "事项和公告的不是一件。")
    need(part[0] == sum(one[0] for one in sides), "RESULT", words + "三种意见的面积加起来不是参与面积。")
    need(part[1] == sum(one[1] for one in sides) + said["split_heads"], "RESULT", words + "三种意见的人数加起来不是参与人数。")
    reasons = failed(figure("total"), part, sides[0], item["matter"] in SPECIAL, vote["thresholds"])
    need(reasons == said["reasons"] and said["passed"] == (not reasons), "RESULT", words + "结论不是照这些数按法律算出来的。")
    return figure("total")

def check_rows(rows, vote, result, frozen, closed, lines, collected):
    """The auditor's rows: roll, ballots and commitments lead to the sealed roots, and the count to the result."""
    commit = lambda salt, document: sha(salt.encode() + canonical(document)).hex()
    key = vote["key"]
    roll = [commit(row["roll_salt"], {"area": row["area"], "head": row["head"], "paper": row["paper"], "unit": row["unit"], "vote": key})
            for row in rows]
    need(root_of(roll) == frozen["roll_root"], "ROLL", "名册和定名册时封存的不一致：有户室被加、减或者改过。")
    cast = [commit(row["receipt"], {"envelope": row["envelope"], "paper": row["paper"], "vote": key}) for row in rows if row["state"] != "none"]
    strange = [one for one in cast if one not in collected]
    need(not strange, "BALLOT", "有 %d 张票没有收票的记录。" % len(strange))
    need(root_of(cast) == closed["ballots_root"], "BALLOT", "票和截止时封存的不一致：有票被塞进、抽走或者换掉。")
    made = [commit(row["receipt"], {"choices": row["choices"], "paper": row["paper"], "state": row["state"], "vote": key}) for row in rows]
    for row, mine, (paper, public) in zip(rows, made, lines):
        need((row["paper"], mine) == (paper, public), "CHOICE", "票号 %s 的选择和公开的摘要不符。" % row["paper"])
    for item, said in zip(vote["items"], result):
        found = recount(item, rows, vote["silent_rule"], vote["thresholds"])
        words = "第 %s 项逐户重算不符：" % item["item"]
        for name in ("total",) + SIDES:
            need(found[name] == (hundredths(said[name]["area"]), said[name]["heads"]), "COUNT", words + name)
        need(found["failed"] == said["reasons"] and found["split"] == said["split_heads"], "COUNT", words + "结论。")
        need(found["void"] == said["void_ballots"], "COUNT", words + "无效票数。")
        strict = said.get("not_participating_result")
        need((strict is None) == (vote["silent_rule"] == "not_participating"), "COUNT", words + "沉默规则。")
        need(strict is None or strict["reasons"] == found["strict"], "COUNT", words + "送达未交不算参与时的结论。")

def own(receipt, vote, lines):
    """What the pack says of the ballot of one receipt, by trying what it can say."""
    salt, numbers = "".join(receipt.upper().replace("-", "").split()), [item["item"] for item in vote["items"]]
    need(len(numbers) <= 5, "RECEIPT", "事项多于 5 项，请到公开平台用回执核对。")
    filled = [dict(zip(numbers, one)) for one in itertools.product(SIDES + ("void",), repeat=len(numbers))]
    tried = [("none", {})] + [("valid", one) for one in filled] + [("void", dict.fromkeys(numbers, "void"))]
    for paper, public in lines:
        for state, choices in tried:
            document = {"choices": choices, "paper": paper, "state": state, "vote": vote["key"]}
            if sha(salt.encode() + canonical(document)).hex() == public:
                words = {"for": "同意", "against": "反对", "abstain": "弃权", "void": "无效"}
                said = "；".join("第 %s 项 %s" % (number, words[side]) for number, side in sorted(choices.items()))
                return "票号 %s：%s。" % (paper, {"none": "没有收到票", "void": "整张无效"}.get(state, said))
    raise Unfit("RECEIPT", "包里没有这张回执的票：号码抄错了、换发过，或者票被改了。")

def load(folder, name):
    try:
        data = Path(folder, Path(name).name).read_bytes()
        return data, json.loads(data.decode(), parse_float=str) if name.endswith(".json") else None
    except (OSError, ValueError, RecursionError) as fault:
        raise Unfit("FILE", "文件 %s 缺失或读不通（%s）。" % (name, type(fault).__name__)) from None

def verify(folder, asked=None, receipt=None):
    """The lines to print; ``Unfit`` for the first thing that does not fit."""
    pack, vote = load(folder, "pack.json")[1], load(folder, "vote.json")[1]
    data, result = load(folder, "result.json")
    root, size, seal, subject = bytes.fromhex(pack["root"]), pack["size"], pack["seal"], vote["subject"]
    need(included(seal, size - 1, size, pack["path"], root), "SEAL", "封存的末叶与根不符：封存号、时间、大小或根被改动。")
    need(len(pack["heads"]) == 1, "HEAD", "链头缺失或多余。")
    opened = read_chain(load(folder, "facts.jsonl")[0], size, root, subject, pack["heads"][0], seal["seal"])
    mine = [(kind, details) for kind, details in opened if details.get("case") == vote["key"]]
    last = {kind: details for kind, details in mine}
    for kind, words in ((FROZEN, "定名册"), (CLOSED, "收票截止"), (COUNTED, "计票")):
        need(kind in last, "FACTS", "账本里没有这次表决的“%s”，或没有出示内容。" % words)
    frozen, closed, counted = last[FROZEN], last[CLOSED], last[COUNTED]
    collected = {details["ballot"] for kind, details in mine if kind == COLLECTED}
    need(len(collected) >= int(closed["ballots"]), "BALLOT", "截止时的票比收票的记录多。")
    need(";".join("%s:%s" % (one["item"], one["matter"]) for one in vote["items"]) == frozen["items"], "ITEMS", "表决事项和定名册时封存的不一样。")
    need(vote["silent_rule"] == frozen["silent_rule"], "RULE", "送达未交怎样算，和定名册时封存的不一样。")
    need(counted["roll_root"] == frozen["roll_root"], "ROLL", "计票用的名册不是定名册时封存的那一份。")
    need(counted["ballots_root"] == closed["ballots_root"], "BALLOT", "计票用的票不是截止时封存的那些。")
    need(sha(data).hex() == counted["result"], "RESULT", "result.json 不是计票时封存的那一份。")
    need(len(result["items"]) == len(vote["items"]), "RESULT", "结果的项数和事项的项数不同。")
    for item, said in zip(vote["items"], result["items"]):
        total = check_item(item, said, vote)
        need(total == (int(frozen["area"]), int(frozen["heads"])), "RESULT", "全部面积、人数和名册的不同。")
    lines = [tuple(line.split(" ")) for line in load(folder, "commitments.txt")[0].decode().splitlines()]
    need(len(lines) == int(frozen["units"]) and len(dict(lines)) == len(lines), "COMMIT", "每户一行的摘要少了或多了。")
    need(root_of([one for _, one in lines]) == counted["commitments_root"], "COMMIT", "commitments.txt 和计票时封存的不一致：有票被改过。")
    if Path(folder, "rows.jsonl").exists():
        rows = [json.loads(line) for line in load(folder, "rows.jsonl")[0].decode().splitlines()]
        need(len(rows) == len(lines), "ROLL", "名册的户数和摘要的行数不同。")
        check_rows(rows, vote, result["items"], frozen, closed, lines, collected)
    for one in pack["roots"]:
        (old, first), (new, latest) = sorted([(size, root), (one["size"], bytes.fromhex(one["root"]))])
        need(consistent(old, new, one["path"], first, latest), "ROOT", "包里列出的根 %s 接不上本包的根。" % one["root"])
    known = {pack["root"], *[one["root"] for one in pack["roots"]]}
    need(asked is None or asked.lower() in known, "ROOT", "公告上的根 %s 接不上本包：账本被改写，或包里没有它。" % asked)
    for name, digest in pack["members"].items():
        need(sha(load(folder, name)[0]).hex() == digest, "MEMBER", "文件 %s 与清单不符。" % name)
    told = ["第 %s 项 %s：%s" % (one["item"], one["title"], "通过" if one["passed"] else "未通过") for one in result["items"]]
    return ["VERIFIED", "root " + pack["root"], "size %d" % size, "sealed_at " + seal["sealed_at"],
            "verify_vote.py " + sha(Path(__file__).read_bytes()).hex(), vote["title"], *told,
            "法定比例：参与 %(participation)s，一般 %(ordinary)s 以上（不含），特别 %(special)s。" % vote["thresholds"],
            *([own(receipt, vote, lines)] if receipt else []),
            "以上的根、大小、时间和 verify_vote.py 的摘要，请与张贴的公告或外部留存的周报逐位核对。"]

def main(arguments):
    try:
        given = dict(zip(arguments[::2], arguments[1::2]))
        fine = len(arguments) % 2 == 0 and set(given) <= {"--root", "--receipt"}
        need(fine, "USAGE", "写法：verify_vote.py [--root 根] [--receipt 回执号码]")
        return print("\n".join(verify(".", given.get("--root"), given.get("--receipt")))) or 0
    except Exception as fault:  # a stranger's file may be broken in any way: one sentence, never a traceback
        unknown = ("FORMAT", "包的内容残缺或读不通（%s）。" % type(fault).__name__)
        return print("不符 [%s] %s" % (fault.args if isinstance(fault, Unfit) else unknown)) or 1

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
