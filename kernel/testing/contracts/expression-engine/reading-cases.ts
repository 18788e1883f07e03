import type { Path } from '../../../plugin.js';

/** What a program tells of its expression. `tests` and `gives` are those of `reads`; absent for none. */
export interface Reading {
  readonly reads: readonly Path[];
  readonly tests?: readonly Path[];
  readonly gives?: readonly Path[];
}

/** What is read, from the syntax alone. The order of paths does not matter. */
export const readingCases = {
  'a constant': { reads: [] },
  'a name': { reads: [['inputs']], gives: [['inputs']] },
  'a path': { reads: [['inputs', 'a', 'b']], gives: [['inputs', 'a', 'b']] },
  'a path with a key in quotes': {
    reads: [['inputs', 'a.example/b', 'c']],
    gives: [['inputs', 'a.example/b', 'c']],
  },
  'a path with names of JavaScript': {
    reads: [['inputs', 'constructor', '__proto__']],
    gives: [['inputs', 'constructor', '__proto__']],
  },
  'a path twice': { reads: [['inputs', 'a']] },
  'paths in an operation': {
    reads: [
      ['inputs', 'a'],
      ['steps', 'b', 'c'],
    ],
  },
  'paths in all branches': {
    reads: [
      ['inputs', 'a'],
      ['inputs', 'b'],
      ['inputs', 'c'],
    ],
    gives: [
      ['inputs', 'b'],
      ['inputs', 'c'],
    ],
  },
  'a computed key ends a path': {
    reads: [
      ['inputs', 'map'],
      ['inputs', 'key'],
    ],
  },
  'a question after a path': { reads: [['inputs', 'a', 'b']], tests: [['inputs', 'a', 'b']] },
  'a variable is not of the scope': { reads: [['inputs', 'list']] },
  'a variable that hides a name': { reads: [['steps', 'list']] },
  'paths inside a loop': {
    reads: [
      ['inputs', 'list'],
      ['inputs', 'factor'],
    ],
  },
  'an argument of a function': { reads: [['inputs', 'name']] },
  'paths in lists and mappings': {
    reads: [
      ['inputs', 'a'],
      ['inputs', 'b'],
    ],
  },
} as const satisfies Readonly<Record<string, Reading>>;

export type ReadingCase = keyof typeof readingCases;
