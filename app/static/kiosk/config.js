// The configuration of a device: asked of the server by its ETag, kept on the disk, used offline.

import { note, noted } from "./store.js";

const PROMPTS = "kiosk-prompts";
const TIMEOUT_MS = 20_000;

export const keptConfig = async (device) => (await noted(`config ${device.id}`))?.config ?? null;

/** Ask for the configuration; the new one, or null where ours is still in force. */
export async function fetchConfig(device) {
  const kept = await noted(`config ${device.id}`);
  const answer = await fetch(`/api/devices/${device.id}/config`, {
    headers: kept?.etag ? { "If-None-Match": kept.etag } : {},
    cache: "no-store",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!answer.ok) return null; // 304, or a server in trouble: what we have stays
  const config = await answer.json();
  await note(`config ${device.id}`, { config, etag: answer.headers.get("ETag") ?? "" });
  keepPrompts(config).catch(() => {});
  return config;
}

/** Recordings are wanted without network too. */
async function keepPrompts(config) {
  if (!globalThis.caches) return;
  const wanted = new Set(Object.values(config.prompts ?? {}).flatMap((one) => Object.values(one)));
  const cache = await caches.open(PROMPTS);
  for (const { url } of await cache.keys()) {
    const { pathname, search } = new URL(url);
    if (!wanted.delete(pathname + search)) await cache.delete(url);
  }
  await Promise.allSettled([...wanted].map((address) => cache.add(address)));
}
