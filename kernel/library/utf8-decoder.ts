import { FunctionError } from '../contracts/function-library.js';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text that the bytes hold as UTF-8. @throws FunctionError that says which bytes are wrong, and why */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new FunctionError(`Base64 Encoding error 'utf-8' codec can't decode ${firstFault(bytes)}`);
  }
}

/** How the bytes after a first byte must be: how many, and the range of the first of them. */
interface Form {
  readonly following: number;
  readonly low: number;
  readonly high: number;
}

function firstFault(bytes: Uint8Array): string {
  let at = 0;
  while (at < bytes.length) {
    const form = formOf(bytes[at] ?? 0);
    if (form === undefined) return describe(bytes, at, at + 1, 'invalid start byte');
    const good = countGood(bytes, at, form);
    if (good < form.following) {
      const end = at + 1 + good;
      return end < bytes.length
        ? describe(bytes, at, end, 'invalid continuation byte')
        : describe(bytes, at, bytes.length, 'unexpected end of data');
    }
    at += 1 + form.following;
  }
  return 'the bytes';
}

function countGood(bytes: Uint8Array, at: number, form: Form): number {
  for (let index = 0; index < form.following; index++) {
    const byte = bytes[at + 1 + index] ?? 0;
    const good = index === 0 ? byte >= form.low && byte <= form.high : byte >= 0x80 && byte <= 0xbf;
    if (!good) return index;
  }
  return form.following;
}

function formOf(first: number): Form | undefined {
  if (first < 0x80) return { following: 0, low: 0, high: 0 };
  if (first < 0xc2) return undefined;
  if (first < 0xe0) return { following: 1, low: 0x80, high: 0xbf };
  if (first < 0xf0) return { following: 2, low: first === 0xe0 ? 0xa0 : 0x80, high: first === 0xed ? 0x9f : 0xbf };
  if (first < 0xf5) return { following: 3, low: first === 0xf0 ? 0x90 : 0x80, high: first === 0xf4 ? 0x8f : 0xbf };
  return undefined;
}

function describe(bytes: Uint8Array, start: number, end: number, why: string): string {
  if (end > start + 1) return `bytes in position ${start}-${end - 1}: ${why}`;
  return `byte 0x${(bytes[start] ?? 0).toString(16).padStart(2, '0')} in position ${start}: ${why}`;
}
