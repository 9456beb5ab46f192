// Loaded by every page. Pages work without it; what is heavy is fetched only where a page asks for it.
import htmx from "htmx.org";

import "./main.scss";
import { forget } from "./field/store.js";
import { menus } from "./menus.js";
import { toasts } from "./toasts.js";

window.htmx = htmx;

/** Parts of a page that need more than htmx, and what they need. */
const EXTRAS = [
  ["[data-chart]", () => import("./charts.js").then((part) => part.draw)],
  ["select[data-search]", () => import("./selects.js").then((part) => part.dress)],
  ["[x-data]", () => import("./alpine.js").then((part) => part.start)],
];

async function extras(root) {
  for (const [selector, load] of EXTRAS) {
    if (root.matches?.(selector) || root.querySelector?.(selector)) (await load())(root);
  }
}

menus();
toasts();
document.addEventListener("htmx:load", (event) => extras(event.detail.elt));
document.addEventListener("submit", (event) => {
  // What this device keeps of the day goes with the session; the field pages first ask about what was not sent.
  if (event.target.action?.endsWith("/accounts/logout/") && !event.target.closest(".wx-fieldwork")) forget();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// What is folded on the screen stands on the paper.
addEventListener("beforeprint", () => {
  for (const one of document.querySelectorAll("main details:not([open])")) one.open = true;
});
