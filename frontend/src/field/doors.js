// The doors of a vote on a collector's phone: where one stands, a photo of the closed envelope, and one button to store it.

import { copy, fill, one, part } from "./dom.js";
import { prepared } from "./photo.js";
import { LOCAL, RECEIVED, REFUSED } from "./queue.js";
import { say } from "./words.js";

const TONES = { delivered: "blue", nobody: "amber", refused: "red", collected: "green" };
/** What is being done at a door: the photo, and which door; gone once it is stored. */
const work = { entry: 0, photo: null };
let shown = "";

/** The lines of the list of today: one for each vote. */
export function voteRows(state) {
  return (state.day?.doors ?? []).map((vote) => {
    const row = copy("vote-row");
    const left = vote.entrances.flatMap((entrance) => entrance.doors).filter((door) => doorState(state, door) !== "collected").length;
    fill(row, { when: say("doors_left", { n: left }), text: vote.title, place: vote.estate });
    row.querySelector("a").href = `#doors=${vote.vote}`;
    return row;
  });
}

/** What has become of a door: what the phone has stored since counts at once. */
function doorState(state, door) {
  const own = state.queue.filter((entry) => entry.door === door.entry && entry.state !== REFUSED && entry.receipt?.standing !== "conflict");
  return own.length && own.at(-1).state !== RECEIVED ? own.at(-1).act : (own.some((entry) => entry.act === "collected") ? "collected" : door.door);
}

export function showDoors(state, vote, at, acts) {
  const page = one("#field-doors");
  const entrance = vote.entrances[at] ?? vote.entrances[0];
  part(page, "chip").hidden = state.online;
  fill(page, { title: entrance.name, where: [vote.estate, vote.title].join(" · ") });
  part(page, "entrances").replaceChildren(...vote.entrances.map((other, place) => {
    const link = copy("entrance");
    link.textContent = other.name;
    link.href = `#doors=${vote.vote}/${place}`;
    if (other === entrance) link.setAttribute("aria-current", "true");
    return link;
  }));
  part(page, "doors").replaceChildren(...floors(state, vote, entrance, at, acts));
  const door = entrance.doors.find((row) => row.entry === work.entry);
  part(page, "pick").hidden = Boolean(door);
  part(page, "card").hidden = !door;
  if (door) card(page, state, vote, at, door, acts);
}

function floors(state, vote, entrance, at, acts) {
  const rows = new Map();
  for (const door of entrance.doors) {
    const button = copy("door");
    const said = doorState(state, door);
    fill(button, { number: door.number, said: say(`door_${said}`) });
    if (TONES[said]) button.classList.add(`is-${TONES[said]}`);
    if (door.entry === work.entry) button.setAttribute("aria-current", "true");
    button.onclick = () => {
      Object.assign(work, { entry: door.entry, photo: null });
      part(one("#field-doors"), "says").textContent = "";
      showDoors(state, vote, at, acts);
    };
    rows.set(door.floor, [...(rows.get(door.floor) ?? []), button]);
  }
  return [...rows].map(([floor, buttons]) => {
    const row = copy("door-floor");
    part(row, "floor").textContent = floor ?? "";
    part(row, "row").replaceChildren(...buttons);
    return row;
  });
}

function card(page, state, vote, at, door, acts) {
  const box = part(page, "card");
  fill(box, { number: door.number, voter: door.voter, note: door.note, paper: say("door_paper", door) });
  const again = () => showDoors(state, vote, at, acts);
  photo(box, again);
  options(part(box, "second"), vote.seconds.map((row) => [row.person, row.name]));
  options(part(box, "capacity"), vote.capacities.map((row) => [row.value, row.label]));
  if (box.dataset.entry !== String(door.entry)) part(box, "capacity").value = door.signs;
  box.dataset.entry = door.entry;
  const taken = doorState(state, door) === "collected";
  part(box, "papers").hidden = taken || !vote.takes;
  part(box, "collect").hidden = taken || !vote.takes;
  if (!vote.takes) part(box, "says").textContent = say("doors_wait");
  const names = { deliver: "delivered", nobody: "nobody", refused: "refused", collect: "collected" };
  for (const [name, act] of Object.entries(names)) {
    if (name !== "collect") part(box, name).hidden = taken || (!vote.takes && name !== "deliver");
    part(box, name).onclick = () => press(box, state, door, act, acts, again);
  }
}

/** Filled once for a card, so that a choice stays while the page is drawn anew. */
function options(select, rows) {
  const wanted = JSON.stringify(rows);
  if (select.dataset.rows === wanted) return;
  select.dataset.rows = wanted;
  select.replaceChildren(...rows.map(([value, label]) => new Option(label, value)));
}

function photo(box, again) {
  const frame = part(box, "photo");
  if (shown) URL.revokeObjectURL(shown);
  shown = work.photo ? URL.createObjectURL(work.photo.blob) : "";
  part(frame, "picture").hidden = !work.photo;
  if (work.photo) part(frame, "picture").src = shown;
  frame.dataset.taken = String(Boolean(work.photo));
  part(frame, "camera").onchange = async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    const standing = work.entry;
    const made = await prepared(file).catch(() => null);
    if (work.entry !== standing) return; // another door was opened meanwhile: its photo is its own
    work.photo = made;
    part(box, "says").textContent = made ? "" : say("no_photo");
    again();
  };
}

async function press(box, state, door, act, acts, again) {
  const second = Number(part(box, "second").value);
  const wrong = ["collected", "refused"].includes(act) && !work.photo ? say("door_photo_first") : act === "collected" && !second ? say("door_second") : "";
  part(box, "says").textContent = wrong;
  if (wrong) return;
  const id = crypto.randomUUID();
  const item = { id, account: state.who, entry: door.entry, act, done_at: new Date().toISOString(), photo: work.photo?.sha256 ?? "" };
  if (act === "collected") Object.assign(item, { second, capacity: part(box, "capacity").value });
  const text = say("door_text", { door: door.label, act: say(`door_${act}`) });
  for (const button of box.querySelectorAll("button")) button.disabled = true;
  try {
    await acts.keep({
      id, kind: "doors", door: door.entry, act, state: LOCAL, at: Date.now(), text, place: "", abnormal: false,
      item: JSON.stringify(item), photos: work.photo ? [work.photo.blob] : [],
    });
    Object.assign(work, { entry: 0, photo: null });
  } finally {
    for (const button of box.querySelectorAll("button")) button.disabled = false;
  }
  again();
}
