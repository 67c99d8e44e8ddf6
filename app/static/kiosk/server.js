// Talking to the server as a device: what is sent, and what an answer means.

const TIMEOUT_MS = 30_000;
const OUT_OF_SERVICE = new Set(["urn:sipas:revoked-device", "urn:sipas:unknown-device"]);

/** The server says that it takes nothing from this device any more. */
export class OutOfServiceError extends Error {}

/** The server cannot be reached, or is in trouble: try again later. */
export class UnreachableError extends Error {}

export async function post(path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.ok) return await answer.json();
  } catch (error) {
    throw new UnreachableError(error.message);
  }
  // Only the server's own word takes a kiosk out of service, not any 403 of a gateway.
  const problem = await answer.json().catch(() => ({}));
  if (OUT_OF_SERVICE.has(problem.type)) throw new OutOfServiceError();
  throw new UnreachableError(`status ${answer.status}`);
}
