import { createHash } from 'node:crypto';

/** How many characters of a hash stand at the end of a name that had to be shortened. */
const HASH_LENGTH = 8;

/**
 * A text as one label of a DNS name, which is what Kubernetes and many others take for a name: lower-case letters, digits
 * and dashes, at most `maxLength` of them. Accents go, and whatever else is not allowed becomes a dash. A text that is too long
 * ends in a hash of the whole, so that two long texts that begin alike get two names.
 * Undefined when nothing of the text can stand in a label.
 */
export function dnsLabel(text: string, maxLength: number): string | undefined {
  const label = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  if (label === '') return undefined;
  if (label.length <= maxLength) return label;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, HASH_LENGTH);
  const room = label.slice(0, maxLength - HASH_LENGTH - 1).replace(/-$/, '');
  return `${room}-${hash}`;
}
