import { type Budget, isList, type Json, textSteps } from '../../kernel/plugin.js';
import { Fault } from './fault.js';

/**
 * Goes through a value that is to be a result, as whoever gets it will. It is JSON already; one value may stand in it
 * many times. @throws Fault for a number that JSON does not have; LimitExceededError
 */
export function checkResult(value: Json, budget: Budget): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Fault('JSON has no number for infinity, or for what is not a number');
  }
  if (typeof value === 'string') budget.spend(textSteps(value.length) - 1);
  if (typeof value !== 'object' || value === null) return;
  const items = isList(value) ? value : Object.values(value);
  budget.spend(items.length);
  for (const item of items) checkResult(item, budget);
}
