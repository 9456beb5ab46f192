"""核验一份评星证据包。在解开的文件夹里运行：python3 verify.py [--root 公告上的根]

Standard library of Python 3.8 or later; no network, no writing. Recomputes every hash, chain and proof up to the root, what
later facts made of earlier ones, the score by the standard, the stars. Exit 0 and VERIFIED, or exit 1 and the first thing
that does not fit. Whoever made the pack made this file too: compare what it prints at the end with a printed notice.
"""

import ast, calendar, datetime, hashlib, json, operator, re, sys
from fractions import Fraction
from pathlib import Path

TRUST = ["self_declared", "counterpart_confirmed", "association_verified", "authority_document"]
OPENED, CLOSED, REPLACED, RAISED = ("ledger." + one for one in ("dispute_opened", "dispute_closed", "superseded", "trust_raised"))
TAKEN, NOTHING, ADMITTED = "rating.snapshot_taken", "0" * 64, "admitted"
READERS, NAMED = ("count", "sum", "days", "active", "has"), ("ratio", "min", "max", "clamp")
OPERATORS = {"Add": operator.add, "Sub": operator.sub, "Mult": operator.mul, "Div": operator.truediv, "Not": operator.not_,
             "USub": operator.neg, "UAdd": operator.pos, "Lt": operator.lt, "LtE": operator.le, "Gt": operator.gt,
             "GtE": operator.ge, "Eq": operator.eq, "NotEq": operator.ne, "ratio": operator.truediv, "min": min, "max": max,
             "clamp": lambda x, low, high: low if x < low else min(x, high)}

class Unfit(Exception):
    """What does not fit: a code for programs and one sentence for people."""

def need(holds, code, words):
    if not holds:
        raise Unfit(code, words)

def sha(data):
    return hashlib.sha256(data).digest()

def canonical(document):
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

def climb(nodes, at, end, left, right):
    """RFC 9162: the roots a path leads to, of the tree that ended where the walk began, and of the whole one."""
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

class Fact:
    """One line: a fact that is opened, or one (``body`` is ``None``) of which number, kind and target alone are shown."""
    def __init__(self, row):
        doc, self.leaf = row["doc"], {}
        self.id, self.kind, self.regards, self.hash = doc["id"], doc["kind"], doc["regards"], sha(canonical(doc)).hex()
        self.body = doc if doc["v"] == 1 else row.get("body")
        if self.body is not None:
            fits = doc["v"] == 1 or sha(bytes.fromhex(row["salt"]) + canonical(self.body)).hex() == doc["body"]
            need(fits, "FACT", "事实 %s 的内容被改动：与它自己的摘要不符。" % self.id)
            moment = datetime.datetime.fromisoformat(self.body["recorded_at"][:19]) + datetime.timedelta(hours=8)
            self.recorded_on, self.trust = moment.date().isoformat(), TRUST.index(self.body["trust"])

def read_facts(data, size, root, heads, seal):
    """All facts in order of receipt; the chain of each subject must run from 1 to what its head in this seal says."""
    facts, chains = {}, {subject: (0, NOTHING) for subject in heads}
    for at, line in enumerate(data.rstrip(b"\n").split(b"\n"), 1):
        try:
            row = json.loads(line.decode(), parse_float=str)
            fact = facts.setdefault(row["doc"]["id"], Fact(row))
            for link in row["links"]:
                subject, seq = link["subject"], link["seq"]
                (count, head), where = chains[subject], "%s 第 %s 号（事实 %s）" % (subject, seq, fact.id)
                need(seq <= count + 1, "MISSING", "%s 缺第 %d 号：前一条之后直接是第 %s 号。" % (subject, count + 1, seq))
                need(seq == count + 1, "ORDER", where + "重复，或先后被调换。")
                need(link["previous"] == head, "LINK", where + "不接前一条：这一条或前一条被改动、抽去或调换。")
                leaf = {"fact": fact.id, "hash": fact.hash, "previous": head, "seq": seq, "subject": subject}
                fits = included(leaf, link["leaf"], size, link["path"], root)
                need(fits, "PROOF", where + "不在封存的账里：原来的第 %s 号被改动、抽去或调换。" % seq)
                chains[subject], fact.leaf[subject] = (seq, sha(b"\0" + canonical(leaf)).hex()), link["leaf"]
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as fault:
            raise Unfit("LINE", "facts.jsonl 第 %d 行读不通（%s）。" % (at, type(fault).__name__)) from None
    for subject, (count, last) in chains.items():
        head, said = heads[subject], heads[subject]["doc"]
        need(said["seal"] == seal, "HEAD", "%s 的链头是第 %s 次封存的，不是第 %s 次的。" % (subject, said["seal"], seal))
        need(said["count"] <= count, "MISSING", "%s 缺第 %d 号：封存时共有 %s 条。" % (subject, count + 1, said["count"]))
        fits = (said["count"], said["head"]) == (count, last) and included(said, head["leaf"], size, head["path"], root)
        need(fits, "HEAD", "%s 第 %d 号起的事实被抽去、换掉或多出，或链头被改：链头与链或根不符。" % (subject, count + 1))
    return list(facts.values())

