// Texts come from the page (translated there); here they are only filled in, and moments are said as people say them.

const texts = JSON.parse(document.getElementById("field-words").textContent);

export const say = (name, values = {}) =>
  texts[name].replace(/%\((\w+)\)s/g, (_whole, key) => String(values[key]));

// Moments are said by the clock on the walls there, whatever zone the phone is set to; Shanghai has no summer time.
const ZONE = 8 * 3600000;
const wall = (moment) => new Date(moment.getTime() + ZONE).toISOString();

/** How far the server's clock was ahead of the phone's when they last met. */
let ahead = 0;
export const setAhead = (milliseconds) => (ahead = milliseconds);
export const now = () => Date.now() + ahead;
export const minutesOff = () => Math.round(Math.abs(ahead) / 60000);

export const clock = (moment) => wall(moment).slice(11, 16);
export const dated = (moment) => wall(moment).slice(5, 16).replace("T", " ");

/** "17:00 前", or with its day where it is not today's; midnight is said as the end of its day. */
export function until(closes) {
  const last = wall(new Date(closes.getTime() - 1000));
  const time = clock(closes) === "00:00" ? "24:00" : clock(closes);
  const here = last.slice(0, 10) === wall(new Date(now())).slice(0, 10);
  return say("before", { when: here ? time : `${last.slice(5, 10)} ${time}` });
}

export function left(closes) {
  const minutes = Math.floor((closes - now()) / 60000);
  if (minutes < 0) return say("late");
  if (minutes >= 24 * 60) return "";
  return minutes < 60 ? say("minutes", { n: minutes }) : say("hours", { n: Math.floor(minutes / 60), m: minutes % 60 });
}

/** The limits of a reading; from nought on there is only an upper one. */
export const limited = (limits) => say(Number(limits.least) === 0 ? "at_most" : "limits", limits);
