import type { Expression, Path, Predicate, Program, Template } from '../../kernel/index.js';
import { type Origins, startsWith } from './origins.js';
import type { Shape, ShapeType } from './shape.js';

/** Where the expressions of one definition, or of one step of one, are seen. */
export interface Reader {
  readonly scope: Origins;
  /** The paths whose presence any expression of the definition asks after: all that is read of them may be missing. */
  readonly tested: readonly Path[];
  /** Whether it may never come to the reading, so that what is read may be missing. */
  readonly mayBeSkipped: boolean;
  /** For people. */
  readonly name: string;
}

/** How an expression's value is used. */
export interface Use {
  /** Passes on what it gives as it is: who receives that says what is read of it. */
  readonly passesOn?: true;
  /** Only decides: the presence that it asks after is all that it wants to know. */
  readonly decides?: true;
  readonly type?: ShapeType;
}

/** Takes note in a trigger's shape of what expressions read of it. */
export class ReadCollector {
  readonly #shape: Shape;

  /** @param shape of the trigger as a whole */
  constructor(shape: Shape) {
    this.#shape = shape;
  }

  template(template: Template | undefined, reader: Reader, use: Use = {}): void {
    for (const { path, expression } of template?.expressions ?? []) {
      const { type, ...how } = use;
      // A type is that of the whole, not of a part.
      this.program(expression.program, reader, path.length === 0 ? use : how);
    }
  }

  expression(expression: Expression | undefined, reader: Reader, use: Use = {}): void {
    if (expression !== undefined) this.program(expression.program, reader, use);
  }

  predicates(predicates: readonly Predicate[], reader: Reader): void {
    for (const { assert, verdict } of predicates) {
      this.expression(assert, reader, { decides: true, type: 'boolean' });
      if (verdict.type !== 'ok') this.template(verdict.message, reader, { type: 'string' });
    }
  }

  program({ gives = [], reads, tests = [] }: Program, reader: Reader, { decides, passesOn, type }: Use): void {
    const { name, scope } = reader;
    for (const path of reads) {
      // Of several that it may give, it reads one.
      const needed = gives.length > 1 && includes(gives, path) ? 0 : neededOf(path, reader);
      const passed = passesOn === true && includes(gives, path);
      const whole = !passed && !(decides && includes(tests, path));
      for (const origin of scope(path)) {
        const reader = passed ? {} : { reader: name };
        this.#shape.read(origin.path, { needed: Math.min(needed, origin.named), whole, ...reader });
      }
    }
    if (type === undefined) return;
    for (const path of gives) for (const origin of scope(path)) this.#shape.use(origin.path, type);
  }
}

/** How many of the last segments of a path have to be there: those after what is asked after, or else all. */
function neededOf(path: Path, { mayBeSkipped, tested }: Reader): number {
  const asked = tested.filter((test) => startsWith(path, test)).map(({ length }) => length);
  if (asked.length > 0) return path.length - Math.max(...asked);
  return mayBeSkipped ? 0 : path.length;
}

function includes(paths: readonly Path[], path: Path): boolean {
  return paths.some((one) => one.length === path.length && startsWith(one, path));
}
