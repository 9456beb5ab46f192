// A toast confirms what can be undone. The server sends it: HX-Trigger: {"toast": "已存下"}.
// Refusals and errors are not toasts: they stay on the page.
const SECONDS = 6;

export function toasts() {
  document.addEventListener("toast", (event) => {
    const region = document.getElementById("toasts");
    if (!region) return;
    const line = document.createElement("p");
    line.className = "wx-toast";
    line.textContent = event.detail.value;
    region.append(line);
    setTimeout(() => line.remove(), SECONDS * 1000);
  });
  document.addEventListener("htmx:responseError", (event) => said(event.detail.xhr.status));
  document.addEventListener("htmx:sendError", () => said(0));
}

/** A request that failed is said on the page, until the next one succeeds. */
function said(status) {
  const region = document.getElementById("trouble");
  if (!region) return;
  region.textContent = status === 0 ? region.dataset.offline : region.dataset.failed;
  region.hidden = false;
  document.addEventListener("htmx:afterOnLoad", () => (region.hidden = true), { once: true });
}
