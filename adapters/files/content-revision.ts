import { createHash } from 'node:crypto';
import { isObject, type Json } from '../../kernel/index.js';

/** An opaque revision that is the same for the same texts in the same order, and for nothing else. */
export function contentRevision(...texts: readonly (string | Uint8Array | undefined)[]): string {
  const hash = createHash('sha256');
  for (const text of texts) {
    // Lengths keep ("ab", "c") apart from ("a", "bc"), and nothing apart from an empty text.
    hash.update(text === undefined ? '-;' : `${Buffer.byteLength(text)};`);
    if (text !== undefined) hash.update(text);
  }
  return hash.digest('base64url').slice(0, 24);
}

/** A text that is the same for equal JSON: the order of keys does not matter. */
export function canonicalJson(value: Json): string {
  return JSON.stringify(value, (_key, part: Json) => {
    if (!isObject(part)) return part;
    const entries = Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries);
  });
}