def counted(facts, standard, basis, cut):
    """The facts that count, by kind, after all that was said about them before the snapshot (whose leaf is ``cut``)."""
    found, kinds, about = {}, {kind: rule for kind, rule in basis["kinds"].items() if rule["counts"]}, {}
    facts = [fact for fact in facts if min(fact.leaf.values()) < cut]
    mine = [fact for fact in facts if fact.kind in kinds and not fact.regards
            and (kinds[fact.kind]["reaches"] or basis["subject"] in fact.leaf)]
    matters, shown = {fact.id for fact in mine}, {fact.id for fact in facts if fact.body}
    shown.update(fact.body["details"].get("by") for fact in facts if fact.body)
    for fact in facts:
        effect = ADMITTED if fact.kind in basis["admitting"] else fact.kind
        hidden = fact.id in matters or effect in (OPENED, CLOSED, REPLACED, RAISED, ADMITTED) and fact.regards in shown
        need(fact.body or not hidden, "HIDDEN", "事实 %s（%s）关系到得分，却没有出示内容。" % (fact.id, fact.kind))
        about.setdefault((fact.regards, effect), []).append(fact)
    def known_on(fact_id, day):
        return min([day] + [one.body["occurred_on"] for one in about.get((fact_id, ADMITTED), [])])
    for fact in mine:
        opened, closed, replaced, raised = (about.get((fact.id, effect), []) for effect in (OPENED, CLOSED, REPLACED, RAISED))
        least = max(TRUST.index(standard["min_trust"]), TRUST.index(kinds[fact.kind]["min_trust"]))
        trusted = max([fact.trust] + [one.trust for one in raised]) >= least
        ended = {one for closing in closed for one in closing.body["details"].get("closes", "").split()}
        frozen = max([""] + [one.body["valid_until"] or "" for one in opened if one.id not in ended]) >= basis["as_of"]
        gone = [known_on(one.body["details"].get("by") or one.id, one.recorded_on) for one in replaced[-1:]]
        stands = all(day > standard["cutoff"] for day in gone) and known_on(fact.id, fact.recorded_on) <= standard["cutoff"]
        if trusted and stands and not frozen:
            found.setdefault(fact.kind, []).append(fact)
    return found

