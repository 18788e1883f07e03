import type { Json, Path } from 'koreo-kernel/plugin';

/** What stands in a hole: a path into the scope, or a constant. Offsets (`at`) are in the source. */
export type Value =
  | { readonly type: 'path'; readonly path: Path; readonly at: number }
  | { readonly type: 'constant'; readonly value: Json };

/** A function of the library, which gets what is left of the bar as its first argument. */
export interface Call {
  readonly name: string;
  readonly args: readonly Value[];
  readonly at: number;
}

/** `{{ value ?? otherwise | function(argument, …) | … }}` */
export interface Hole {
  readonly type: 'hole';
  readonly value: Value;
  /** What stands in for a value that is not there, or null. */
  readonly otherwise?: Value;
  readonly calls: readonly Call[];
  readonly at: number;
}

/** A template is text and holes, in turn. */
export type Part = { readonly type: 'text'; readonly text: string } | Hole;
