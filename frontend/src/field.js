// A phone's work without a signal: today's list and one duty, filled from what the phone keeps and what the server says.

import "./field/field.scss";
import { fill, one, part } from "./field/dom.js";
import { showDoors, voteRows } from "./field/doors.js";
import { showDuty } from "./field/duty.js";
import { showList } from "./field/list.js";
import { fetchDay, LOCAL, RECEIVED, REFUSED, SENT, sendAll } from "./field/queue.js";
import * as scan from "./field/scan.js";
import * as store from "./field/store.js";
import { minutesOff, now, say, setAhead } from "./field/words.js";

/** Everything the pages show; only this file changes it. */
const state = { who: store.account(), day: null, queue: [], online: navigator.onLine, signedOut: false, spot: null, says: "" };
/** From how many minutes on a wrong clock is said; what counts is decided by the server's own figure. */
const MINUTES_OFF = 5;
/** When what waits is tried again while the page is open: soon and at any moment after a crowd, less often without a signal. */
const again = () => (state.online ? 5000 + Math.random() * 10000 : 60000);
let timer = 0;
/** The token with which to go on after the server was too busy: the day need not be asked for again. */
let token = "";
const SCANNED = "wuxie-field-spot";

async function load() {
  state.queue = state.who ? await store.queue(state.who) : [];
  state.day = state.who ? ((await store.day(state.who)) ?? null) : null;
  setAhead(state.day?.ahead ?? 0);
}

/** What the server says now; another account's day is not shown and its queue not touched. */
async function refresh() {
  const found = await fetchDay();
  state.online = found !== null;
  if (!found) return "";
  state.signedOut = !found.account;
  if (state.signedOut) return ""; // the session is over, not the work: what is here stays, and is sent after signing in
  if (state.who && found.account !== state.who) store.forget();
  const { csrf, ...day } = found;
  day.ahead = Date.parse(day.now) - Date.now();
  state.who = found.account;
  one("#field-out input").value = csrf;
  store.setAccount(state.who);
  await store.keepDay(state.who, day);
  await tidy(day);
  await load();
  return csrf;
}

/** What the server lists as received need not be listed by the phone as well. */
async function tidy(day) {
  const known = new Set(day.done.map((row) => row.id));
  for (const entry of await store.queue(state.who)) {
    if (entry.state === RECEIVED && (known.has(entry.id) || Date.now() - entry.at > 86400000)) await store.drop(state.who, entry.seq);
  }
}

async function sync() {
  clearTimeout(timer);
  await exchange();
  if (counts().local && !state.signedOut) timer = setTimeout(sync, again());
}

async function exchange() {
  const csrf = token || (await refresh());
  token = "";
  show();
  if (!csrf) return;
  const busy = await sendAll(state.who, csrf, async () => {
    state.queue = await store.queue(state.who);
    show();
  });
  if (busy) {
    token = csrf;
    return;
  }
  if (state.queue.some((entry) => entry.state === RECEIVED)) {
    await refresh();
    show();
  }
}

const acts = {
  sync,
  async save(entry, instance) {
    await store.add(state.who, entry);
    await store.dropDraft(state.who, instance);
    await load();
    const next = nextOne();
    location.hash = next ? `do=${next.instance}` : "";
    route();
    void sync();
  },
  /** Something that is no duty was stored: the page stays where it is. */
  async keep(entry) {
    await store.add(state.who, entry);
    await load();
    void sync();
  },
  async again(entry) {
    await store.put(state.who, { ...entry, state: LOCAL, why: "" });
    await load();
    void sync();
  },
  async discard(entry) {
    await store.drop(state.who, entry.seq);
    await load();
    show();
  },
  async scan() {
    const code = await scan.ask(one("#field-scan"));
    if (code) await arrive(code);
    return Boolean(code);
  },
};

/** A code was scanned: it stands for the place until another one is, or the phone is put away for an hour. */
async function arrive(code) {
  const spot = await scan.placeOf(code, state.day?.spots ?? []);
  state.says = spot ? "" : say("unknown_spot");
  state.spot = spot ? { ...spot, code: scan.plain(code), at: Date.now() } : null;
  if (state.spot) sessionStorage.setItem(SCANNED, JSON.stringify(state.spot));
  const here = spot ? waiting().filter((duty) => duty.spots.includes(spot.digest)) : [];
  if (here.length === 1 && !location.hash) location.hash = `do=${here[0].instance}`;
  route();
}

