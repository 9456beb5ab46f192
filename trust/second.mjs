// A second verifier of rating packs, written from the contract alone, in another language than the first one.
//
// Each line on standard input names an unpacked folder, and after a tab a root that was kept outside; each line on standard
// output is VERIFIED or what does not fit. Two programs that share no line of code must come to the same verdict on every pack.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const LEVELS = ["self_declared", "counterpart_confirmed", "association_verified", "authority_document"];
const MILLION = 1000000n;

class Unfit extends Error {}
class NoData extends Error {}

function must(holds, words) {
  if (!holds) throw new Unfit(words);
}

// Text and hashes

const sha = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
const leafHash = (data) => sha(Buffer.of(0), data);
const nodeHash = (left, right) => sha(Buffer.of(1), left, right);
const bytes = (hex) => {
  must(/^([0-9a-f]{2})*$/.test(hex), "a hash is not in hexadecimal");
  return Buffer.from(hex, "hex");
};

/** Whole numbers of any size stay exact; other numbers stay the text they were written as. */
function parse(data) {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(data);
  const number = (source) => (/^-?[0-9]+$/.test(source) ? BigInt(source) : source);
  return JSON.parse(text, (_key, value, context) => (typeof value === "number" ? number(context.source) : value));
}

const byCodePoint = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));

