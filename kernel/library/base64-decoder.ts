import { FunctionError } from '../contracts/function-library.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PADDING = 0x3d;
const OUTSIDE = 255;

/** The value of each character by its code; 255 for those outside of the alphabet. */
const SEXTETS: readonly number[] = Array.from({ length: 128 }, (_, code) => {
  const index = ALPHABET.indexOf(String.fromCharCode(code));
  return index < 0 ? OUTSIDE : index;
});

/**
 * The bytes that a base64 text holds. As the original does, characters outside of the alphabet are passed over, and what
 * follows complete padding is not looked at. @throws FunctionError when sextets are left over
 */
export function decodeBase64(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let size = 0;
  let inQuad = 0;
  let pads = 0;
  let left = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === PADDING) {
      if (inQuad >= 2 && inQuad + ++pads >= 4) return bytes.subarray(0, size);
      continue;
    }
    const sextet = SEXTETS[code] ?? OUTSIDE;
    if (sextet === OUTSIDE) continue;
    pads = 0;
    left = ((left << 6) | sextet) & 0xffff;
    if (inQuad > 0) bytes[size++] = (left >> (6 - 2 * inQuad)) & 0xff;
    inQuad = (inQuad + 1) % 4;
  }
  if (inQuad === 1) {
    const characters = (size / 3) * 4 + 1;
    throw new FunctionError(
      `Base64 Encoding error Invalid base64-encoded string: number of data characters (${characters}) cannot be 1 more than a multiple of 4`,
    );
  }
  if (inQuad !== 0) throw new FunctionError('Base64 Encoding error Incorrect padding');
  return bytes.subarray(0, size);
}
