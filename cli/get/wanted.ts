import { UsageError } from '../usage-error.js';

/** What is asked for: a kind as a person writes it, and some resources of it, or all. */
export interface Wanted {
  readonly kind: string;
  /** Empty for all. */
  readonly names: readonly string[];
}

/** Reads `KIND[,KIND…] [NAME…]` or `KIND/NAME…`, as kubectl does. @throws UsageError */
export function wantedOf(words: readonly string[]): readonly Wanted[] {
  if (words.some((word) => word.includes('/'))) return words.map(pairOf);
  const [kinds = '', ...names] = words;
  const each = kinds.split(',').filter((kind) => kind !== '');
  if (each.length === 0) throw new UsageError('a kind is missing: koreo get KIND [NAME…]');
  return [...new Set(each)].map((kind) => ({ kind, names }));
}

/** Reads `KIND NAME` or `KIND/NAME`. @throws UsageError */
export function oneWanted(kind: string, name: string | undefined): { readonly kind: string; readonly name: string } {
  const words = name === undefined ? [kind] : [kind, name];
  const [wanted, ...others] = wantedOf(words);
  const [first, ...more] = wanted?.names ?? [];
  if (wanted === undefined || first === undefined) throw new UsageError(`which ${kind}? Give its name too`);
  if (others.length > 0 || more.length > 0) throw new UsageError('one resource at a time: KIND NAME, or KIND/NAME');
  return { kind: wanted.kind, name: first };
}

function pairOf(word: string): Wanted {
  const [kind = '', name = '', ...more] = word.split('/');
  if (kind === '' || name === '' || more.length > 0) {
    throw new UsageError(`'${word}' is not KIND/NAME; the two forms cannot be mixed`);
  }
  return { kind, names: [name] };
}
