// A new version of the page is fetched when there is one, and taken over only while nobody is here.

const CHECK_MS = 600_000;

let registration = null;
let changed = false;

/** Register the worker that keeps the page on the disk. */
export async function keepPage() {
  if (!navigator.serviceWorker) return;
  let first = !navigator.serviceWorker.controller;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    // The very first worker brings nothing new: it is this page's own.
    changed ||= !first;
    first = false;
  });
  registration = await navigator.serviceWorker.register("/kiosk/worker.js", {
    scope: "/kiosk", updateViaCache: "none",
  });
  // A page that was loading while the first worker took over is served by it from the next load on.
  if (registration.active) first = false;
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
