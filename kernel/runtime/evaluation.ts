import type { RunBudget } from '../contracts/budget.js';
import type { Scope } from '../contracts/expression-engine.js';
import type { Locals } from '../language/definition.js';
import type { Expression, Template } from '../language/template.js';
import { KoreoError } from '../model/errors.js';
import {
  andThen,
  isObject,
  type Json,
  type JsonObject,
  type MaybePromise,
  type MutableJsonObject,
  setKey,
  typeName,
} from '../model/json.js';
import type { SourceLocation } from '../model/location.js';
import { formatPath } from '../model/path.js';
import { firstOf } from './maybe-promise.js';

/** A part of a definition gave a value of a type that its place cannot use. */
export class WrongTypeError extends KoreoError {
  readonly code = 'wrong-type';

  constructor(
    readonly location: SourceLocation,
    expected: string,
    found: Json | undefined,
  ) {
    super(`${formatPath(location.path)} must give ${expected}, but it gives ${describe(found)}`);
  }
}

/** Evaluates what must give a mapping. @throws EvaluationError, WrongTypeError */
export function evaluateMapping(template: Template, scope: Scope, budget: RunBudget): MaybePromise<JsonObject> {
  return andThen(template.evaluate(scope, budget), (value) => {
    if (isObject(value)) return value;
    throw new WrongTypeError(template.location, 'a mapping', value);
  });
}

/** Evaluates what must give a string. @throws EvaluationError, WrongTypeError */
export function evaluateString(template: Template, scope: Scope, budget: RunBudget): MaybePromise<string> {
  return andThen(template.evaluate(scope, budget), (value) => {
    if (typeof value === 'string') return value;
    throw new WrongTypeError(template.location, 'a string', value);
  });
}

/** Evaluates what must give true or false. @throws EvaluationError, WrongTypeError */
export function evaluateBoolean(expression: Expression, scope: Scope, budget: RunBudget): MaybePromise<boolean> {
  return andThen(expression.evaluate(scope, budget), (value) => {
    if (typeof value === 'boolean') return value;
    throw new WrongTypeError(expression.location, 'a boolean', value);
  });
}

/** What locals and returns see: the inputs, and the locals once they are evaluated. */
export interface FunctionScope extends Scope {
  readonly inputs: JsonObject;
  readonly locals: JsonObject;
}

/** Evaluates the locals in their order, each seeing those before it. @throws EvaluationError */
export function evaluateLocals(locals: Locals, inputs: JsonObject, budget: RunBudget): MaybePromise<FunctionScope> {
  const values: MutableJsonObject = {};
  const scope: FunctionScope = { inputs, locals: values };
  const all = firstOf(locals.entries, ({ name, template }) =>
    andThen(template.evaluate(scope, budget), (value): undefined => setKey(values, name, value) as undefined),
  );
  return andThen(all, () => scope);
}

function describe(value: Json | undefined): string {
  if (value === '') return 'an empty string';
  return value === null || value === undefined ? 'null' : `a ${typeName(value)}`;
}
