// Sending: one entry after the other, each as often as it takes, deleted here only after the server named its number.

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

/** Send everything that waits, in the order in which it was done. One page of the phone at a time. */
export async function sendAll(who, csrf, changed) {
  await navigator.locks.request(`wuxie-field-send:${who}`, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    for (const entry of await store.queue(who)) {
      if (entry.state === RECEIVED || entry.state === REFUSED) continue;
      if (!(await sendOne(who, entry, csrf, changed))) return;
    }
  });
}

/** Whether to go on with the next one. */
async function sendOne(who, entry, csrf, changed) {
  await mark(who, entry, { state: SENT }, changed);
  const form = new FormData();
  form.append("item", entry.item);
  if (entry.kind) form.append("kind", entry.kind);
  form.append("sent_at", new Date().toISOString());
  entry.photos.forEach((photo, at) => form.append("photo", photo, `${at + 1}.jpg`));
  try {
    const answer = await fetch("/field/checks/", { method: "POST", body: form, headers: { "X-CSRFToken": csrf } });
    const said = await answer.json();
    if (answer.ok && said.id === entry.id) {
      await mark(who, entry, { state: RECEIVED, photos: [], item: "", receipt: said }, changed);
      return true;
    }
    if (said.error && [403, 409, 422].includes(answer.status)) {
      await mark(who, entry, { state: REFUSED, why: said.error.message }, changed);
      return true;
    }
  } catch {
    // No signal, or an answer that is none of ours: it waits, and is sent again with the same number.
  }
  await mark(who, entry, { state: LOCAL }, changed);
  return false;
}

async function mark(who, entry, what, changed) {
  Object.assign(entry, what);
  await store.put(who, entry);
  await changed();
}
