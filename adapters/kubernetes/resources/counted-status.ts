import { isList, isObject, type Json, type JsonObject } from '../../../kernel/index.js';

/**
 * A status for an object that has no part of its own for it: there, writing the status makes a new generation as well, so
 * what was true of the generation that was read is true of the one that the write makes. Without this, such a condition
 * would be of an older generation for ever, and `kubectl wait` would wait for ever. If somebody else's change comes in
 * between, the condition is of an older generation, as it should be.
 */
export function countedStatus(status: JsonObject): JsonObject {
  const { conditions } = status;
  if (!isList(conditions)) return status;
  const newest = Math.max(...conditions.map(generationOf));
  return {
    ...status,
    // Conditions of others keep what they say, but where they say the same.
    conditions: conditions.map((one) =>
      isObject(one) && generationOf(one) === newest && Number.isFinite(newest)
        ? { ...one, observedGeneration: newest + 1 }
        : one,
    ),
  };
}

function generationOf(condition: Json): number {
  const seen = isObject(condition) ? condition.observedGeneration : undefined;
  return typeof seen === 'number' ? seen : Number.NEGATIVE_INFINITY;
}
