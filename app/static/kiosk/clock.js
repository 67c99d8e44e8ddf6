// Time on a device whose clock may be wrong by days. The server corrects: an event carries the wall
// clock, a clock that only runs forward, and what is known of their distance to the server.

const STEP_MS = 5_000;

let boot = crypto.randomUUID();
let distance = wall() - tick(); // stays the same unless the wall clock is set or the device slept
let offset = null; // server minus wall clock, once heard in this boot
let assumed = 0; // what an earlier boot knew: good enough for opening hours, not for a rating

export function wall() {
  return Date.now();
}

export function tick() {
  return Math.round(performance.now());
}

/** A forward clock that stood still, or a wall clock that was set, ends what was known. */
function checkStep() {
  const now = wall() - tick();
  if (Math.abs(now - distance) < STEP_MS) return;
  distance = now;
  boot = crypto.randomUUID();
  offset = null;
}

/** What an event or a heartbeat says about the moment. */
export function stamp() {
  checkStep();
  return { at: wall(), tick: tick(), boot, offset };
}

/** The server said what time it is; `sent` and `received` are ours. */
export function hear(now, sent) {
  if (!Number.isFinite(now)) return;
  checkStep();
  offset = Math.round(now - (sent + wall()) / 2);
  assumed = offset;
}

export function assume(known) {
  assumed = known ?? 0;
}

/** The best guess at the true time, and whether the server has confirmed it in this boot. */
export const now = () => wall() + (offset ?? assumed);
export const confirmed = () => offset !== null;
export const knownOffset = () => offset;
