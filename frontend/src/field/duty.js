// One duty: the place, the photo, one question at a time, and one button to store it.

import { copy, fill, one, part } from "./dom.js";
import { prepared } from "./photo.js";
import { LOCAL } from "./queue.js";
import * as store from "./store.js";
import { clock, dated, limited, say } from "./words.js";

const PICTURED = ["photo", "video", "document"];
const LONGEST = 7;

/** Show a duty, with what was begun of it before the page went away. */
export async function showDuty(state, duty, acts) {
  const page = one("#field-duty");
  const kept = await store.draft(state.who, duty.instance);
  const work = kept ?? { started_at: new Date().toISOString(), photos: [], readings: duty.readings.map(() => ""), at: 0, outcome: "", words: "" };
  if (!kept) await store.keepDraft(state.who, duty.instance, work);
  const changed = async () => {
    draw(page, state, duty, work);
    await store.keepDraft(state.who, duty.instance, work);
  };
  part(page, "keys").replaceChildren(...keys(duty, work, changed));
  part(page, "camera").onchange = async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (file) await takePhoto(page, state, duty, work, file, changed);
  };
  part(page, "scan-place").onclick = async () => {
    await acts.scan();
    await changed();
  };
  part(page, "back-one").onclick = () => changed((work.at -= 1));
  for (const outcome of ["normal", "abnormal"]) part(page, outcome).onclick = () => changed((work.outcome = outcome));
  part(page, "explain").onclick = async () => {
    const dialog = one("#field-explain");
    const field = dialog.querySelector("textarea");
    field.value = work.words;
    dialog.querySelector("input").checked = work.outcome === "abnormal";
    dialog.showModal();
    await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
    if (!dialog.returnValue) return;
    work.words = field.value.trim();
    if (duty.readings.length || dialog.querySelector("input").checked) work.outcome = dialog.querySelector("input").checked ? "abnormal" : "";
    await changed();
  };
  part(page, "store").onclick = () => press(page, state, duty, work, acts, changed);
  part(page, "says").textContent = "";
  draw(page, state, duty, work);
}

async function takePhoto(page, state, duty, work, file, changed) {
  try {
    work.photos = [{ ...(await prepared(file)), at: new Date().toISOString() }];
    part(page, "says").textContent = "";
  } catch {
    part(page, "says").textContent = say("no_photo");
  }
  await changed();
}

function keys(duty, work, changed) {
  return ["1", "2", "3", "4", "5", "6", "7", "8", "9", ".", "0", "⌫"].map((sign) => {
    const button = copy("key");
    button.textContent = sign;
    if (sign === "⌫") button.setAttribute("aria-label", say("erase"));
    button.onclick = () => {
      const had = work.readings[work.at];
      if (sign === "⌫") work.readings[work.at] = had.slice(0, -1);
      else if (had.length < LONGEST && !(sign === "." && (had.includes(".") || !had))) work.readings[work.at] = had + sign;
      void changed();
    };
    return button;
  });
}

/** How far a reading is outside its limits: above, below, or nought. Scaled, so that 85.1 − 85 is 0.1. */
function beyond(limits, value) {
  const number = Number(value);
  const over = number > Number(limits.most) ? number - Number(limits.most) : number < Number(limits.least) ? number - Number(limits.least) : 0;
  return Number(over.toFixed(4));
}

const isAbnormal = (duty, work) =>
  work.outcome === "abnormal" || duty.readings.some((limits, at) => work.readings[at] !== "" && beyond(limits, work.readings[at]) !== 0);

const wantsPhoto = (duty) => duty.proof.some((one_) => PICTURED.includes(one_));

function draw(page, state, duty, work) {
  fill(page, { title: duty.text });
  part(page, "chip").hidden = state.online;
  place(page, state, duty, work);
  photo(page, state, duty, work);
  const asks = duty.readings.length > 0;
  part(page, "reading").hidden = !asks;
  part(page, "answer").hidden = asks;
  if (asks) reading(page, duty, work);
  for (const outcome of ["normal", "abnormal"]) part(page, outcome).setAttribute("aria-pressed", String(work.outcome === outcome));
  const last = work.at >= duty.readings.length - 1;
  part(page, "store").textContent = say(!last ? "next_reading" : isAbnormal(duty, work) ? "store_hazard" : "store");
}

