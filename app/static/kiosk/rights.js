// A citizen's own right at the kiosk: {token} of a scanned link, or {code} of a receipt. It is looked
// at before the faces when there is a network, and turned into a ticket when the tap is sent.

import * as clock from "./clock.js";
import { signAgain } from "./device.js";
import { putEvent } from "./store.js";
import { askKey, post, takeTicket, UnreachableError } from "./ticket.js";

const CHECK_MS = 4_000; // so long a person waits; then the right is taken on trust
const PATIENCE_MS = 86_400_000; // a key that is in no list yet may be there later
// What says to the server: no right, and take none of a handover for it.
const NO_TICKET = { key: "00000000-0000-0000-0000-000000000000", message: "", signature: "" };

let suite = null;

async function loadSuite() {
  suite ??= (await import("./blindrsa.js")).suite;
  return suite;
}

/** The right as it is to be kept; throws a RefusedError where it opens nothing. */
export async function checkRight(right) {
  let known = right;
  try {
    known = { token: await tokenOf(right, CHECK_MS) };
    await askKey(known.token, { timeout: CHECK_MS });
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
  }
  return known;
}

async function tokenOf({ token, code }, timeout) {
  return token ?? (await post("/api/rights/code", { code }, { timeout })).token;
}

/**
 * The events that can be sent now, and what keeps the others.
 *
 * A tap with a right waits for its ticket, and its details wait with it; the rest does not.
 */
export async function withTickets(device, events) {
  const ready = [];
  const held = new Set();
  let trouble = null;
  for (const event of events) {
    if (held.has(event.id)) continue;
    if (!event.right) ready.push(event);
    else if (trouble) held.add(event.id);
    else {
      try {
        ready.push(await redeem(device, event));
      } catch (error) {
        trouble = error;
        held.add(event.id);
      }
    }
  }
  return { ready, trouble };
}

async function redeem(device, event) {
  const kept = { ...event };
  const keep = async (right) => {
    kept.right = right;
    await putEvent(kept);
  };
  let ticket;
  try {
    if (!kept.right.token) await keep({ token: await tokenOf(kept.right) });
    const { token, begun } = kept.right;
    ticket = await takeTicket(token, {
      suite: await loadSuite(), begun, keep: (fresh) => keep({ token, begun: fresh }),
    });
  } catch (error) {
    const patient = error.kind === "untrusted" && event.at > clock.wall() - PATIENCE_MS;
    if (patient || (error.kind !== "refused" && error.kind !== "untrusted")) throw error;
    // The person has gone. The tap still counts, as one without a dossier.
    ticket = NO_TICKET;
  }
  const { right: _spent, ...plain } = kept;
  const signed = { ...plain, ...(await signAgain(device, event, { ticket })) };
  await putEvent(signed);
  return signed;
}
