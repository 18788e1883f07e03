import type { Path } from '../kernel/index.js';

/** One thing in a configuration that cannot be: where, and in a person's words what to do. */
export interface Misfit {
  /** As {@link Problem} has it: `schema`, `reference-missing`, `duplicate-name`, `plugin`. */
  readonly code: string;
  readonly path: Path;
  readonly message: string;
  /** Whether it is the key at the path that is wrong, and not the value. */
  readonly isKey?: boolean;
}
