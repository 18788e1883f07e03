import { contentRevision } from './content-revision.js';

const PLAIN = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9_-])?$/;
/** Names that Windows keeps for devices, with any ending. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * A file name for a text, safe on every file system: plain names stay as they are, all others become what is plain of
 * them, `~`, and a hash, so that different texts never get the same name (but for letter case).
 */
export function safeName(text: string): string {
  if (PLAIN.test(text) && !RESERVED.test(text)) return text;
  return `${slug(text)}~${shortHash(text)}`;
}

/** What of the text is plain, for people to recognize it by; `_` when nothing is. Different texts may give the same. */
export function slug(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+|[.-]+$/g, '');
  return plain === '' ? '_' : plain.slice(0, 60);
}

/** Ten characters that stand for the text, whatever is in it; lower case, for file systems that know no other. */
export function shortHash(text: string): string {
  return Buffer.from(contentRevision(JSON.stringify(text)), 'base64url')
    .toString('hex')
    .slice(0, 10);
}
