import type { ExpressionEngine, Json } from 'koreo-kernel';
import type { BudgetCase } from './budget-cases.js';
import type { FaultCase, SyntaxCase } from './fault-cases.js';
import type { ReadingCase } from './reading-cases.js';
import type { SharedCase } from './shared-cases.js';

/** What a language cannot say, and why or what to do instead. Its documentation is made from these. */
export interface Lacks {
  readonly lacks: string;
}

/** An expression that means something else here than in the other languages: what, and why. Documentation too. */
export interface Differs {
  readonly source: string;
  /** The value here; without it the expression fails here. */
  readonly gives?: Json;
  readonly differs: string;
}

/** A call of a library function that fails in the other languages, and gives a value here: what, and why. */
export interface DifferingCall {
  readonly name: string;
  readonly args: readonly Json[];
  readonly gives: Json;
  readonly differs: string;
}

/** The place of a fault in its source: line and column, from 1. */
export type At = readonly [line: number, column: number];

/** A source that fails, and where. `unknown` where the engine cannot tell the place of what failed in evaluation. */
export interface Faulty {
  readonly source: string;
  readonly at: At | 'unknown';
}

/**
 * How one language spells what the contract asks about. Every case has its entry, so that none is passed over in silence:
 * what a language lacks, or does otherwise, is said in the entry.
 */
export interface Dialect {
  readonly name: string;
  /** An engine with the limits on sources that it keeps to when the kernel gives none. */
  engine(): ExpressionEngine;
  /** A call of a library function. */
  call(name: string, args: readonly string[]): string;
  /** A member of what another expression gives, by a name that is written out. */
  member(owner: string, name: string): string;
  /** A member by a key that an expression computes. */
  memberAt(owner: string, key: string): string;
  /** Whether a member is there; undefined where the language cannot ask. */
  has(owner: string, name: string): string | undefined;
  /** A text as the language writes it. */
  text(value: string): string;
  /** Names of JavaScript by which the language has functions of its own. */
  readonly functions?: readonly string[];
  /** Expressions that give each kind of value that the language has: nothing of JavaScript may be reached from any. */
  readonly owners: readonly string[];
  readonly shared: Readonly<Record<SharedCase, string | Lacks | Differs>>;
  /** Calls that other languages refuse, where this one has a function of its own of that name which takes more. */
  readonly calls?: readonly DifferingCall[];
  readonly reading: Readonly<Record<ReadingCase, string | Lacks>>;
  /** What a program of this language does not tell: `tests`, `gives`. */
  readonly untold: { readonly tests?: string; readonly gives?: string };
  /** How deep brackets may stand inside one another where that is less than the kernel's limit, and why. */
  readonly nesting?: { readonly levels: number } & Lacks;
  readonly syntax: Readonly<Record<SyntaxCase, Faulty | Lacks>>;
  readonly faults: Readonly<Record<FaultCase, Faulty | Lacks>>;
  readonly budgets: Readonly<Record<BudgetCase, string | Lacks>>;
}
