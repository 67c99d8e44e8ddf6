// A scanner is a keyboard that types faster than anybody: a whole link, then Enter. What comes that
// fast is no person's choice, so its digits choose no face.

const FAST_MS = 80; // between two keys of a scanner; people need longer for eight in a row
const SHORTEST = 8;

let burst = "";
let last = -Infinity;

/** Tell `onScan` of a burst that ended with Enter. Must listen before anybody else does. */
export function listenToScanner(onScan) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const fast = event.timeStamp - last < FAST_MS;
    if (event.key.length === 1) {
      burst = fast ? burst + event.key : event.key;
      last = event.timeStamp;
    } else if (event.key === "Enter" && fast && burst.length >= SHORTEST) {
      const scanned = burst;
      burst = "";
      // The field of the code sends itself.
      if (event.target.closest("input, textarea")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      onScan(scanned);
    }
  }, { capture: true });
}

/** Wait whether a key is a person's own; a scanner's keys come in company. */
export async function isAlone(event) {
  if (burst.length > 1) return false;
  await new Promise((resolve) => setTimeout(resolve, FAST_MS));
  return last === event.timeStamp;
}
