import type { Access, Expression, MacroStep, ReduceStep, SelectStep, Step } from '../syntax/expression.js';
import { callOperation } from './call.js';
import type { Compiler } from './compiler.js';
import type { Operation } from './frame.js';
import { type Apply, macroStep, reduceStep } from './macro.js';
import { type CompiledField, fieldsOperation, indexOperation } from './member.js';
import { anyOperation } from './operation.js';
import { pathOperation } from './scope-path.js';
import { bind, boundTo, type Variables } from './variables.js';
import { constantPath, writtenOwner } from './written-path.js';

/** A value and the steps on it. Fields in a row are read in one go. */
export function accessOperation(compiler: Compiler, { base, steps }: Access, variables?: Variables): Operation {
  let [operation, done] = start(compiler, base, steps, variables);
  while (done < steps.length) {
    const fields = fieldsFrom(base, steps, done);
    const step = steps[done];
    if (fields.length > 0) {
      operation = fieldsOperation(operation, fields);
      done += fields.length;
    } else if (step !== undefined && step.kind !== 'select') {
      operation = stepOperation(compiler, operation, step, { owner: ownerOf(base, steps, done), variables });
      done++;
    }
  }
  return operation;
}

/** The fields that are asked for in a row, from a step on. */
function fieldsFrom(base: Expression, steps: readonly Step[], from: number): readonly CompiledField[] {
  const fields: CompiledField[] = [];
  for (let step = steps[from]; step?.kind === 'select'; step = steps[from + fields.length]) {
    const place = { at: step.at, owner: ownerOf(base, steps, from + fields.length) };
    fields.push({ field: step.field, place });
  }
  return fields;
}

/** Put together only when a message needs it. */
function ownerOf(base: Expression, steps: readonly Step[], before: number): () => string {
  return () => writtenOwner(base, steps.slice(0, before));
}

/** What an access begins with, and how many of its steps that takes. */
function start(
  compiler: Compiler,
  base: Expression,
  steps: readonly Step[],
  variables: Variables | undefined,
): [operation: Operation, done: number] {
  if (base.kind !== 'identifier' || boundTo(base, variables) !== undefined)
    return [compiler.compile(base, variables), 0];
  const path = constantPath(base.name, steps);
  return [pathOperation({ path, places: [base.at, ...steps.map((step) => step.at)] }), path.length - 1];
}

interface StepContext {
  /** What the author wrote before the step, for messages. */
  readonly owner: () => string;
  readonly variables: Variables | undefined;
}

function stepOperation(
  compiler: Compiler,
  receiver: Operation,
  step: Exclude<Step, SelectStep>,
  context: StepContext,
): Operation {
  const { variables, owner } = context;
  switch (step.kind) {
    case 'index':
      return indexOperation(receiver, compiler.compile(step.index, variables), { at: step.at, owner });
    case 'call':
      return callOperation(
        compiler.functions,
        step.name,
        [receiver, ...compiler.compileAll(step.args, variables)],
        step.at,
      );
    case 'macro':
      return macroOperation(compiler, receiver, step, variables);
    case 'reduce':
      return reduceOperation(compiler, receiver, step, variables);
  }
}

function macroOperation(
  compiler: Compiler,
  receiver: Operation,
  { macro, variable, test, transform, at }: MacroStep,
  outer: Variables | undefined,
): Operation {
  const inner = bind(variable, outer, receiver);
  const compiledTest = test && compiler.compile(test, inner);
  const compiledTransform = transform && compiler.compile(transform, inner);
  const apply = macroStep({ macro, slot: inner.slot, at, test: compiledTest, transform: compiledTransform });
  const parts = [receiver, compiledTest, compiledTransform].filter((part) => part !== undefined);
  const operation = anyOperation(applied(receiver, apply), parts);
  switch (macro) {
    case 'map':
    case 'filter':
      return { ...operation, plain: (compiledTransform ?? receiver).plain };
    default:
      return { ...operation, plain: true, borrowed: true };
  }
}

function reduceOperation(
  compiler: Compiler,
  receiver: Operation,
  step: ReduceStep,
  outer: Variables | undefined,
): Operation {
  const accumulator = bind(step.accumulator, outer, { plain: false });
  const variable = bind(step.variable, accumulator, receiver);
  const initial = compiler.compile(step.initial, outer);
  const body = compiler.compile(step.body, variable);
  const slots = { accumulator: accumulator.slot, variable: variable.slot };
  return anyOperation(applied(receiver, reduceStep({ slots, initial, body, at: step.at })), [receiver, initial, body]);
}

function applied(receiver: Operation, apply: Apply): Operation['evaluate'] {
  return (frame) => apply(receiver.evaluate(frame), frame);
}
