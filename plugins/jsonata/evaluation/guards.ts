import { ExpressionEvaluationError, LimitExceededError } from '../../../kernel/plugin.js';
import { Fault } from '../fault.js';
import type { Node } from '../syntax/node.js';
import { isFunctionValue, isMapping, kindOf, reservedKey, unwrapped, type Value } from '../values/kinds.js';
import type { Evaluation } from './evaluation.js';

/** What evaluating one node costs: JSONata's evaluator awaits several promises for each. */
const STEPS_PER_NODE = 4;

/** What partial application costs, for which JSONata parses a function anew, and keeps its tree. */
const STEPS_PER_PARTIAL = 200;

/** How many items of a list may be looked at by whatever is given it, for the price of one step. */
const ITEMS_PER_STEP = 256;

/** How many items of a list may be copied when one is made, likewise. */
const COPIES_PER_STEP = 16;

/** How many characters of a text may be looked at, likewise. */
const CHARACTERS_PER_STEP = 1024;

/** JSONata's order-by keeps copies of what is left at each comparison, so long lists would need all memory. */
const MOST_SORT_TERMS = 60_000;

/** A function that is handed on is wrapped once more each time, and each call goes through all of it. */
const MOST_HANDED_ON = 100;

/** Grouping tuples joins lists one item after the other, without ever giving others a turn. */
const MOST_GROUPED_TUPLES = 10_000;

/**
 * What is looked at before a node is evaluated on an input. Gives a promise when the event loop should have a turn.
 * @throws LimitExceededError, Fault
 */
export function beforeNode(node: Node, input: Value, evaluation: Evaluation): Promise<void> | undefined {
  if (evaluation.ended) throw new Fault('the evaluation is over');
  const { inFlight } = evaluation;
  const already = inFlight.get(node) ?? 0;
  // Deleted first, so that it stands at the end.
  if (already > 0) inFlight.delete(node);
  inFlight.set(node, already + 1);
  evaluation.spend(node.type === 'partial' ? STEPS_PER_PARTIAL : STEPS_PER_NODE);
  if (node.role !== undefined) checkRole(node, evaluation);
  if (typeof input === 'object' && input !== null) checkInput(node, input, evaluation);
  return evaluation.turn();
}

/**
 * What is looked at when a node gave a result, before anything else sees it.
 * @throws LimitExceededError, Fault
 */
export function afterNode(node: Node, input: Value, evaluation: Evaluation, result: Value): void {
  switch (typeof result) {
    case 'number':
      if (!Number.isFinite(result)) throw new Fault('the result is not a number that JSON has', node);
      break;
    case 'string':
      if (result.length >= CHARACTERS_PER_STEP) evaluation.spend(Math.floor(result.length / CHARACTERS_PER_STEP));
      break;
    case 'object':
      if (result !== null) checkResult(node, evaluation, result);
      break;
    default:
  }
  if (node.role !== undefined) checkRoleResult(node, input, evaluation, unwrapped(result));
  if (isNothing(result)) evaluation.gaveNothing.add(node);
  else if (evaluation.gaveNothing.size > 0) evaluation.gaveNothing.delete(node);
  leave(node, evaluation);
}

/** Whether JSONata makes nothing of the result: an empty sequence is none, an empty list of the scope is a value. */
function isNothing(result: Value): boolean {
  return result === undefined || (Array.isArray(result) && result.length === 0 && 'sequence' in result);
}

function leave(node: Node, { inFlight }: Evaluation): void {
  const count = inFlight.get(node) ?? 0;
  if (count <= 1) inFlight.delete(node);
  else inFlight.set(node, count - 1);
}

function checkRole(node: Node, evaluation: Evaluation): void {
  switch (node.role) {
    case 'sort-term':
      if (evaluation.visit(node) > MOST_SORT_TERMS) {
        throw new Fault('the list is too long to be ordered with `^(…)`; use `$sort`');
      }
      break;
    case 'group-key':
      // Grouping copies a group for each item that is added to it.
      evaluation.spend(evaluation.visit(node) >> 12);
      break;
    case 'tuple-group-key':
      if (evaluation.visit(node) > MOST_GROUPED_TUPLES) {
        throw new Fault('the list is too long to be grouped together with `@`, `#` or `%`');
      }
      break;
    default:
  }
}

function checkInput(node: Node, input: object, evaluation: Evaluation): void {
  if (Array.isArray(input)) {
    // A name is looked up in all items, and in those of lists among them.
    if (node.type === 'name') evaluation.spend(Math.floor(evaluation.sizeOf(input) / 16));
    // JSONata would put something into the list, which may be one of the scope.
    if (node.type === 'unary' && node.value === '{' && input.length === 0) {
      throw new Fault('an object cannot be made from an empty list', node);
    }
    return;
  }
  refuseReserved(input, node);
}

function checkResult(node: Node, evaluation: Evaluation, result: object): void {
  if (!Array.isArray(result)) {
    refuseReserved(result, node);
    return;
  }
  const isMade = 'sequence' in result || node.type === 'unary' || node.type === 'binary' || node.type === 'function';
  if (isMade) evaluation.budget.checkItems(result.length);
  // A list costs when it is made, and less whenever it is seen again.
  if (isMade && !evaluation.isKnown(result)) evaluation.spend(Math.floor(result.length / COPIES_PER_STEP));
  evaluation.spend(Math.floor(evaluation.sizeOf(result) / ITEMS_PER_STEP));
}

function refuseReserved(mapping: object, node: Node): void {
  const key = reservedKey(mapping);
  if (key !== undefined) {
    throw new Fault(`JSONata cannot work on a mapping with the key \`${key}\`, a name that it keeps for itself`, node);
  }
}

function checkRoleResult(node: Node, input: Value, evaluation: Evaluation, result: Value): void {
  switch (node.role) {
    case 'argument':
      if (typeof result === 'function') checkHandingOn(node, evaluation);
      break;
    case 'procedure':
      if (result !== undefined && !isFunctionValue(result)) {
        throw new Fault(`a value of type ${kindOf(result)} cannot be called; only functions can`, node);
      }
      break;
    case 'pattern':
      for (const match of Array.isArray(result) ? result : [result]) {
        // JSONata changes what the pattern gives in place; that may be nothing but parts of the copy that it made.
        if (match === undefined) continue;
        if (typeof match !== 'object' || match === null || !evaluation.clones.has(match)) {
          throw new Fault('a transform can change only mappings inside of what it is given', node);
        }
      }
      break;
    case 'update':
      if (result !== undefined && (!isMapping(result) || !isMapping(input))) {
        throw new Fault(`the update of a transform must be a mapping, not ${kindOf(result)}`, node);
      }
      break;
    default:
  }
}

function checkHandingOn({ call }: Node, { handingOn, inFlight }: Evaluation): void {
  if (call === undefined) return;
  handingOn.add(call);
  let depth = 0;
  for (const handing of handingOn) depth += inFlight.get(handing) ?? 0;
  if (depth > MOST_HANDED_ON) throw new Fault('a function is handed on too deeply from function to function');
}

/** What it means that JSONata refused a list of so many items: that the budget is at an end, or that JSONata has no longer ones. */
export function tooManyItems(evaluation: Evaluation, items: number): Error {
  try {
    evaluation.budget.checkItems(items);
  } catch (error) {
    if (error instanceof LimitExceededError) return error;
  }
  return new ExpressionEvaluationError('the list is longer than JSONata can work with');
}
