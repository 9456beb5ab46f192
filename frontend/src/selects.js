// Long choices become searchable; the plain <select> stays underneath and is what the form sends.
import TomSelect from "tom-select/dist/js/tom-select.base.js";

import "tom-select/dist/css/tom-select.css";
import "./selects.css";

export function dress(root) {
  const found = [...root.querySelectorAll("select[data-search]")];
  if (root.matches?.("select[data-search]")) found.push(root);
  for (const select of found) {
    if (select.tomselect) continue;
    select.setAttribute("aria-hidden", "true"); // readers meet the field that stands in for it
    new TomSelect(select, { maxOptions: 200, plugins: [], render: { no_results: () => nothing(select) }, ...asked(select) });
  }
}

// Of very many only those that fit are fetched, from the address in data-options, while somebody types.
function asked(select) {
  const url = select.dataset.options;
  if (!url) return {};
  return {
    valueField: "value",
    labelField: "text",
    searchField: [],
    preload: "focus",
    loadThrottle: 300,
    load(query, done) {
      this.clearOptions();
      fetch(`${url}?q=${encodeURIComponent(query)}`)
        .then((answer) => (answer.ok ? answer.json() : []))
        .then(done, () => done());
    },
  };
}

function nothing(select) {
  const line = document.createElement("div");
  line.className = "no-results";
  line.textContent = select.dataset.none || "没有这一项";
  return line;
}
