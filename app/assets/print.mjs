// Web fonts as files for print: WOFF is an ordinary font whose tables are deflated one by one.

import { inflateSync } from "node:zlib";

const HEADER = 44;
const ENTRY = 20;

// The plain font in a WOFF file.
export function unpacked(woff) {
  const tables = readTables(woff);
  const head = Buffer.alloc(12 + 16 * tables.length);
  const power = Math.floor(Math.log2(tables.length));
  woff.copy(head, 0, 4, 8);
  head.writeUInt16BE(tables.length, 4);
  head.writeUInt16BE(16 * 2 ** power, 6);
  head.writeUInt16BE(power, 8);
  head.writeUInt16BE(16 * (tables.length - 2 ** power), 10);
  const parts = [head];
  let offset = head.length;
  tables.forEach((table, place) => {
    const at = 12 + 16 * place;
    table.tag.copy(head, at);
    head.writeUInt32BE(table.checksum, at + 4);
    head.writeUInt32BE(offset, at + 8);
    head.writeUInt32BE(table.data.length, at + 12);
    const padding = Buffer.alloc((4 - (table.data.length % 4)) % 4);
    parts.push(table.data, padding);
    offset += table.data.length + padding.length;
  });
  return Buffer.concat(parts);
}

function readTables(woff) {
  return Array.from({ length: woff.readUInt16BE(12) }, (_, place) => {
    const at = HEADER + ENTRY * place;
    const [offset, packed, length, checksum] = [4, 8, 12, 16].map((step) =>
      woff.readUInt32BE(at + step),
    );
    const data = woff.subarray(offset, offset + packed);
    const tag = woff.subarray(at, at + 4);
    return { tag, checksum, data: packed < length ? inflateSync(data) : data };
  });
}

// Another name of the same length, wherever the font says what it is called.
export function renamed(font, from, to) {
  const [old, fresh] = [from, to].map((name) => Buffer.from(name, "utf16le").swap16());
  for (let at = font.indexOf(old); at >= 0; at = font.indexOf(old, at + old.length)) {
    fresh.copy(font, at);
  }
}