class Formula:
    """A formula over the facts that count, in exact fractions; what is outside the language is never run."""
    def __init__(self, text, facts, window):
        self.text, self.facts, self.window = re.sub("[\t\r\n]", " ", text).strip(" "), facts, window
        try:
            tree = ast.parse(self.text, mode="eval").body
            calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.func.id in READERS]
            self.slots = [slot for node in calls for slot in self.read(node)]
            self.result = self.number(tree)
        except ZeroDivisionError:
            self.result = None  # no data
        except (SyntaxError, ValueError, TypeError, LookupError, AttributeError, RecursionError, MemoryError):
            raise Unfit("FORMULA", "公式读不通，或有语言之外的写法：%s" % text[:60]) from None

    def read(self, node):
        """What a reading function reads: (function, kind, months); ``has`` reads two figures."""
        name, kind, months = (node.func.id, *[one.value for one in node.args], None)[:3]
        fine = isinstance(kind, str) and len(node.args) <= (2 if name in READERS[:3] else 1) and not node.keywords
        if not fine or not (months is None or (type(months) is int and 1 <= months <= 120)):
            raise ValueError
        return [(one, kind, months) for one in (["count", "active"] if name == "has" else [name])]

    def select(self, name, kind, months):
        """The facts that one reading function selects."""
        first, to = self.window["from"], self.window["to"]
        days = [(fact, fact.body["occurred_on"]) for fact in self.facts.get(kind, []) if fact.body["occurred_on"] <= to]
        if name == "active":
            return [fact for fact, _ in days if (fact.body["valid_until"] or to) >= to]
        if months is None:
            return [fact for fact, day in days if day >= first]
        year, month = divmod(int(to[:4]) * 12 + int(to[5:7]) - 1 - months, 12)
        edge = (year, month + 1, min(int(to[8:]), calendar.monthrange(year, month + 1)[1]))
        return [fact for fact, day in days if day > "%04d-%02d-%02d" % edge]

    def figure(self, name, kind, months):
        found = self.select(name, kind, months)
        if name in ("sum", "active"):
            return Fraction(sum(fact.body["quantity"] for fact in found), 1000000)
        return len({fact.body["occurred_on"] for fact in found} if name == "days" else found)

    def number(self, node):
        return Fraction(self.value(node))

    def value(self, node):
        """A number or a truth; a branch that is not taken is not evaluated."""
        name, operate = type(node).__name__, OPERATORS.get(type(getattr(node, "op", None)).__name__)
        if name == "Constant":
            raw = ast.get_source_segment(self.text, node)
            return Fraction(re.fullmatch(r"[0-9]+(\.[0-9]*)?|\.[0-9]+", raw).group())
        if name in ("BinOp", "UnaryOp"):
            return operate(*map(self.number, [node.left, node.right] if name == "BinOp" else [node.operand]))
        if name == "BoolOp":
            for part in node.values:
                value = self.value(part)
                if bool(value) is isinstance(node.op, ast.Or):
                    break
            return value
        if name == "Compare":
            left = self.number(node.left)
            for test, part in zip(node.ops, node.comparators):
                left, before = self.number(part), left
                if not OPERATORS[type(test).__name__](before, left):
                    return False
            return True
        if name == "IfExp":
            return self.value(node.body if self.value(node.test) else node.orelse)
        if node.func.id in READERS:
            figures = [self.figure(*slot) for slot in self.read(node)]
            return any(figure > 0 for figure in figures) if node.func.id == "has" else figures[0]
        if node.func.id == "bands":
            x, rows = self.number(node.args[0]), [[self.number(one) for one in row.elts] for row in node.args[1].elts]
            return next((points for least, points in rows if x >= least), 0)
        return {name: OPERATORS[name] for name in NAMED}[node.func.id](*map(self.number, node.args))

