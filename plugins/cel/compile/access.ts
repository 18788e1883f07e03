import type { Access, CallStep, Expression, MacroStep, ReduceStep, Step } from '../syntax/expression.js';
import { callOperation } from './call.js';
import type { Compiler } from './compiler.js';
import type { Operation } from './frame.js';
import { type Apply, macroStep, reduceStep } from './macro.js';
import { indexOperation, selectOperation } from './member.js';
import { anyOperation } from './operation.js';
import { pathOperation } from './scope-path.js';
import { bind, boundTo, type Variables } from './variables.js';
import { constantPath, writtenOwner } from './written-path.js';

/** A value and the steps on it. Fields that are read from the scope in a row are read in one go. */
export function accessOperation(compiler: Compiler, { base, steps }: Access, variables?: Variables): Operation {
  let [operation, done] = start(compiler, base, steps, variables);
  for (; done < steps.length; done++) {
    const step = steps[done];
    const owner = writtenOwner(base, steps.slice(0, done));
    if (step !== undefined) operation = stepOperation(compiler, operation, step, { owner, variables });
  }
  return operation;
}

/** What an access begins with, and how many of its steps that takes. */
function start(
  compiler: Compiler,
  base: Expression,
  steps: readonly Step[],
  variables: Variables | undefined,
): [operation: Operation, done: number] {
  const [first] = steps;
  if (base.kind !== 'identifier' || boundTo(base, variables) !== undefined)
    return [compiler.compile(base, variables), 0];
  if (first?.kind === 'call' && compiler.functions.standard.has(`${base.name}.${first.name}`)) {
    return [qualifiedCall(compiler, base.name, first, variables), 1];
  }
  const path = constantPath(base, steps) ?? [base.name];
  return [pathOperation(path, base.at), path.length - 1];
}

/** A function with a dot in its name, such as `strings.quote`. */
function qualifiedCall(
  compiler: Compiler,
  prefix: string,
  call: CallStep,
  variables: Variables | undefined,
): Operation {
  const args = compiler.compileAll(call.args, variables);
  return callOperation(compiler.functions, `${prefix}.${call.name}`, args, call.at);
}

interface StepContext {
  /** What the author wrote before the step, for messages. */
  readonly owner: string;
  readonly variables: Variables | undefined;
}

function stepOperation(compiler: Compiler, receiver: Operation, step: Step, context: StepContext): Operation {
  const { variables, owner } = context;
  switch (step.kind) {
    case 'select':
      return selectOperation(receiver, step.field, { at: step.at, owner });
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
