import type { ExpressionEngine, Json } from 'koreo-kernel';
import type { Lacks } from 'koreo-kernel/testing/contracts';

/** What is tried to keep a controller busy, to fill its memory, or to get out of the scope. */
export const HOSTILE_KINDS = [
  'a pattern that backtracks',
  'a pattern with many states',
  'loops inside loops',
  'brackets inside brackets',
  'conditions inside conditions',
  'a long row of operators',
  'a text that doubles',
  'a text that is padded',
  'a text that is put together again and again',
  'a text taken apart into characters',
  'a text replaced by a longer one',
  'a long part searched in a long text',
  'long texts compared again and again',
  'long texts encoded again and again',
  'a list that doubles',
  'a huge range',
  'a huge number',
  'sharing that grows exponentially, as a result',
  'sharing that grows exponentially, compared',
  'sharing that grows exponentially, as text',
  'sharing that grows exponentially, merged',
  'a value that grows deep',
  'a sort of many items',
  'a recursion without end',
  'a giant text literal',
  'a giant list literal',
  'a giant mapping literal',
  'a giant number literal',
  'texts that are never closed',
  'a prototype walked',
  'a constructor called',
  'a global name',
  'source evaluated from a text',
  'a mapping with very many keys',
  'the dearest function called in a loop',
] as const;

export type HostileKind = (typeof HOSTILE_KINDS)[number];

/** An expression that ends with an error of ours, or, where `gives` is there, with that harmless value. */
export type Hostile = string | { readonly source: string; readonly gives: Json };

/** The hostile expressions of one language, for the scope below; by kind, so that none is forgotten. */
export interface HostileList {
  readonly language: string;
  engine(): ExpressionEngine;
  readonly expressions: Readonly<Record<HostileKind, readonly Hostile[] | Lacks>>;
}

const items = Array.from({ length: 1_000 }, (_, index) => index);

/** What hostile expressions find: 1,000 numbers, a mapping of as many keys, texts of a million characters. */
export const hostileScope = {
  inputs: {
    items,
    few: items.slice(0, 40),
    pairs: [
      ['a', 'b'],
      ['c', 'd'],
    ],
    wide: Object.fromEntries(items.map((index) => [`k${index}`, index])),
    big: 'x'.repeat(1_000_000),
    some: 'x'.repeat(4_000),
    half: 'x'.repeat(500_000),
    almost: `${'x'.repeat(500)}y`,
    words: 'word '.repeat(200_000),
    beyond: '\u{1f600}'.repeat(500_000),
    evil: `${'a'.repeat(50_000)}!`,
    nested: JSON.parse(`${'[1,'.repeat(400)}1${']'.repeat(400)}`) as Json,
    secret: 'hunter2',
  },
};
