// The device: a key pair that never leaves this browser, and events signed with it, numbered
// without a gap. Two tabs share the numbers through a lock.

import * as clock from "./clock.js";
import { note, noted, putNumbered, read, readAll, write } from "./store.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" };
const LOCK_MS = 4_000;

const base64url = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** Signing needs a secure context: https, or this very machine. */
export const canSign = () => Boolean(globalThis.crypto?.subtle && navigator.locks);

export async function currentDevice() {
  const id = await noted("current");
  return id ? read("devices", id) : null;
}

export const allDevices = () => readAll("devices");

/** Make a key pair and put it on the disk first: a code must not be spent on a full disk. */
async function makeKeys() {
  const keys = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  await note("new keys", keys);
  return keys;
}

/** Enrol with the one-time code of the office; throws an error in words where it is refused. */
export async function enrol(code) {
  const keys = await makeKeys();
  const spki = await crypto.subtle.exportKey("spki", keys.publicKey);
  const answer = await fetch("/api/devices", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ code, public_key: base64url(spki), name: "" }),
  });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new EnrolmentError(told.detail ?? "");
  const { device: id, counter, counter_name, agency_name } = told;
  const device = { id, keys, counter, counter_name, agency_name, revoked: false };
  await write(["devices", "numbers", "notes"], (transaction) => {
    transaction.objectStore("devices").put(device);
    transaction.objectStore("numbers").put(0, id);
    transaction.objectStore("notes").put(id, "current");
    transaction.objectStore("notes").delete("new keys");
  });
  return device;
}

export class EnrolmentError extends Error {}

/** Remember that the server took this device out of service, or back. */
export async function markRevoked(id, revoked) {
  const device = await read("devices", id);
  if (device && device.revoked !== revoked) {
    await write(["devices"], (t) => void t.objectStore("devices").put({ ...device, revoked }));
  }
}

/** What the device sends, with its signature. */
export async function envelope(device, content) {
  const payload = JSON.stringify(content);
  const bytes = new TextEncoder().encode(payload);
  const signature = await crypto.subtle.sign(SIGNATURE, device.keys.privateKey, bytes);
  return { payload, signature: base64url(signature) };
}

/**
 * Sign an event under the next number and keep it; when this returns, it is on the disk. A right
 * lies beside the event, not in it: it never travels with an answer.
 */
export function recordEvent(device, content, right = null) {
  const stamp = clock.stamp();
  const options = { signal: AbortSignal.timeout(LOCK_MS) };
  return navigator.locks.request(`sipas-number-${device.id}`, options, async () => {
    const last = (await read("numbers", device.id)) ?? 0;
    const number = last + 1;
    const signed = await envelope(device, { number, ...content, ...stamp });
    await putNumbered(device.id, last, {
      device: device.id, number, id: content.id, at: stamp.at, ...signed, ...(right && { right }),
    });
    return number;
  });
}

/** The same event with something added, signed anew. */
export const signAgain = (device, event, more) =>
  envelope(device, { ...JSON.parse(event.payload), ...more });

export const lastNumber = async (device) => (await read("numbers", device.id)) ?? 0;
