import type { ExpressionEngine, Json } from '../../../plugin.js';
import type { BudgetCase } from './budget-cases.js';
import type { FaultCase, SyntaxCase } from './fault-cases.js';
import type { ReadingCase } from './reading-cases.js';
import type { SharedCase } from './shared-cases.js';

/** What a language cannot say, and why or what to do instead. Its documentation can be made from these. */
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
 * An entry for each case; or for those of which the language has words, and `others` with why it has none for the rest:
 *
 *     shared: { 'a member': '{{ inputs.name }}', others: { lacks: 'holes are filled, and nothing is computed' } }
 */
export type Entries<Case extends string, Entry> =
  | Readonly<Record<Case, Entry | Lacks>>
  | (Readonly<Partial<Record<Case, Entry | Lacks>>> & { readonly others: Lacks });

/**
 * How one language spells what the contract asks about. Every case has its entry, so that none is passed over in silence:
 * what a language lacks, or does otherwise, is said in the entry.
 */
export interface Dialect {
  /** The language, for titles and messages. */
  readonly name: string;
  /** An engine with the limits on sources that it keeps to when the kernel gives none: those of the kernel. */
  engine(): ExpressionEngine;

  /**
   * A whole source around an expression, `{{ … }}` in a language of templates, that gives the value of the expression as it is.
   * Absent where an expression is a source. What `call`, `member`, `memberAt`, `has` and `text` give, and the names of the
   * scope, are expressions; all sources of entries are whole ones.
   */
  whole?(expression: string): string;
  /** A call of a library function. Undefined for one that cannot be written, such as one without arguments. */
  call(name: string, args: readonly string[]): string | undefined;
  /** A member of what another expression gives, by a name that is written out and may be any text. */
  member(owner: string, name: string): string;
  /** A member by a key that another expression gives. */
  memberAt(owner: string, key: string): string;
  /** Whether a member is there, `true` or `false`. Absent, or undefined, where the language cannot ask. */
  has?(owner: string, name: string): string | undefined;
  /** A text as the language writes it. */
  text(value: string): string;
  /** An expression in brackets, which change nothing. Absent where the language has none. */
  brackets?(expression: string): string;

  /** Names of JavaScript by which the language has functions of its own, such as `length`. */
  readonly functions?: readonly string[];
  /**
   * Expressions that give each kind of value that the language has, its functions and patterns too: nothing of JavaScript may be
   * reached from any. The scope has `inputs` with `text`, `number`, `list` and `mapping`.
   */
  readonly owners: readonly string[];
  /** One meaning each, over the scope of {@link sharedScope}: its value is known, and the same in all languages. */
  readonly shared: Entries<SharedCase, string | Differs>;
  /** Calls that other languages refuse, where this one has a function of its own of that name which takes more. */
  readonly calls?: readonly DifferingCall[];
  /** What a program reads is known from its source; see {@link readingCases} for which paths each reads. */
  readonly reading: Entries<ReadingCase, string>;
  /** Why a program of this language does not tell what it tests or gives, where it does not. */
  readonly untold?: { readonly tests?: string; readonly gives?: string };
  /** How deep brackets may stand inside one another where that is less than the kernel's limit, and why. */
  readonly nesting?: { readonly levels: number } & Lacks;
  /** Sources that are no expressions, and where the fault is told. */
  readonly syntax: Entries<SyntaxCase, Faulty>;
  /** Expressions that fail over the scope of {@link secretScope}, which no message may quote, and where. */
  readonly faults: Entries<FaultCase, Faulty>;
  /** Expressions that would do too much over the scope of {@link budgetScope}. */
  readonly budgets: Entries<BudgetCase, string>;
}

/** What the dialect says of a case. @throws Error when it says nothing */
export function entryOf<Case extends string, Entry>(entries: Entries<Case, Entry>, name: Case): Entry | Lacks {
  const all = entries as Readonly<Partial<Record<Case | 'others', Entry | Lacks>>>;
  const entry = Object.hasOwn(all, name) ? all[name] : all.others;
  if (entry !== undefined) return entry;
  throw new Error(
    `the dialect says nothing of '${name}': spell it, or say \`{ lacks: 'why' }\` of it or of \`others\``,
  );
}
