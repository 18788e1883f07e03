import type { Budget } from '../../../kernel/plugin.js';
import { Fault, noOverload } from '../fault.js';
import type { BinaryOperator } from '../syntax/expression.js';
import { equals } from '../values/equality.js';
import { isMapping, valueAt } from '../values/mapping.js';
import { compare } from '../values/order.js';
import { isList, itemAt, lengthOf } from '../values/sequence.js';
import { typeName } from '../values/type-name.js';
import type { Value } from '../values/value.js';
import { add, arithmetic, subtract } from './arithmetic.js';
import type { Operation } from './frame.js';
import { isKey, spendKey } from './member.js';
import { anyOperation, scalarOperation } from './operation.js';

type Binary = (a: Value, b: Value, budget: Budget) => Value;

/** One operator of a chain with its right operand. */
export interface Link {
  readonly operator: BinaryOperator;
  readonly operand: Operation;
  /** Where the operator stands in the source. */
  readonly at: number;
}

/** Operators of one precedence, applied from left to right without recursion. */
export function chainOperation(first: Operation, links: readonly Link[]): Operation {
  const parts = [first, ...links.map((link) => link.operand)];
  const [only] = links;
  const make = links.every((link) => isRelation(link.operator)) ? scalarOperation : anyOperation;
  if (only !== undefined && links.length === 1) return make(pair(first, only), parts);
  const rest = links.map(({ operator, operand, at }) => ({ apply: BINARY[operator], evaluate: operand.evaluate, at }));
  return make((frame) => {
    let value = first.evaluate(frame);
    for (const { apply, evaluate, at } of rest) value = applied(apply, value, evaluate(frame), frame.budget, at);
    return value;
  }, parts);
}

function pair(first: Operation, { operator, operand, at }: Link): Operation['evaluate'] {
  const left = first.evaluate;
  const right = operand.evaluate;
  const apply = BINARY[operator];
  return (frame) => applied(apply, left(frame), right(frame), frame.budget, at);
}

function applied(apply: Binary, a: Value, b: Value, budget: Budget, at: number): Value {
  try {
    return apply(a, b, budget);
  } catch (error) {
    throw error instanceof Fault && error.at === undefined ? new Fault(error.message, at) : error;
  }
}

const BINARY: Readonly<Record<BinaryOperator, Binary>> = {
  '+': add,
  '-': subtract,
  '*': (a, b) => arithmetic('*', a, b),
  '/': (a, b) => arithmetic('/', a, b),
  '%': (a, b) => arithmetic('%', a, b),
  '==': equals,
  '!=': (a, b, budget) => !equals(a, b, budget),
  '<': (a, b, budget) => order('<', a, b, budget) < 0,
  '<=': (a, b, budget) => order('<=', a, b, budget) <= 0,
  '>': (a, b, budget) => order('>', a, b, budget) > 0,
  '>=': (a, b, budget) => order('>=', a, b, budget) >= 0,
  in: contains,
};

function isRelation(operator: BinaryOperator): boolean {
  switch (operator) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return false;
    default:
      return true;
  }
}

function order(operator: BinaryOperator, a: Value, b: Value, budget: Budget): number {
  const result = compare(a, b, budget);
  if (result === undefined) throw noOverload(`${typeName(a)} ${operator} ${typeName(b)}`);
  return result;
}

/** `item in list`, `key in mapping`. */
function contains(item: Value, container: Value, budget: Budget): boolean {
  if (isList(container)) {
    for (let index = 0, end = lengthOf(container); index < end; index++) {
      budget.spend(1);
      if (equals(itemAt(container, index) ?? null, item, budget)) return true;
    }
    return false;
  }
  if (isMapping(container) && isKey(item)) {
    spendKey(item, budget);
    return valueAt(container, item) !== undefined;
  }
  throw noOverload(`${typeName(item)} in ${typeName(container)}`);
}