function canonical(value) {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const names = Object.keys(value).sort(byCodePoint);
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

// Trees, by the recursive definitions of RFC 6962, section 2.1

/** The largest power of two below a number above one. */
function below(size) {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

function rootOf(leaf, index, size, path) {
  if (size === 1) return leaf;
  must(path.length > 0, "a path is too short");
  const sibling = path.pop();
  const half = below(size);
  return index < half
    ? nodeHash(rootOf(leaf, index, half, path), sibling)
    : nodeHash(sibling, rootOf(leaf, index - half, size - half, path));
}

function isIncluded(document, index, size, path, root) {
  const [at, all] = [Number(index), Number(size)];
  if (!(at >= 0 && at < all)) return false;
  const rest = path.map(bytes);
  try {
    return rootOf(leafHash(canonical(document)), at, all, rest).equals(root) && rest.length === 0;
  } catch (fault) {
    if (fault instanceof Unfit) return false;
    throw fault;
  }
}

/** The roots of the first ``old`` of ``size`` leaves and of all of them, as a consistency proof shows them. */
function bothRoots(old, size, whole, known, path) {
  if (old === size) {
    if (whole) return [known, known];
    must(path.length > 0, "a path is too short");
    const node = path.pop();
    return [node, node];
  }
  must(path.length > 0, "a path is too short");
  const sibling = path.pop();
  const half = below(size);
  if (old <= half) {
    const [first, all] = bothRoots(old, half, whole, known, path);
    return [first, nodeHash(all, sibling)];
  }
  const [first, all] = bothRoots(old - half, size - half, false, known, path);
  return [nodeHash(sibling, first), nodeHash(sibling, all)];
}

function continues(old, oldRoot, size, root, path) {
  if (old === size) return path.length === 0 && oldRoot.equals(root);
  if (!(old > 0 && old < size)) return false;
  const rest = path.map(bytes);
  try {
    const [first, all] = bothRoots(old, size, true, oldRoot, rest);
    return rest.length === 0 && first.equals(oldRoot) && all.equals(root);
  } catch (fault) {
    if (fault instanceof Unfit) return false;
    throw fault;
  }
}

// Exact numbers

const greatest = (a, b) => (b ? greatest(b, a % b) : a < 0n ? -a : a);
const ratio = (above, under = 1n) => {
  if (under === 0n) throw new NoData();
  const shared = greatest(above, under) || 1n;
  const sign = under < 0n ? -1n : 1n;
  return { n: (sign * above) / shared, d: (sign * under) / shared };
};
const ZERO = ratio(0n);
const add = (a, b) => ratio(a.n * b.d + b.n * a.d, a.d * b.d);
const less = (a, b) => a.n * b.d < b.n * a.d;
const equal = (a, b) => a.n === b.n && a.d === b.d;
const times = (a, b) => ratio(a.n * b.n, a.d * b.d);
const over = (a, b) => ratio(a.n * b.d, a.d * b.n);
const negative = (a) => ratio(-a.n, a.d);
const least = (a, b) => (less(b, a) ? b : a);
const most = (a, b) => (less(a, b) ? b : a);
const total = (rows) => rows.reduce(add, ZERO);

/** A decimal as it is written in a standard. */
function decimal(written) {
  const text = String(written);
  const [, sign, whole, part] = /^(-?)([0-9]*)\.?([0-9]*)$/.exec(text) ?? [];
  must(whole || part, `no number: ${text}`);
  return ratio(BigInt(sign + (whole ?? "") + (part ?? "")), 10n ** BigInt((part ?? "").length));
}

function shown(value, places) {
  const scale = 10n ** BigInt(places);
  const whole = (2n * value.n * scale + value.d) / (2n * value.d);
  return `${whole / scale}.${String(whole % scale).padStart(places, "0")}`;
}

// Formulas: contract 2.7

const TOKEN = /\s*(?:([0-9]+(?:\.[0-9]*)?|\.[0-9]+)|'([^'\\]*)'|"([^"\\]*)"|([A-Za-z_][A-Za-z_0-9]*)|(<=|>=|==|!=|[-+*/()[\],<>]))/y;

function tokens(text) {
  const found = [];
  TOKEN.lastIndex = 0;
  const source = text.trimEnd();
  while (TOKEN.lastIndex < source.length) {
    const [, number, single, double, name, sign] = TOKEN.exec(source) ?? [];
    if (number !== undefined) found.push({ number: decimal(number) });
    else if (single !== undefined || double !== undefined) found.push({ kind: single ?? double });
    else if (name !== undefined || sign !== undefined) found.push({ word: name ?? sign });
    else throw new Unfit(`formula not understood: ${text.slice(0, 60)}`);
  }
  return found;
}

const number = (value) => (typeof value === "boolean" ? ratio(value ? 1n : 0n) : value);
const truth = (value) => (typeof value === "boolean" ? value : value.n !== 0n);
const COMPARED = {
  "<": less, "<=": (a, b) => !less(b, a), ">": (a, b) => less(b, a), ">=": (a, b) => !less(a, b), "==": equal,
  "!=": (a, b) => !equal(a, b),
};

/** A formula as a function of what the reading functions give; ``reads`` holds those calls. */
function compile(text) {
  const rest = tokens(text);
  const reads = [];
  const sees = (word) => rest[0]?.word === word;
  const takes = (word) => sees(word) && rest.shift() !== undefined;
  const wants = (word) => must(takes(word), `formula not understood, ${word} missing: ${text.slice(0, 60)}`);
  const list = (item) => {
    const items = [item()];
    while (takes(",")) items.push(item());
    return items;
  };

  function choice() {
    const yes = either();
    if (!takes("if")) return yes;
    const test = either();
    wants("else");
    const no = choice();
    return (give) => (truth(test(give)) ? yes : no)(give);
  }
  function either() {
    const parts = [both()];
    while (takes("or")) parts.push(both());
    return parts.length === 1 ? parts[0] : (give) => parts.reduce((so, part) => (so !== null && truth(so) ? so : part(give)), null);
  }
  function both() {
    const parts = [not()];
    while (takes("and")) parts.push(not());
    return parts.length === 1 ? parts[0] : (give) => parts.reduce((so, part) => (so !== null && !truth(so) ? so : part(give)), null);
  }
  function not() {
    if (!takes("not")) return comparison();
    const part = not();
    return (give) => !truth(part(give));
  }
  function comparison() {
    const first = sum();
    const others = [];
    while (rest[0]?.word in COMPARED) others.push([COMPARED[rest.shift().word], sum()]);
    if (!others.length) return first;
    return (give) => {
      let left = number(first(give));
      for (const [test, part] of others) {
        const right = number(part(give));
        if (!test(left, right)) return false;
        left = right;
      }
      return true;
    };
  }
  function chain(part, signs) {
    let made = part();
    while (rest[0]?.word in signs) {
      const [left, act, right] = [made, signs[rest.shift().word], part()];
      made = (give) => act(number(left(give)), number(right(give)));
    }
    return made;
  }
  const sum = () => chain(product, { "+": add, "-": (a, b) => add(a, negative(b)) });
  const product = () => chain(signed, { "*": times, "/": over });
  function signed() {
    if (takes("+")) {
      const part = signed();
      return (give) => number(part(give));
    }
    if (!takes("-")) return atom();
    const part = signed();
    return (give) => negative(number(part(give)));
  }
  function atom() {
    const token = rest.shift();
    must(token !== undefined, "formula ends too early");
    if (token.number) return () => token.number;
    if (token.word === "(") {
      const inner = choice();
      wants(")");
      return inner;
    }
    wants("(");
    const made = call(token.word);
    wants(")");
    return made;
  }
  function call(name) {
    if (["count", "sum", "days", "active", "has"].includes(name)) return reading(name);
    if (name === "bands") return bands();
    const parts = list(choice);
    const values = (give) => parts.map((part) => number(part(give)));
    if (name === "ratio") return (give) => over(...values(give));
    if (name === "min") return (give) => values(give).reduce(least);
    if (name === "max") return (give) => values(give).reduce(most);
    must(name === "clamp", `no such function: ${name}`);
    return (give) => {
      const [value, low, high] = values(give);
      return less(value, low) ? low : least(value, high);
    };
  }
  function reading(name) {
    const kind = rest.shift()?.kind;
    must(kind !== undefined, "a kind is missing");
    const months = takes(",") ? Number(rest.shift().number.n) : null;
    const slots = (name === "has" ? ["count", "active"] : [name]).map((one) => ({ name: one, kind, months }));
    reads.push(...slots);
    return name === "has" ? (give) => slots.map(give).some((value) => less(ZERO, value)) : (give) => give(slots[0]);
  }
  function bands() {
    const value = choice();
    wants(",");
    wants("[");
    const rows = list(() => {
      wants("[");
      const row = list(choice);
      wants("]");
      return row;
    });
    wants("]");
    return (give) => {
      const x = number(value(give));
      const steps = rows.map((row) => row.map((part) => number(part(give))));
      return steps.find(([edge]) => !less(x, edge))?.[1] ?? ZERO;
    };
  }

  const run = choice();
  must(rest.length === 0, `formula not understood: ${text.slice(0, 60)}`);
  return { run, reads };
}

// What the facts say after all that was said about them

function readFacts(data, pack, root, heads) {
  const facts = new Map();
  const chains = new Map(heads.map((head) => [head.doc.subject, { count: 0n, head: "0".repeat(64) }]));
  for (const line of data.toString("latin1").trimEnd().split("\n")) {
    const row = parse(Buffer.from(line, "latin1"));
    const hash = sha(canonical(row.doc)).toString("hex");
    const fact = facts.get(row.doc.id) ?? { doc: row.doc, id: row.doc.id, kind: row.doc.kind, hash, leaves: new Map() };
    facts.set(fact.id, fact);
    must(fact.hash === hash, `fact ${fact.id} is there twice and differs`);
    fact.body = row.doc.v === 1n ? row.doc : row.body;
    if (fact.body !== undefined && row.doc.v !== 1n) {
      must(sha(bytes(row.salt), canonical(row.body)).toString("hex") === row.doc.body, `fact ${fact.id}: content`);
    }
    if (fact.body) must(LEVELS.includes(fact.body.trust), `fact ${fact.id}: trust`);
    for (const link of row.links) {
      const chain = chains.get(link.subject);
      must(chain && link.seq === chain.count + 1n, `${link.subject}: number ${chain?.count + 1n} is missing`);
      must(link.previous === chain.head, `${link.subject} ${link.seq}: chain`);
      const leaf = { fact: fact.id, hash, previous: chain.head, seq: link.seq, subject: link.subject };
      must(isIncluded(leaf, link.leaf, pack.size, link.path, root), `${link.subject} ${link.seq}: not under the root`);
      chains.set(link.subject, { count: link.seq, head: leafHash(canonical(leaf)).toString("hex") });
      fact.leaves.set(link.subject, Number(link.leaf));
    }
  }
  for (const head of heads) {
    const chain = chains.get(head.doc.subject);
    must(head.doc.seal === pack.seal.seal, `${head.doc.subject}: head of another seal`);
    must(head.doc.count === chain.count && head.doc.head === chain.head, `${head.doc.subject}: head`);
    must(isIncluded(head.doc, head.leaf, pack.size, head.path, root), `${head.doc.subject}: head not under the root`);
  }
  return [...facts.values()];
}

/** The day on which a fact was received, on the clock of Shanghai. */
const receivedOn = (body) => new Date(Date.parse(`${body.recorded_at.slice(0, 19)}Z`) + 8 * 3600e3).toISOString().slice(0, 10);

function counting(facts, standard, basis, snapshot) {
  const cut = snapshot.leaves.get(basis.subject);
  const before = facts.filter((fact) => Math.min(...fact.leaves.values()) < cut);
  const rule = (fact) => (basis.kinds[fact.kind]?.counts ? basis.kinds[fact.kind] : undefined);
  const mine = before.filter((fact) => rule(fact) && !fact.doc.regards && (rule(fact).reaches || fact.leaves.has(basis.subject)));
  const means = (fact) => (basis.admitting.includes(fact.kind) ? "admitted" : fact.kind.replace(/^ledger\./, "ledger "));
  const effects = ["admitted", "ledger dispute_opened", "ledger dispute_closed", "ledger superseded", "ledger trust_raised"];
  const shownIds = new Set(before.filter((fact) => fact.body).flatMap((fact) => [fact.id, fact.body.details.by]));
  for (const fact of before) {
    const matters = mine.includes(fact) || (effects.includes(means(fact)) && shownIds.has(fact.doc.regards));
    must(fact.body || !matters, `fact ${fact.id} matters and is not shown`);
  }
  const about = (id, effect) => before.filter((fact) => fact.doc.regards === id && means(fact) === effect);
  const knownOn = (id, day) => about(id, "admitted").reduce((so, one) => (one.body.occurred_on < so ? one.body.occurred_on : so), day);
  const level = (name) => LEVELS.indexOf(name);
  return mine.filter((fact) => {
    const wanted = Math.max(level(standard.min_trust), level(rule(fact).min_trust));
    const raised = about(fact.id, "ledger trust_raised").map((one) => level(one.body.trust));
    const closed = about(fact.id, "ledger dispute_closed").flatMap((one) => (one.body.details.closes ?? "").split(/\s+/));
    const open = about(fact.id, "ledger dispute_opened").filter((one) => !closed.includes(one.id));
    const replaced = about(fact.id, "ledger superseded").at(-1);
    const gone = replaced && knownOn(replaced.body.details.by || replaced.id, receivedOn(replaced.body)) <= standard.cutoff;
    const disputed = open.some((one) => (one.body.valid_until ?? "") >= basis.as_of);
    const inTime = knownOn(fact.id, receivedOn(fact.body)) <= standard.cutoff;
    return Math.max(level(fact.body.trust), ...raised) >= wanted && inTime && !gone && !disputed;
  });
}

// From facts to stars

function monthsBefore(day, months) {
  const place = Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1 - months;
  const [year, month] = [Math.floor(place / 12), place % 12];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const date = Math.min(Number(day.slice(8)), last);
  return `${String(year).padStart(4, "0")}-${String(month + 1).padStart(2, "0")}-${String(date).padStart(2, "0")}`;
}

function reader(facts, window) {
  const select = ({ name, kind, months }) => {
    const until = facts.filter((fact) => fact.kind === kind && fact.body.occurred_on <= window.to);
    if (name === "active") return until.filter((fact) => (fact.body.valid_until || window.to) >= window.to);
    if (months === null) return until.filter((fact) => fact.body.occurred_on >= window.from);
    const edge = monthsBefore(window.to, months);
    return until.filter((fact) => fact.body.occurred_on > edge);
  };
  const give = (slot) => {
    const found = select(slot);
    if (slot.name === "sum" || slot.name === "active") {
      return ratio(found.reduce((so, fact) => so + fact.body.quantity, 0n), MILLION);
    }
    return ratio(BigInt(slot.name === "days" ? new Set(found.map((fact) => fact.body.occurred_on)).size : found.length));
  };
  return { select, give };
}

function judged(formula, give) {
  try {
    return formula.run(give);
  } catch (fault) {
    if (fault instanceof NoData) return null;
    throw fault;
  }
}

function score(standard, facts, subject) {
  const { select, give } = reader(facts, standard.window);
  const points = (row) => decimal(row.points);
  const groups = standard.groups.map((group) => {
    const rows = group.indicators.map((row) => {
      const formula = compile(row.formula);
      const value = judged(formula, give);
      const without = { zero: ZERO, full: points(row), skip: null }[row.no_data ?? "zero"];
      const earned = value === null ? without : least(most(number(value), ZERO), points(row));
      const ids = new Set(formula.reads.flatMap(select).map((fact) => fact.id));
      return { row, earned, ids: [...ids].sort(byCodePoint) };
    });
    return { group, rows, left: total(rows.filter((one) => one.earned).map((one) => points(one.row))) };
  });
  const alive = groups.filter((one) => one.left.n);
  const [all, kept] = [total(standard.groups.map(points)), total(alive.map((one) => points(one.group)))];
  const shares = new Map();
  let sum = ZERO;
  const tree = groups.map(({ group, rows, left }) => {
    const lives = left.n !== 0n;
    const factor = lives ? times(over(points(group), left), over(all, kept)) : ZERO;
    const mine = times(total(rows.map((one) => one.earned ?? ZERO)), factor);
    if (lives) shares.set(String(group.id), over(mine, times(left, factor)));
    sum = add(sum, mine);
    return {
      id: String(group.id), points: shown(times(left, factor), 2), value: lives ? shown(mine, 2) : null,
      indicators: rows.map(({ row, earned, ids }) => {
        const applies = lives && earned !== null;
        return {
          id: String(row.id), points: shown(applies ? times(points(row), factor) : ZERO, 2), facts: ids,
          value: applies ? shown(times(earned, factor), 2) : null, state: applies ? "scored" : "not_applicable",
        };
      }),
    };
  });
  const reached = (grade) =>
    !less(sum, decimal(grade.min)) &&
    [...shares.values()].every((share) => !less(share, decimal(grade.group_min ?? "0"))) &&
    Object.entries(grade.floors ?? {}).every(([name, floor]) => !less(shares.get(name) ?? ratio(1n), decimal(floor)));
  const holding = (standard.vetoes ?? []).filter((veto) => {
    const value = judged(compile(veto.when), give);
    return value !== null && truth(value);
  });
  const highest = (standard.grades ?? []).filter(reached).reduce((so, grade) => (grade.stars > so ? grade.stars : so), 0n);
  const stars = holding.reduce((so, veto) => (veto.max_stars < so ? veto.max_stars : so), highest);
  const exact = (share) => `${share.n}/${share.d}`;
  return {
    explained: { subject, total: shown(sum, 1), stars, vetoes: holding.map((veto) => String(veto.id)), groups: tree },
    exact: { total: exact(sum), groups: Object.fromEntries([...shares].map(([name, share]) => [name, exact(share)])) },
  };
}

// One pack

function verify(folder, asked) {
  const file = (name) => {
    must(!name.includes("/"), "a member lies outside");
    return readFileSync(join(folder, name));
  };
  const pack = parse(file("pack.json"));
  for (const [name, digest] of Object.entries(pack.members)) must(sha(file(name)).toString("hex") === digest, `member ${name}`);
  const [standard, basis, result] = ["standard", "basis", "result"].map((name) => parse(file(`${name}.json`)));
  const root = bytes(pack.root);
  must(isIncluded(pack.seal, pack.size - 1n, pack.size, pack.path, root), "the seal is not the last leaf");
  const subjects = pack.heads.map((head) => head.doc.subject);
  const wanted = new Set([basis.subject, basis.company || basis.subject]);
  must(subjects.length === wanted.size && subjects.every((one) => wanted.has(one)), "heads are missing or too many");
  const facts = readFacts(file("facts.jsonl"), pack, root, pack.heads);
  const taken = facts.filter(
    (fact) =>
      fact.kind === "rating.snapshot_taken" && (fact.leaves.get(basis.subject) ?? -1) >= Number(pack.seal.previous_size) &&
      (!fact.body || fact.body.details.application === basis.application),
  ).at(-1);
  must(taken?.body, "no snapshot in this seal");
  for (const name of ["standard", "basis", "result"]) {
    must(taken.body.details[name] === sha(file(`${name}.json`)).toString("hex"), `${name} is not what the snapshot sealed`);
  }
  const found = score(standard, counting(facts, standard, basis, taken), basis.subject);
  must(canonical(found) === canonical(result), "the result differs");
  for (const one of pack.roots) {
    const pair = [[Number(pack.size), root], [Number(one.size), bytes(one.root)]].sort((a, b) => a[0] - b[0]);
    must(continues(pair[0][0], pair[0][1], pair[1][0], pair[1][1], one.path), `root ${one.root}`);
  }
  const known = [pack.root, ...pack.roots.map((one) => one.root)];
  must(!asked || known.includes(asked.toLowerCase()), `root ${asked} is not known here`);
}

for await (const line of createInterface({ input: process.stdin })) {
  const [folder, asked] = line.split("\t");
  try {
    verify(folder, asked);
    console.log("VERIFIED");
  } catch (fault) {
    console.log(`UNFIT ${fault.message.split("\n")[0]}`);
  }
}
