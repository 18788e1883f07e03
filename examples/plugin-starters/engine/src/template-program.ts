import {
  type Budget,
  checkArguments,
  ExpressionEvaluationError,
  FunctionError,
  type FunctionLibrary,
  formatPath,
  getAt,
  type Json,
  type Path,
  type Program,
  positionAt,
  type Scope,
  typeName,
} from 'koreo-kernel/plugin';
import type { Call, Hole, Part, Value } from './template.js';

/** A template that has been read. It keeps nothing between evaluations, so that all who have the same source share it. */
export class TemplateProgram implements Program {
  readonly reads: readonly Path[];
  readonly tests: readonly Path[];
  readonly gives: readonly Path[];

  constructor(
    readonly source: string,
    private readonly parts: readonly Part[],
    private readonly library: FunctionLibrary,
  ) {
    const holes = parts.filter((part) => part.type === 'hole');
    this.reads = holes.flatMap(({ value, otherwise, calls }) => [
      ...pathsOf(value, otherwise),
      ...calls.flatMap(({ args }) => pathsOf(...args)),
    ]);
    this.tests = holes.flatMap(({ value, otherwise }) => (otherwise === undefined ? [] : pathsOf(value)));
    this.gives = holes.flatMap(({ value, otherwise, calls }) =>
      parts.length === 1 && calls.length === 0 ? pathsOf(value, otherwise) : [],
    );
  }

  /** A template that is one hole gives the value as it is; any other gives text. */
  evaluate(scope: Scope, budget: Budget): Json {
    const [only, ...more] = this.parts;
    if (only?.type === 'hole' && more.length === 0) return this.#fill(only, scope, budget);
    let text = '';
    for (const part of this.parts) {
      const next = part.type === 'text' ? part.text : this.#text(part, this.#fill(part, scope, budget));
      budget.checkString(text.length + next.length);
      budget.spend(next.length);
      text += next;
    }
    return text;
  }

  #fill({ value, otherwise, calls }: Hole, scope: Scope, budget: Budget): Json {
    budget.spend(1);
    const isMissing = (find(value, scope) ?? null) === null;
    const found = otherwise !== undefined && isMissing ? otherwise : value;
    return calls.reduce((result, call) => this.#call(call, result, scope, budget), this.#read(found, scope));
  }

  #read(value: Value, scope: Scope): Json {
    const found = find(value, scope);
    if (found !== undefined) return found;
    // Only paths can be missing. Messages name them, and never what is in the scope.
    const { path, at } = value as Extract<Value, { type: 'path' }>;
    throw this.#fault(`\`${formatPath(path)}\` is not there`, at);
  }

  #call({ name, args, at }: Call, first: Json, scope: Scope, budget: Budget): Json {
    const definition = this.library.get(name);
    if (definition === undefined) throw this.#fault(`there is no function \`${name}\``, at);
    const all = [first, ...args.map((arg) => this.#read(arg, scope))];
    budget.spend(1);
    try {
      checkArguments(definition, all);
      return definition.call(all, budget);
    } catch (error) {
      if (error instanceof FunctionError) throw this.#fault(error.message, at);
      throw error;
    }
  }

  #text({ at }: Hole, value: Json): string {
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw this.#fault(`${typeName(value)} is not text; \`| to_json\` writes it as JSON`, at);
  }

  #fault(message: string, at: number): ExpressionEvaluationError {
    return new ExpressionEvaluationError(message, positionAt(this.source, at));
  }
}

/** Own keys only: `constructor` is a key like any other. */
function find(value: Value, scope: Scope): Json | undefined {
  return value.type === 'constant' ? value.value : getAt(scope, value.path);
}

function pathsOf(...values: readonly (Value | undefined)[]): readonly Path[] {
  return values.flatMap((value) => (value?.type === 'path' ? [value.path] : []));
}
