import type { Json, JsonObject } from 'koreo-kernel';

/** One expression that is measured, as each language says it. */
export interface Line {
  /** By this name the original's figures are found. */
  readonly name: string;
  /** The names in scope. */
  readonly inputs: JsonObject;
  /** What it gives, in every language. */
  readonly gives: Json;
  /** In CEL: an expression, or a structure with expressions among its leaves. */
  readonly cel: Json;
  /** In the dialect of cel-js, where that says it in another way. */
  readonly celJs?: Json;
  /** The same in JSONata. */
  readonly jsonata: Json;
  /** The same as a careful person would write it by hand: the limit. */
  readonly javascript: (scope: Scope) => Json;
}

/** What is in scope, as hand-written code sees it: whoever writes it knows the shape, and need not look. */
// biome-ignore lint/suspicious/noExplicitAny: hand-written JavaScript is what is measured here
export type Scope = any;
