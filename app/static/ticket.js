// A ticket: proof of a right to rate that does not tell whose. The browser makes a message, blinds
// it, has it signed for the right, and takes the blinding off (RFC 9474): the server never sees the
// ticket before it is used. Form and kiosk share this; each gives the library and a place to keep
// what was begun.

const TIMEOUT_MS = 30_000;
const INPUT_BYTES = 32;
const MOST_KEYS = 4; // so often a dossier's cell may change while we ask
const ALGORITHM = { name: "RSA-PSS", hash: "SHA-384" };

/** The server said no, for good: `code` as programs know it, the message in words. */
export class RefusedError extends Error {
  kind = "refused";

  constructor(code, message) {
    super(message || code);
    this.code = code;
  }
}

/** No answer, or a server in trouble: try again later. `status` is 0 without any answer. */
export class UnreachableError extends Error {
  kind = "unreachable";

  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

/** The server did what would let it trace us, or what is no signature. */
export class UntrustedError extends Error {
  kind = "untrusted";
}

class ChangedKeyError extends Error {}

const ANSWERS = new Set([400, 404, 409, 410, 422]);

/** POST JSON and read JSON; tells a "no" from a "not now". */
export async function post(path, body, options = {}) {
  let answer;
  let told;
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(body),
      cache: "no-store",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(options.timeout ?? TIMEOUT_MS),
      credentials: options.credentials ?? "same-origin",
    });
    told = await answer.json();
  } catch (error) {
    throw new UnreachableError(error.message, answer?.ok === false ? answer.status : 0);
  }
  if (answer.ok) return told;
  const { code = "", detail } = told;
  // A 404 without a word of ours is a gateway's, or an older server's.
  if (!ANSWERS.has(answer.status) || (answer.status === 404 && !code)) {
    throw new UnreachableError(detail, answer.status);
  }
  throw code === "key changed" ? new ChangedKeyError() : new RefusedError(code, detail);
}

/** What a right is for, or a RefusedError that says why it opens nothing. */
export const askKey = (token, options) => post("/api/rights/key", { token }, options);

/**
 * Turn a right into a ticket: {key, message, signature}.
 *
 * `begun` is what an earlier try kept. `keep` puts what is begun on the disk, before the right is
 * spent: with it a lost answer can be asked for again, without it the right would be gone.
 */
export async function takeTicket(token, { suite, begun = null, keep }) {
  for (let tries = 0; tries < MOST_KEYS; tries++) {
    if (!begun) {
      begun = await begin(token, suite);
      await keep(begun);
    }
    try {
      return await sign(token, begun, suite);
    } catch (error) {
      if (!(error instanceof ChangedKeyError)) throw error;
      begun = null;
    }
  }
  throw new UnreachableError("the key changes all the time");
}

async function begin(token, suite) {
  const { key, public_key: publicKey, questionnaire, agency } = await askKey(token);
  await checkListed(key, publicKey, agency);
  const message = suite.prepare(crypto.getRandomValues(new Uint8Array(INPUT_BYTES)));
  const { blindedMsg, inv } = await suite.blind(await importKey(publicKey), message);
  return {
    key, publicKey, questionnaire,
    message: encode(message), blinded: encode(blindedMsg), inverse: encode(inv),
  };
}

async function sign(token, { key, publicKey, message, blinded, inverse }, suite) {
  const { signature } = await post("/api/rights/signature", { token, key, blinded });
  try {
    const found = await suite.finalize(
      await importKey(publicKey), decode(message), decode(signature), decode(inverse),
    );
    return { key, message, signature: encode(found) };
  } catch (error) {
    throw new UntrustedError(`the signature is none: ${error.message}`);
  }
}

/** A key of our own would name us: it must stand in the list that everybody sees. */
async function checkListed(key, publicKey, agency) {
  const ours = (one) => one.id === key && one.public_key === publicKey;
  // A list that this browser holds may be older than the key.
  if ((await listKeys(agency, "default")).some(ours)) return;
  if ((await listKeys(agency, "reload")).some(ours)) return;
  throw new UntrustedError("the key is not in the public list");
}

async function listKeys(agency, cache) {
  try {
    const answer = await fetch(`/api/rating-keys?agency=${encodeURIComponent(agency)}`, {
      cache, credentials: "omit", referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!answer.ok) throw new UnreachableError("no list of keys", answer.status);
    return (await answer.json()).keys;
  } catch (error) {
    throw error instanceof UnreachableError ? error : new UnreachableError(error.message);
  }
}

function importKey(publicKey) {
  return crypto.subtle.importKey("spki", decode(publicKey), ALGORITHM, true, ["verify"]);
}

function encode(bytes) {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function decode(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}
