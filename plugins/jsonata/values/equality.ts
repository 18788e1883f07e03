import { hasKey } from '../../../kernel/plugin.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import { isFunctionValue, type Value } from './kinds.js';

/** Deep equality as `=` of JSONata has it. What is compared is counted. */
export function equalValues(a: Value, b: Value, evaluation: Evaluation): boolean {
  evaluation.spend(2);
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isFunctionValue(a) || isFunctionValue(b)) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => equalValues(item, b[index], evaluation));
  }
  return equalMappings(a as Record<string, Value>, b as Record<string, Value>, evaluation);
}

function equalMappings(
  a: Readonly<Record<string, Value>>,
  b: Readonly<Record<string, Value>>,
  evaluation: Evaluation,
): boolean {
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  evaluation.spend(4 + 2 * keys.length);
  return keys.every((key) => hasKey(b, key) && equalValues(a[key], b[key], evaluation));
}
