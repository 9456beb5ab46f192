// Filling the page's own templates: an element with `data-x="name"` is one that the script fills.

export const one = (selector, root = document) => root.querySelector(selector);
export const part = (root, name) => root.querySelector(`[data-x="${name}"]`);

export const copy = (name) => document.getElementById(`field-${name}`).content.firstElementChild.cloneNode(true);

/** Fill named parts with text; an empty one is hidden with the icon beside it. */
export function fill(root, values) {
  for (const [name, value] of Object.entries(values)) {
    const element = part(root, name);
    element.textContent = value;
    (element.closest("[data-line]") ?? element).hidden = value === "";
  }
  return root;
}
