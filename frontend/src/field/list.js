// Today: what is still to be done, nearest first, and what was done with where it has got to.

import { copy, fill, one, part } from "./dom.js";
import { LOCAL, RECEIVED, REFUSED, SENT } from "./queue.js";
import { clock, left, now, say, until } from "./words.js";

const WORDS = { [LOCAL]: "is_local", [SENT]: "is_sent", [RECEIVED]: "is_received", [REFUSED]: "is_refused" };

export function showList(state, waiting, acts, votes) {
  const page = one("#field-list");
  const day = state.day;
  fill(page, {
    initial: day?.name?.slice(0, 1) ?? "", who: day ? [day.name, ...day.posts].join(" · ") : "",
    where: day?.estates.join("、") ?? "", todo: say("todo", { n: waiting.length }), says: state.says,
  });
  const todo = part(page, "waiting");
  todo.replaceChildren(...waiting.map((duty, at) => dutyRow(duty, at === 0, state)));
  part(page, "nothing").hidden = waiting.length + votes.length > 0 || !day;
  const doors = part(page, "votes");
  doors.replaceChildren(...votes);
  doors.hidden = !votes.length;
  const done = doneRows(state);
  fill(page, { finished: say("finished", { n: done.length }) });
  part(page, "done").replaceChildren(...done.map((row) => doneRow(row, acts)));
  part(page, "scan").onclick = acts.scan;
}

function dutyRow(duty, isFirst, state) {
  const row = copy("todo-row");
  const closes = new Date(duty.closes);
  const opens = new Date(duty.opens);
  const soon = opens > now() ? say("opens", { when: clock(opens) }) : left(closes);
  const rest = [duty.redo ? say("redo") : "", until(closes), soon].filter(Boolean).join(" · ");
  fill(row, { when: rest, text: duty.text, place: duty.place });
  row.classList.toggle("is-next", isFirst);
  row.classList.toggle("is-here", Boolean(state.spot && duty.spots.includes(state.spot.digest)));
  row.querySelector("a").href = `#do=${duty.instance}`;
  return row;
}

/** The phone's own entries first, then what the server has of today. */
function doneRows(state) {
  const own = state.queue.map((entry) => ({ ...entry, abnormal: entry.abnormal, words: entry.receipt?.words?.join("；") ?? entry.why ?? "" }));
  const known = new Set(own.map((entry) => entry.id));
  const theirs = (state.day?.done ?? []).filter((row) => !known.has(row.id)).map((row) => ({ ...row, state: RECEIVED }));
  return [...own.reverse(), ...theirs];
}

function doneRow(entry, acts) {
  const row = copy("done-row");
  fill(row, {
    text: entry.text, place: entry.place, said: say(WORDS[entry.state]),
    abnormal: entry.abnormal ? say("abnormal") : "", words: entry.words && entry.words !== say("on_time") ? entry.words : "",
  });
  row.dataset.state = entry.state;
  part(row, "acts").hidden = entry.state !== REFUSED;
  part(row, "again").onclick = () => acts.again(entry);
  part(row, "discard").onclick = () => confirm(say("sure", { what: entry.text })) && acts.discard(entry);
  return row;
}
