// The service worker of the field pages. It keeps the empty shell and what it is drawn with; never a page or an answer of anybody's.
const NAME = "wuxie-field-{{ version }}";
const SHELL = "{{ shell|escapejs }}";
const KEPT = [{% for file in files %}"{{ file|escapejs }}", {% endfor %}];

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(NAME).then((cache) => cache.addAll([new Request(SHELL, { cache: "reload" }), ...KEPT])).then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("wuxie-field-") && name !== NAME);
  event.waitUntil(
    caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin) return;
  const isPage = event.request.mode === "navigate" && (address.pathname === SHELL || address.pathname.startsWith(`${SHELL}at/`));
  const wanted = isPage ? SHELL : KEPT.includes(address.pathname) ? address.pathname : "";
  if (wanted) event.respondWith(caches.match(wanted, { cacheName: NAME }).then((kept) => kept ?? fetch(event.request)));
});