/** The duties that are still to be done: those the phone has not stored. */
function waiting() {
  const stored = new Set(state.queue.filter((entry) => entry.state !== REFUSED).map((entry) => entry.instance));
  return (state.day?.duties ?? []).filter((duty) => !stored.has(duty.instance));
}

/** What to go on with: something at the scanned place first, never what cannot be begun yet. */
function nextOne() {
  const open = waiting().filter((duty) => Date.parse(duty.opens) <= now());
  return open.find((duty) => duty.spots.includes(state.spot?.digest)) ?? open[0];
}

function counts() {
  const of = (name) => state.queue.filter((entry) => entry.state === name).length;
  const received = new Set([...(state.day?.done ?? []).map((row) => row.id), ...state.queue.filter((entry) => entry.state === RECEIVED).map((entry) => entry.id)]);
  return { local: of(LOCAL), sent: of(SENT), received: received.size, refused: of(REFUSED) };
}

function show() {
  const band = one("#field-band");
  const found = counts();
  band.dataset.online = String(state.online);
  fill(band, {
    signal: say(state.online ? "signal" : "no_signal"),
    stored: found.local ? say(state.online ? "waits" : "stored", { n: found.local }) : say("nothing_waits"),
    clock: minutesOff() > MINUTES_OFF ? say("clock_off", { n: minutesOff() }) : "",
    local: say("local", { n: found.local }), sent: say("sent", { n: found.sent }), received: say("received", { n: found.received }),
  });
  part(band, "send").hidden = !found.local || !state.online;
  document.body.dataset.signedOut = String(state.signedOut);
  one("#field-signed-out").hidden = !state.signedOut;
  fill(one("#field-signed-out"), { unsent: state.who ? say("session_over", { n: found.local + found.sent }) : say("sign_in") });
  const doors = voteOf(location.hash);
  if (doors) showDoors(state, doors.vote, doors.at, acts);
  else if (!location.hash.startsWith("#do=")) showList(state, waiting(), acts, voteRows(state));
  else one("#field-duty [data-x=chip]")?.toggleAttribute("hidden", state.online);
}

/** `#doors=7/2`: the vote and which of its entrances; without a number the first vote there is. */
function voteOf(hash) {
  const found = /^#doors(?:=(\d+)(?:\/(\d+))?)?$/.exec(hash);
  const votes = state.day?.doors ?? [];
  const vote = found && (found[1] ? votes.find((row) => row.vote === Number(found[1])) : votes[0]);
  return vote?.entrances.length ? { vote, at: Number(found[2] ?? 0) } : null;
}

function route() {
  const number = Number(/^#do=(\d+)$/.exec(location.hash)?.[1]);
  const duty = state.day?.duties.find((row) => row.instance === number);
  if (number && !duty) history.replaceState(null, "", location.pathname);
  const doors = Boolean(voteOf(location.hash));
  one("#field-list").hidden = Boolean(duty) || doors;
  one("#field-duty").hidden = !duty;
  one("#field-doors")?.toggleAttribute("hidden", !doors);
  if (duty) void showDuty(state, duty, acts);
  show();
}

async function begin() {
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register("/field/sw.js", { scope: "/field/" }).catch(() => {});
    void navigator.storage?.persist?.();
  }
  await load();
  const kept = JSON.parse(sessionStorage.getItem(SCANNED) ?? "null");
  if (kept && Date.now() - kept.at < 3600000) state.spot = kept;
  const code = /^\/field\/at\/([^/]+)\//.exec(location.pathname)?.[1];
  route();
  await sync();
  if (code) {
    history.replaceState(null, "", "/field/");
    await arrive(decodeURIComponent(code));
  }
}

addEventListener("hashchange", route);
addEventListener("online", sync);
addEventListener("offline", () => {
  state.online = false;
  show();
});
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && sync());
one("#field-band [data-x=send]").addEventListener("click", sync);
one("#field-out").addEventListener("submit", (event) => {
  if (counts().local + counts().sent) {
    event.preventDefault();
    state.says = say("send_first", { n: counts().local + counts().sent });
    show();
  } else store.forget();
});
void begin();
