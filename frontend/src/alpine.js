// Alpine's build without eval: components are registered by name (`Alpine.data`), never written in attributes.
import Alpine from "@alpinejs/csp";

let started = false;

export function start() {
  if (started) return;
  started = true;
  window.Alpine = Alpine;
  document.dispatchEvent(new CustomEvent("wuxie:alpine", { detail: Alpine }));
  Alpine.start();
}
