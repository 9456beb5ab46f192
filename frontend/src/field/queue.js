// Sending: the oldest first, a few at once, each as often as it takes, deleted here only after the server named its number.

import * as store from "./store.js";

export const LOCAL = "local", SENT = "sent", RECEIVED = "received", REFUSED = "refused";

/** Whoever is signed in, with the day and the token to send with; `null` without a signal, `{}` signed out. */
export async function fetchDay() {
  try {
    const answer = await fetch("/field/day/", { cache: "no-store", headers: { Accept: "application/json" } });
    if (answer.status === 401 || answer.status === 403) return {};
    if (!answer.ok || !answer.headers.get("Content-Type")?.includes("json")) return null;
    return await answer.json();
  } catch {
    return null;
  }
}

/** Of what waits: one by itself, and while the answers come quickly four times as many at once. */
const MOST = 20, QUICK = 4000;

/**
 * Send everything that waits, in the order in which it was done. One page of the phone at a time.
 * Whether the server asked to come again, since too many send.
 */
export async function sendAll(who, csrf, changed) {
  return navigator.locks.request(`wuxie-field-send:${who}`, { ifAvailable: true }, async (lock) => {
    if (!lock) return false;
    const waits = (await store.queue(who)).filter((entry) => entry.state !== RECEIVED && entry.state !== REFUSED);
    for (let most = 1; waits.length; ) {
      const part = waits.splice(0, together(waits, most)), began = Date.now();
      const status = await send(who, part, csrf, changed);
      if (status !== DONE) return status === BUSY;
      most = Date.now() - began < QUICK ? Math.min(most * 4, MOST) : 1;
    }
    return false;
  });
}

const DONE = 200, BUSY = 503;

/** How many from the front go in one form: work of another kind goes by itself, and not too many photos together. */
function together(waits, most) {
  let found = 0, photos = 0;
  for (const entry of waits.slice(0, most)) {
    photos += entry.photos.length;
    if (found && (entry.kind || photos > MOST)) break;
    found += 1;
    if (entry.kind) break;
  }
  return found;
}

/** `DONE` if every entry has its answer; what has none waits, and is sent again with the same number. */
async function send(who, part, csrf, changed) {
  for (const entry of part) await mark(who, entry, { state: SENT }, changed);
  let status = 0;
  try {
    const several = part.length > 1;
    const answer = await fetch(`/field/checks/${several ? "several/" : ""}`, { method: "POST", body: form(part, several), headers: { "X-CSRFToken": csrf } });
    status = answer.status;
    const said = await answer.json();
    if (several) for (const [at, one] of (said.answers ?? []).entries()) await heard(who, part[at], one, changed);
    else if (answer.ok || [403, 409, 422].includes(status)) await heard(who, part[0], said, changed);
  } catch {
    // No signal, or an answer that is none of ours.
  }
  const left = part.filter((entry) => entry.state === SENT);
  for (const entry of left) await mark(who, entry, { state: LOCAL }, changed);
  return left.length ? (status === BUSY ? BUSY : 0) : DONE;
}

function form(part, several) {
  const made = new FormData();
  made.append("sent_at", new Date().toISOString());
  for (const entry of part) {
    made.append("item", entry.item);
    if (entry.kind) made.append("kind", entry.kind);
    if (several) made.append("photos", entry.photos.length);
    entry.photos.forEach((photo, at) => made.append("photo", photo, `${at + 1}.jpg`));
  }
  return made;
}

/** A receipt that names the entry's number, or why it is not taken. */
async function heard(who, entry, said, changed) {
  if (said.error) await mark(who, entry, { state: REFUSED, why: said.error.message }, changed);
  else if (said.id === entry.id) await mark(who, entry, { state: RECEIVED, photos: [], item: "", receipt: said }, changed);
}

async function mark(who, entry, what, changed) {
  Object.assign(entry, what);
  await store.put(who, entry);
  await changed();
}
