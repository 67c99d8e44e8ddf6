// Sends what the kiosk keeps, oldest first, in batches. Only what a receipt names leaves the disk,
// so that an answer that never arrives costs nothing but another try.

import * as clock from "./clock.js";
import { allDevices, envelope, lastNumber, markRevoked } from "./device.js";
import { withTickets } from "./rights.js";
import { OutOfServiceError, post } from "./server.js";
import { note, oldestEvents, queue, settle, usage } from "./store.js";

const BATCH = 200;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
const REGULAR_MS = 30_000;
const ALARM_PAUSE_MS = 5_000;
// These say no to the device, not to the event: it stays.
const OF_THE_DEVICE = new Set(["revoked device", "unknown device"]);

export class Sender extends EventTarget {
  #device;
  #version;
  #failures = 0;
  #timer = 0;
  #running = null;
  #again = false;
  #beating = Promise.resolve();
  #noted = Infinity;
  configVersion = "";
  full = false;

  constructor(device, version) {
    super();
    this.#device = device;
    this.#version = version;
  }

  /** Send now, at every sign of a network, and from time to time. */
  start(heartbeatSeconds) {
    addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => document.hidden || this.flush());
    setInterval(() => this.flush(), REGULAR_MS);
    setInterval(() => this.beat(), heartbeatSeconds * 1000);
    this.flush();
    this.beat();
  }

  /** An event was kept; send it unless the server has just failed and is given a rest. */
  nudge() {
    if (!this.#failures) this.flush();
  }

  /** Send all that waits. One tab sends at a time; a call while it does asks for another round. */
  flush() {
    this.#again = true;
    this.#running ??= this.#rounds().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #rounds() {
    while (this.#again) {
      this.#again = false;
      await navigator.locks.request("sipas-send", () => this.#sendAll());
    }
  }

  async #sendAll() {
    clearTimeout(this.#timer);
    try {
      let sent = 0;
      for (const device of await allDevices()) {
        if (!device.revoked) sent += await this.#sendOf(device);
      }
      this.#failures = 0;
      if (sent) this.beat();
    } catch {
      this.#failures += 1;
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures);
      this.#timer = setTimeout(() => this.flush(), pause * (0.5 + Math.random()));
    }
  }

  async #sendOf(device) {
    let sent = 0;
    for (;;) {
      const events = await oldestEvents(device.id, BATCH);
      if (!events.length) return sent;
      const { ready, trouble } = await withTickets(device, events);
      if (!ready.length) throw trouble;
      const answer = await this.#ask(device, "events", batch(ready));
      if (!answer) return sent;
      const settled = named(ready, answer.receipts);
      // A server that names nothing of ours would be asked for ever.
      if (!settled.length) throw new Error("The receipts name none of the events.");
      await settle(device.id, settled);
      sent += settled.length;
    }
  }

  /** Say how the device is; one heartbeat at a time, so that an older one never comes last. */
  beat() {
    this.#beating = this.#beating.then(() => this.#beatNow());
    return this.#beating;
  }

  async #beatNow() {
    const device = this.#device;
    try {
      const { tick, boot } = clock.stamp();
      const state = {
        sent_at: clock.wall(), tick, boot, version: this.#version, config: this.configVersion,
        queue: await queue(), oldest: await oldestAge(device), last_number: await lastNumber(device),
        ...(await usage()), full: this.full,
      };
      await this.#ask(device, "heartbeat", await envelope(device, state));
    } catch {
      // The next one will do; the board shows the silence. A full disk is an alarm.
      if (this.full) setTimeout(() => this.beat(), ALARM_PAUSE_MS);
    }
  }

  async #ask(device, what, body) {
    const sent = clock.wall();
    try {
      const answer = await post(`/api/devices/${device.id}/${what}`, body);
      clock.hear(answer.now, sent);
      await this.#noteOffset();
      if (device.id === this.#device.id) this.#tell("heard", { config: answer.config });
      if (device.revoked) await this.#setRevoked(device, false);
      return answer;
    } catch (error) {
      if (!(error instanceof OutOfServiceError)) throw error;
      await this.#setRevoked(device, true);
      return null;
    }
  }

  /** The next boot shall know about when it is, even before it finds the network. */
  async #noteOffset() {
    const offset = clock.knownOffset();
    if (Math.abs(offset - this.#noted) < 1_000) return;
    this.#noted = offset;
    await note("offset", offset).catch(() => {});
  }

  async #setRevoked(device, revoked) {
    device.revoked = revoked;
    await markRevoked(device.id, revoked).catch(() => {});
    if (device.id !== this.#device.id) return;
    this.#device.revoked = revoked;
    this.#tell("service", { revoked });
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function batch(events) {
  const { tick, boot } = clock.stamp();
  return {
    sent_at: clock.wall(), sent_tick: tick, boot,
    events: events.map(({ payload, signature }) => ({ payload, signature })),
  };
}

/** The receipts that name one of these events by number and id, and settle it. */
function named(events, receipts = []) {
  const ids = new Map(events.map(({ number, id }) => [number, id]));
  return receipts.filter(
    ({ number, id, code }) => ids.get(number) === id && !OF_THE_DEVICE.has(code),
  );
}

async function oldestAge(device) {
  const [oldest] = await oldestEvents(device.id, 1);
  return oldest ? Math.max(0, clock.wall() - oldest.at) : null;
}
