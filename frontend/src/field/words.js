// Texts come from the page (translated there); here they are only filled in, and moments are said as people say them.

const texts = JSON.parse(document.getElementById("field-words").textContent);

export const say = (name, values = {}) =>
  texts[name].replace(/%\((\w+)\)s/g, (_whole, key) => String(values[key]));

const two = (number) => String(number).padStart(2, "0");
export const clock = (moment) => `${two(moment.getHours())}:${two(moment.getMinutes())}`;
export const dated = (moment) => `${two(moment.getMonth() + 1)}-${two(moment.getDate())} ${clock(moment)}`;

/** "17:00 前", or with its day where it is not today's; midnight is said as the end of its day. */
export function until(closes) {
  const last = new Date(closes.getTime() - 1000);
  const time = clock(closes) === "00:00" ? "24:00" : clock(closes);
  const here = last.toDateString() === new Date().toDateString();
  return say("before", { when: here ? time : `${two(last.getMonth() + 1)}-${two(last.getDate())} ${time}` });
}

export function left(closes) {
  const minutes = Math.floor((closes - Date.now()) / 60000);
  if (minutes < 0) return say("late");
  if (minutes >= 24 * 60) return "";
  return minutes < 60 ? say("minutes", { n: minutes }) : say("hours", { n: Math.floor(minutes / 60), m: minutes % 60 });
}
