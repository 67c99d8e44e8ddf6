// A new version of the page is fetched when there is one, and taken over only while nobody is here.

const CHECK_MS = 600_000;

let registration = null;
let changed = false;

/** Register the worker that keeps the page on the disk. */
export async function keepPage() {
  if (!navigator.serviceWorker) return;
  // The very first worker brings nothing new: it is this page's own, whenever it takes over.
  let running = navigator.serviceWorker.controller;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    const next = navigator.serviceWorker.controller;
    changed ||= running !== null && next !== running;
    running = next;
  });
  registration = await navigator.serviceWorker.register("/kiosk/worker.js", {
    scope: "/kiosk", updateViaCache: "none",
  });
  running ??= registration.active;
  setInterval(lookForUpdate, CHECK_MS);
  addEventListener("online", lookForUpdate);
}

function lookForUpdate() {
  return registration?.update().catch(() => {});
}

/** Called in idle moments only: start a version that waits, reload once another one runs. */
export function takeOver() {
  if (changed) location.reload();
  else registration?.waiting?.postMessage("take over");
}