/** The scanned place, where it counts for this duty: one it is tied to, or one that was scanned while doing it. */
function placeOf(state, duty, work) {
  const counts = duty.spots.length ? duty.spots.includes(state.spot?.digest) : state.spot?.at >= Date.parse(work.started_at);
  return counts ? state.spot : null;
}

function place(page, state, duty, work) {
  const bar = part(page, "place-bar");
  const here = placeOf(state, duty, work);
  bar.dataset.here = String(Boolean(here));
  fill(bar, {
    place: (here?.label ?? duty.place) || say("anywhere"),
    scanned: here ? say("scanned", { when: clock(new Date(here.at)) }) : duty.spots.length ? say("not_scanned") : "",
  });
  part(bar, "scan-place").hidden = Boolean(here);
}

let shown = "";
function photo(page, state, duty, work) {
  const frame = part(page, "photo");
  const [taken] = work.photos;
  if (shown) URL.revokeObjectURL(shown);
  shown = taken ? URL.createObjectURL(taken.blob) : "";
  part(frame, "picture").hidden = !taken;
  if (taken) part(frame, "picture").src = shown;
  frame.dataset.taken = String(Boolean(taken));
  const where = placeOf(state, duty, work)?.label ?? duty.place;
  fill(frame, {
    mark: taken ? [where, dated(new Date(taken.at)), say("phone_time")].filter(Boolean).join(" · ") : "",
    take: say(taken ? "retake" : wantsPhoto(duty) ? "take" : "take_if_wanted"),
  });
}

function reading(page, duty, work) {
  const limits = duty.readings[work.at];
  const value = work.readings[work.at];
  const before = duty.readings.slice(0, work.at).map((one_, at) => `${one_.name} ${work.readings[at]} ${one_.unit}`);
  fill(page, {
    number: `${work.at + 1} / ${duty.readings.length}`, name: limits.name, value: value || "—", unit: limits.unit,
    beside: value === "" && before.length ? before[before.length - 1] : limited(limits),
  });
  part(page, "back-one").hidden = work.at === 0;
  const over = value === "" ? null : beyond(limits, value);
  const box = part(page, "verdict");
  box.dataset.verdict = over === null ? "none" : over ? "over" : "good";
  const last = limits.before ? say("last", { value: limits.before, unit: limits.unit }) : "";
  fill(box, {
    says_verdict: over === null ? limited(limits) : over ? say(over > 0 ? "above" : "below", { n: Math.abs(over), unit: limits.unit }) : say("good"),
    why: over ? say("hazard_follows") : [over === null ? "" : limited(limits), last].filter(Boolean).join("，"),
  });
  part(page, "value").closest(".wx-field-value").dataset.verdict = box.dataset.verdict;
}

async function press(page, state, duty, work, acts, changed) {
  const wrong = lacking(duty, work);
  part(page, "says").textContent = wrong;
  if (wrong) return;
  if (work.at < duty.readings.length - 1) {
    work.at += 1;
    await changed();
    return;
  }
  part(page, "store").disabled = true;
  try {
    await acts.save(entryOf(state, duty, work), duty.instance);
  } finally {
    part(page, "store").disabled = false;
  }
}

function lacking(duty, work) {
  const value = work.readings[work.at];
  if (duty.readings.length && (value === "" || value.endsWith("."))) return say("no_reading", { name: duty.readings[work.at].name });
  if (wantsPhoto(duty) && !work.photos.length && work.at >= duty.readings.length - 1) return say("photo_first");
  if (!duty.readings.length && !work.outcome) return say("choose");
  return "";
}

/** What is stored: the very text that will be sent, so that it stays the same however often it is. */
function entryOf(state, duty, work) {
  const id = crypto.randomUUID();
  const abnormal = isAbnormal(duty, work);
  const here = placeOf(state, duty, work);
  const item = {
    id, account: state.who, instance: duty.instance, started_at: work.started_at, done_at: new Date().toISOString(),
    outcome: abnormal ? "abnormal" : "normal", readings: work.readings, spot: here?.code ?? "", words: work.words,
    photos: work.photos.map(({ sha256, original, modified_at }) => ({ sha256, original, modified_at })),
  };
  return {
    id, instance: duty.instance, state: LOCAL, at: Date.now(), text: duty.text, place: here?.label ?? duty.place, abnormal,
    item: JSON.stringify(item), photos: work.photos.map((taken) => taken.blob),
  };
}
