// The service worker keeps the kiosk's page on the disk, so that it starts cold without network.
// The server puts two lines before this one: VERSION, and FILES, all that the page is made of.

const CACHE = `kiosk-${VERSION}`;
const PROMPTS = "kiosk-prompts";
const PAGES = new Set(["/kiosk", "/kiosk/enrol"]);

self.addEventListener("install", (event) => event.waitUntil(fetchAll()));
self.addEventListener("activate", (event) => event.waitUntil(clearOld()));
self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin) return;
  if (address.pathname.startsWith("/api/")) return;
  event.respondWith(answer(event.request, address));
});
// A page says when nobody stands before it; until then the old version goes on.
self.addEventListener("message", ({ data }) => data === "take over" && self.skipWaiting());

async function fetchAll() {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" })));
}

async function clearOld() {
  for (const name of await caches.keys()) {
    if (name !== CACHE && name !== PROMPTS) await caches.delete(name);
  }
  await self.clients.claim();
}

async function answer(request, address) {
  const page = PAGES.has(address.pathname.replace(/\/$/, ""));
  const wanted = page ? address.pathname.replace(/\/$/, "") : request;
  const options = { ignoreVary: true };
  const kept = await (await caches.open(CACHE)).match(wanted, options);
  return kept ?? (await (await caches.open(PROMPTS)).match(wanted, options)) ?? fetch(request);
}
