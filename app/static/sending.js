// Sends the form without telling whose it is: first the right is turned into a ticket, then the
// answers go with the ticket, in a request that names no right. Loaded when somebody sends, or
// when an earlier sending was cut off. Whatever was begun is kept until the rating is stored.

const DAY_MS = 86_400_000;
const KEPT_DAYS = 14; // so long the server answers the same request again
const TRIES = 3;
const PAUSE_MS = 1_500;

let tools = null;

/** The module of tickets and the library, fetched together; an old browser throws here. */
async function loadTools({ ticket, library }) {
  tools ??= await Promise.all([import(ticket), import(library)]).catch((error) => {
    throw new UnfitError(error.message);
  });
  const [tickets, { suite }] = tools;
  return { tickets, suite };
}

/** This browser cannot do it; nothing was spent, so the form may be sent as it always could. */
class UnfitError extends Error {
  kind = "unfit";
}

// ---- what is kept

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("sipas-form", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("sendings", { keyPath: "path" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function transact(mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction("sendings", mode, { durability: "strict" });
      const request = work(transaction.objectStore("sendings"));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

const put = (sending) => transact("readwrite", (store) => store.put(sending));
const drop = (path) => transact("readwrite", (store) => store.delete(path));

const keptSending = (path) => transact("readonly", (store) => store.get(path));

async function forgetOld() {
  const all = await transact("readonly", (store) => store.getAll());
  for (const { path, at } of all) if (at < Date.now() - KEPT_DAYS * DAY_MS) await drop(path);
}

// ---- sending

/**
 * Send these answers for the link behind `path`; resolves when the rating is stored.
 *
 * Throws UnfitError while nothing is spent and the plain form can do it, else the errors of
 * ticket.js. Without answers, what was kept is sent.
 */
async function send(path, addresses, answers = null) {
  const { tickets, suite } = await loadTools(addresses);
  const kept = await keptSending(path).catch((error) => {
    throw new UnfitError(error.message);
  });
  const sending = kept ?? { path, id: crypto.randomUUID(), at: Date.now() };
  // Once the answers may have arrived, others under the same ticket would be lost.
  if (answers && !sending.sent) sending.answers = answers;
  try {
    await again(tickets, () => obtain(sending, tickets, suite));
    await again(tickets, () => deliver(sending, tickets));
  } catch (error) {
    if (error instanceof tickets.RefusedError && !error.mendable) await drop(path);
    throw error;
  }
  await drop(path);
  forgetOld().catch(() => {});
}

async function obtain(sending, tickets, suite) {
  if (sending.ticket) return;
  const { begun } = sending;
  const keep = async (fresh) => {
    Object.assign(sending, { begun: fresh, questionnaire: fresh.questionnaire });
    await put(sending).catch((error) => {
      sending.begun = null;
      throw new UnfitError(error.message);
    });
  };
  try {
    const token = decodeURIComponent(sending.path.split("/").pop());
    sending.ticket = await tickets.takeTicket(token, { suite, begun, keep });
  } catch (error) {
    // A server that answers, but not to this: the plain form can still do it.
    const unfit = !sending.begun && error.status > 0;
    throw unfit ? new UnfitError(error.message) : error;
  }
  delete sending.begun;
  await put(sending);
}

async function deliver(sending, tickets) {
  sending.sent = true;
  await put(sending);
  const { id, questionnaire, answers, ticket } = sending;
  // Without cookies browsers also take a connection of its own.
  const { receipts } = await tickets.post(
    "/api/ratings", { ratings: [{ id, questionnaire, answers, ticket }] }, { credentials: "omit" },
  );
  const [receipt] = receipts;
  if (receipt.status === "stored") return;
  const refused = new tickets.RefusedError(receipt.code, receipt.message);
  // What is wrong with the answers can be mended, and the ticket is still good.
  refused.mendable = ["wrong answer", "unknown questionnaire"].includes(receipt.code);
  if (refused.mendable) {
    sending.sent = false;
    await put(sending);
  }
  throw refused;
}

/** A bus goes through a tunnel: a few tries before anybody is told. */
async function again(tickets, step) {
  for (let tries = 1; ; tries++) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof tickets.UnreachableError) || tries === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * tries));
    }
  }
}

// form.js is no module, so that old browsers read it.
window.sipasSend = send;
