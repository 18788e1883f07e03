import { Fault, noOverload } from '../fault.js';
import type { MacroName } from '../syntax/expression.js';
import { isMapping, keysOf } from '../values/mapping.js';
import { isList, itemAt, type List, lengthOf } from '../values/sequence.js';
import { typeName } from '../values/type-name.js';
import type { Value } from '../values/value.js';
import type { Evaluate, Frame, Operation } from './frame.js';
import { attempt } from './logic.js';
import { stepsOf } from './operation.js';

/** What a step of an access does with the value so far. */
export type Apply = (value: Value, frame: Frame) => Value;

/** A macro whose parts are compiled. */
export interface CompiledMacro {
  readonly macro: MacroName;
  /** Where the variable is while the parts are evaluated. */
  readonly slot: number;
  readonly at: number;
  readonly test: Operation | undefined;
  readonly transform: Operation | undefined;
}

/** A `reduce` whose parts are compiled. */
export interface CompiledReduce {
  readonly slots: { readonly accumulator: number; readonly variable: number };
  readonly at: number;
  readonly initial: Operation;
  readonly body: Operation;
}

/** What a macro does with what it goes over. Each item costs at least one step. */
export function macroStep(macro: CompiledMacro): Apply {
  const each = eachItem(macro);
  const test = testOf(macro);
  switch (macro.macro) {
    case 'map':
    case 'filter':
      return mapStep(each, test, macro.transform?.evaluate);
    case 'all':
      return searchStep(each, test, false);
    case 'exists':
      return searchStep(each, test, true);
    case 'existsOne':
      return existsOneStep(each, test);
  }
}

/** `list.reduce(accumulator, variable, initial, body)`. */
export function reduceStep({ slots, initial, body, at }: CompiledReduce): Apply {
  const steps = stepsOf(body.size);
  return (range, frame) => {
    const items = itemsOf(range, frame, at);
    let accumulator = initial.evaluate(frame);
    for (let index = 0, end = lengthOf(items); index < end; index++) {
      frame.budget.spend(steps);
      frame.slots[slots.accumulator] = accumulator;
      frame.slots[slots.variable] = itemAt(items, index) ?? null;
      accumulator = body.evaluate(frame);
    }
    return accumulator;
  };
}

/** Goes over the items with the variable set; ends early when the visitor returns false. */
type Each = (range: Value, frame: Frame, visit: (item: Value) => boolean) => void;

function eachItem({ slot, at, test, transform }: CompiledMacro): Each {
  const steps = stepsOf((test?.size ?? 0) + (transform?.size ?? 0));
  return (range, frame, visit) => {
    const items = itemsOf(range, frame, at);
    for (let index = 0, end = lengthOf(items); index < end; index++) {
      frame.budget.spend(steps);
      const item = itemAt(items, index) ?? null;
      frame.slots[slot] = item;
      if (!visit(item)) return;
    }
  };
}

/** Whether the item that the variable holds passes. @throws Fault for a test that gives no bool */
type Test = (frame: Frame) => boolean;

function testOf({ test, at }: CompiledMacro): Test {
  if (test === undefined) return () => true;
  const { evaluate } = test;
  return (frame) => {
    const value = evaluate(frame);
    if (typeof value !== 'boolean') throw noOverload(`a test that gives ${typeName(value)}; it must give a bool`, at);
    return value;
  };
}

function mapStep(each: Each, test: Test, transform: Evaluate | undefined): Apply {
  return (range, frame) => {
    const result: Value[] = [];
    each(range, frame, (item) => {
      if (test(frame)) result.push(transform === undefined ? item : transform(frame));
      return true;
    });
    frame.budget.checkItems(result.length);
    return result;
  };
}

/** `all` and `exists`: an item that decides does so even when the test of another fails. */
function searchStep(each: Each, test: Test, deciding: boolean): Apply {
  return (range, frame) => {
    let failure: Fault | undefined;
    let decided = false;
    each(range, frame, () => {
      const outcome = attempt(test, frame);
      if (outcome instanceof Fault) failure ??= outcome;
      else decided = outcome === deciding;
      return !decided;
    });
    if (decided) return deciding;
    if (failure !== undefined) throw failure;
    return !deciding;
  };
}

function existsOneStep(each: Each, test: Test): Apply {
  return (range, frame) => {
    let count = 0;
    each(range, frame, () => {
      if (test(frame)) count++;
      return true;
    });
    return count === 1;
  };
}

/** What a macro goes over: the items of a list, the keys of a mapping. */
function itemsOf(range: Value, frame: Frame, at: number): List {
  if (isList(range)) return range;
  if (!isMapping(range))
    throw new Fault(`a value of type ${typeName(range)} cannot be gone over; it must be a list or a mapping`, at);
  const keys = keysOf(range);
  frame.budget.spend(keys.length);
  return keys;
}
