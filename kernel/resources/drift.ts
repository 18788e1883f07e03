import type { Difference } from '../contracts/run-report.js';
import { equalJson, getAt, type JsonObject } from '../model/json.js';
import type { Path } from '../model/path.js';
import { stripDirectives } from './directives.js';
import { lastAppliedOf, recordOn } from './last-applied.js';
import { hashSecret, isSecretPath } from './secret.js';

/**
 * Whether somebody else brought all the differences about: in each of their places the target says what was last applied.
 * False when nothing is on record; then nobody knows who changed what.
 * @param record what would be put on record of the target; when that is there already, no place needs to be looked at
 */
export function isDrift(
  differences: readonly Difference[],
  target: JsonObject,
  actual: JsonObject,
  record: string,
): boolean {
  if (differences.length === 0) return false;
  if (recordOn(actual) === record) return true;
  const recorded = lastAppliedOf(actual);
  if (recorded === undefined) return false;
  return differences.every(({ path }) => {
    const isSecret = isSecretPath(target.kind, path);
    const place = isSecret ? outsideOfLists(path) : path;
    const wanted = stripDirectives(getAt(target, place) ?? null);
    return equalJson(isSecret ? hashSecret(wanted, target) : wanted, getAt(recorded, place) ?? null);
  });
}

/** A list in a Secret has one hash for all of it. */
function outsideOfLists(path: Path): Path {
  const index = path.findIndex((segment) => typeof segment === 'number');
  return index < 0 ? path : path.slice(0, index);
}