def show(value, places):
    whole = (value * 10**places * 2 + 1) // 2  # half up
    return "%d.%0*d" % (whole // 10**places, places, whole % 10**places)

def score(standard, facts, subject):
    """The tree that explains a score and the unrounded figures, as ``result.json`` has them."""
    groups, tree, shares, total, stars = standard["groups"], [], {}, Fraction(0), [0]
    points = lambda row: Fraction(str(row["points"]))
    for one in (one for group in groups for one in group["indicators"]):
        one["read"] = Formula(one["formula"], facts, standard["window"])
        without, value = {"zero": 0, "full": points(one), "skip": None}, one["read"].result
        one["earned"] = without[one.get("no_data", "zero")] if value is None else min(max(value, 0), points(one))
    left = [sum(points(one) for one in group["indicators"] if one["earned"] is not None) for group in groups]
    alive = sum(points(group) for group, rest in zip(groups, left) if rest)
    for group, rest in zip(groups, left):
        factor, rows = (points(group) / rest * sum(map(points, groups)) / alive if rest else 0), []
        for one in group["indicators"]:
            applies = factor and one["earned"] is not None
            ids = sorted({fact.id for slot in one["read"].slots for fact in one["read"].select(*slot)})
            rows.append({"id": str(one["id"]), "points": show(points(one) * factor if applies else 0, 2), "facts": ids,
                         "value": show(one["earned"] * factor, 2) if applies else None,
                         "state": "scored" if applies else "not_applicable"})
        mine = sum(one["earned"] or 0 for one in group["indicators"]) * factor
        shares.update({str(group["id"]): mine / (rest * factor)} if factor else {})
        total += mine
        tree.append({"id": str(group["id"]), "points": show(rest * factor, 2), "indicators": rows,
                     "value": show(mine, 2) if factor else None})
    for grade in standard.get("grades", []):
        floors = [(total, grade["min"])] + [(share, grade.get("group_min") or 0) for share in shares.values()]
        floors += [(shares.get(str(name), 1), least) for name, least in (grade.get("floors") or {}).items()]
        stars.append(grade["stars"] if all(share >= Fraction(str(least)) for share, least in floors) else 0)
    vetoes = [veto for veto in standard.get("vetoes", []) if Formula(veto["when"], facts, standard["window"]).result]
    exact = {name: "%d/%d" % (share.numerator, share.denominator) for name, share in [*shares.items(), ("", total)]}
    return {"explained": {"subject": subject, "total": show(total, 1), "groups": tree,
                          "stars": min([max(stars)] + [veto["max_stars"] for veto in vetoes]),
                          "vetoes": [str(veto["id"]) for veto in vetoes]},
            "exact": {"total": exact.pop(""), "groups": exact}}

def compare(found, said, where):
    """Name the first figure that differs."""
    if isinstance(found, (dict, list)) and type(said) is type(found) and len(said) == len(found):
        for key, one in found.items() if isinstance(found, dict) else enumerate(found):
            compare(one, said[key], "%s.%s" % (where, one["id"] if isinstance(found, list) and isinstance(one, dict) else key))
    else:
        same = type(found) is type(said) and found == said
        need(same, "RESULT", "%s 不符：按封存的事实重算得 %s，包里写的是 %s。" % (where, found, said))

def load(folder, name):
    """The bytes of a file and, of a JSON file, what it says."""
    try:
        data = Path(folder, Path(name).name).read_bytes()
        return data, json.loads(data.decode(), parse_float=str) if name.endswith(".json") else None
    except (OSError, ValueError, RecursionError) as fault:
        raise Unfit("FILE", "文件 %s 缺失或读不通（%s）。" % (name, type(fault).__name__)) from None

def verify(folder, asked=None):
    """The lines to print; ``Unfit`` for the first thing that does not fit. ``asked``: a root kept outside, in hex."""
    pack, files = load(folder, "pack.json")[1], {name: load(folder, name + ".json") for name in ("standard", "basis", "result")}
    standard, basis, result = (said for _, said in files.values())
    root, size, seal, subject = bytes.fromhex(pack["root"]), pack["size"], pack["seal"], basis["subject"]
    need(included(seal, size - 1, size, pack["path"], root), "SEAL", "封存的末叶与根不符：封存号、时间、大小或根被改动。")
    heads = {head["doc"]["subject"]: head for head in pack["heads"]}
    need(set(heads) == {subject, basis["company"] or subject}, "HEAD", "项目与企业的链头缺失或多余。")
    facts = read_facts(load(folder, "facts.jsonl")[0], size, root, heads, seal["seal"])
    taken = [one for one in facts if one.kind == TAKEN and one.leaf.get(subject, -1) >= seal["previous_size"]
             and (one.body is None or one.body["details"]["application"] == basis["application"])]
    need(taken and taken[-1].body, "SNAPSHOT", "这次封存里没有这份申报的取数快照，或没有出示内容。")
    words = "%s.json 不是取数时封存的那一份：内容被改动，或之后又有新的快照。"
    sealed = {name: taken[-1].body["details"][name] == sha(data).hex() for name, (data, _) in files.items()}
    need(sealed["standard"], "STANDARD", words % "standard")
    need(sealed["basis"], "BASIS", words % "basis")
    compare(score(standard, counted(facts, standard, basis, taken[-1].leaf[subject]), subject), result, "result.json")
    need(sealed["result"], "RESULT", words % "result")
    for one in pack["roots"]:
        (old, first), (new, last) = sorted([(size, root), (one["size"], bytes.fromhex(one["root"]))])
        need(consistent(old, new, one["path"], first, last), "ROOT", "包里列出的根 %s 接不上本包的根。" % one["root"])
    known = {pack["root"], *[one["root"] for one in pack["roots"]]}
    need(asked is None or asked.lower() in known, "ROOT", "公告上的根 %s 接不上本包：账本被改写，或包里没有它。" % asked)
    for name, digest in pack["members"].items():
        need(sha(load(folder, name)[0]).hex() == digest, "MEMBER", "文件 %s 与清单不符。" % name)
    told, opened = result["explained"], [one for one in facts if one.body]
    return ["VERIFIED", "root " + pack["root"], "size %d" % size, "sealed_at " + seal["sealed_at"],
            "verify.py " + sha(Path(__file__).read_bytes()).hex(),
            "%s：%s 分，%d 星；" % (basis["title"], told["total"], told["stars"])
            + "事实 %d 条，出示内容 %d 条。" % (len(facts), len(opened)),
            "以上的根、大小、时间和 verify.py 的摘要，请与张贴的公告或外部留存的周报逐位核对。"]

def main(arguments):
    try:
        need(not arguments or (len(arguments) == 2 and arguments[0] == "--root"), "USAGE", "写法：verify.py [--root 根]")
        return print("\n".join(verify(".", *arguments[1:]))) or 0
    except Exception as fault:  # a stranger's file may be broken in any way: one sentence, never a traceback
        unknown = ("FORMAT", "包的内容残缺或读不通（%s）。" % type(fault).__name__)
        return print("不符 [%s] %s" % (fault.args if isinstance(fault, Unfit) else unknown)) or 1

if __name__ == "__main__":
    sys.setrecursionlimit(10000)  # a sum of a thousand terms is a deep tree
    sys.exit(main(sys.argv[1:]))
