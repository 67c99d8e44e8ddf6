// What the kiosk keeps on its disk (IndexedDB): devices with their keys, events that the server has
// not named yet, events that it refused, the configuration. A write is done when it is on the disk.

const NAME = "sipas-kiosk";
const STORES = {
  devices: { keyPath: "id" },
  numbers: {}, // device -> the last running number given
  events: { keyPath: ["device", "number"] },
  refused: { keyPath: ["device", "number"] },
  notes: {}, // "current", "config <device>", "offset"
};

let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const [name, options] of Object.entries(STORES)) {
        request.result.createObjectStore(name, options);
      }
    };
    request.onsuccess = () => {
      const database = request.result;
      database.onclose = forget;
      database.onversionchange = () => {
        database.close();
        forget();
      };
      resolve(database);
    };
    request.onerror = () => reject(request.error);
  }).catch((error) => {
    forget();
    throw error;
  });
  return opening;
}

function forget() {
  opening = null;
}

async function begin(names, mode) {
  const options = { durability: "strict" };
  try {
    return (await open()).transaction(names, mode, options);
  } catch (error) {
    // The browser closed the database under us, for instance when its process was restarted.
    if (error.name !== "InvalidStateError") throw error;
    forget();
    return (await open()).transaction(names, mode, options);
  }
}

/** Do `work` in one transaction; what it returns, after the commit. */
async function transact(names, mode, work) {
  const transaction = await begin(names, mode);
  return new Promise((resolve, reject) => {
    let result;
    transaction.oncomplete = () => resolve(result instanceof IDBRequest ? result.result : result);
    transaction.onabort = () => {
      reject(transaction.error ?? new DOMException("The transaction was aborted", "AbortError"));
    };
    result = work(transaction);
  });
}

export const read = (name, key) => transact([name], "readonly", (t) => t.objectStore(name).get(key));

export const readAll = (name) => transact([name], "readonly", (t) => t.objectStore(name).getAll());

export const write = (names, work) => transact(names, "readwrite", work);

export const note = (key, value) =>
  write(["notes"], (t) => void t.objectStore("notes").put(value, key));

export const noted = (key) => read("notes", key);

const ofDevice = (device) => IDBKeyRange.bound([device, 0], [device, Number.MAX_SAFE_INTEGER]);

/** The oldest events of a device, in the order of their numbers. */
export const oldestEvents = (device, most) =>
  transact(["events"], "readonly", (t) => t.objectStore("events").getAll(ofDevice(device), most));

/** How many events wait to be named by the server. */
export const queue = () =>
  transact(["events"], "readonly", (t) => t.objectStore("events").count());

/** Put an event under the next number of its device, both or neither. */
export async function putNumbered(device, last, event) {
  await write(["numbers", "events"], (transaction) => {
    const numbers = transaction.objectStore("numbers");
    numbers.get(device).onsuccess = ({ target }) => {
      if (target.result !== last) transaction.abort();
      else {
        numbers.put(event.number, device);
        transaction.objectStore("events").add(event);
      }
    };
  });
}

/** Write an event that is there already, changed. */
export const putEvent = (event) => write(["events"], (t) => void t.objectStore("events").put(event));

/** Take away what the server named: stored events go, refused ones are kept aside. */
export const settle = (device, receipts) =>
  write(["events", "refused"], (transaction) => {
    const events = transaction.objectStore("events");
    for (const receipt of receipts) {
      const key = [device, receipt.number];
      events.get(key).onsuccess = ({ target }) => {
        if (target.result?.id !== receipt.id) return;
        if (receipt.status === "refused") setAside(transaction, target.result, receipt);
        events.delete(key);
      };
    }
  });

function setAside(transaction, event, { code, message }) {
  transaction.objectStore("refused").put({ ...event, code, message, refused: Date.now() });
}

/** What was refused long ago is nobody's business any more: it holds an answer. */
export const forgetRefused = (before) =>
  write(["refused"], (transaction) => {
    transaction.objectStore("refused").openCursor().onsuccess = ({ target: { result: cursor } }) => {
      if (!cursor) return;
      if (cursor.value.refused < before) cursor.delete();
      cursor.continue();
    };
  });

/** Whether there is room for another event: writes as much as a long one, and takes it away. */
export async function hasRoom() {
  try {
    await note("room", "x".repeat(8_192));
    await write(["notes"], (t) => void t.objectStore("notes").delete("room"));
    return true;
  } catch {
    return false;
  }
}

export async function usage() {
  const { usage: used = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return { usage: used, quota, persisted: (await navigator.storage?.persisted?.()) ?? false };
}
