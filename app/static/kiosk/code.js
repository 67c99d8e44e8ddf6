// The code on a receipt, by the same rule as surveys/ratings/codes.py: a slip of the finger is told
// without asking anybody.

// No 0 O D Q, 1 I L, 2 Z, 5 S, 6 G, 8 B, U V.
export const SIGNS = "23456789ACEFHJKMNPRTWXY";
export const LENGTH = 12;
// Who types one of these meant the other.
const LOOK_ALIKES = { S: "5", B: "8", Z: "2", G: "6" };
const LINK = /https?:\/\/[^/\s]+\/r\/([\w-]{16,64})(?:[?#].*)?$/i;

/** The signs of a code, without dashes, blanks and the difference of large and small. */
export const plain = (typed) =>
  typed.normalize("NFKC").toUpperCase().replace(/[^\p{L}\p{N}]/gu, "").replace(/[SBZG]/g, (sign) => LOOK_ALIKES[sign]);

/** A code as it is printed: in groups of four. */
export const grouped = (code) => code.match(/.{1,4}/g)?.join("-") ?? "";

/** What was typed or scanned: {token}, {code}, or {fault, values} with what to mend. */
export function read(typed) {
  const link = LINK.exec(typed.trim());
  if (link) return { token: link[1] };
  const code = plain(typed);
  const wrong = [...code].find((sign) => !SIGNS.includes(sign));
  if (wrong) return { fault: "code_letter", values: { letter: wrong } };
  if (code.length !== LENGTH) return { fault: "code_length", values: { length: LENGTH } };
  if (checkLetter(code.slice(0, -1)) !== code.at(-1)) return { fault: "code_check", values: {} };
  return { code };
}

/** Every place has a weight of its own, so that two signs that changed places show. */
function checkLetter(signs) {
  const total = [...signs].reduce((sum, sign, at) => sum + (at + 2) * SIGNS.indexOf(sign), 0);
  return SIGNS[(SIGNS.length - (total % SIGNS.length)) % SIGNS.length];
}
