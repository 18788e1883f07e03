import type { Difference } from '../contracts/run-report.js';
import { getAt, getKey, isObject, type JsonObject } from '../model/json.js';
import type { Path } from '../model/path.js';
import { lastAppliedOf } from './last-applied.js';
import { pointerTo, recordedSetOnce } from './set-once.js';

/**
 * The fields that the last target set, that this one does not, and that the resource still has: what an apply takes away
 * in a store that knows the owners of fields. What was only meant for a new resource is not among them.
 */
export function droppedFields(target: JsonObject, actual: JsonObject): readonly Difference[] {
  const recorded = lastAppliedOf(actual);
  if (recorded === undefined) return [];
  const kept = new Set(recordedSetOnce(actual));
  const differences: Difference[] = [];
  const visit = (before: JsonObject, now: JsonObject, path: Path, pointer: string): void => {
    for (const key of Object.keys(before)) {
      const at = [...path, key];
      const place = pointerTo(pointer, key);
      const present = getAt(actual, at);
      if ((present ?? null) === null || kept.has(place) || isOwnerReferences(at)) continue;
      const [was, wanted] = [getKey(before, key), getKey(now, key)];
      if (isObject(was) && (wanted === undefined || isObject(wanted)) && Object.keys(was).length > 0) {
        visit(was, wanted ?? {}, at, place);
      } else if (wanted === undefined) {
        differences.push({ path: at, target: undefined, actual: present });
      }
    }
  };
  visit(recorded, target, [], '');
  return differences;
}

function isOwnerReferences([first, second, ...deeper]: Path): boolean {
  return first === 'metadata' && second === 'ownerReferences' && deeper.length === 0;
}
