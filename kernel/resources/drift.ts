import type { Difference } from '../contracts/run-report.js';
import { equalJson, getAt, type JsonObject } from '../model/json.js';
import { stripDirectives } from './directives.js';
import { lastAppliedOf } from './last-applied.js';
import { hashSecret, isSecretPath } from './secret.js';

/**
 * Whether somebody else brought all the differences about: in each of their places the target says what was last applied.
 * False when nothing is on record; then nobody knows who changed what.
 */
export function isDrift(differences: readonly Difference[], target: JsonObject, actual: JsonObject): boolean {
  const recorded = lastAppliedOf(actual);
  if (recorded === undefined || differences.length === 0) return false;
  return differences.every(({ path }) => {
    const wanted = stripDirectives(getAt(target, path) ?? null);
    const comparable = isSecretPath(target.kind, path) ? hashSecret(wanted, target) : wanted;
    return equalJson(comparable, getAt(recorded, path) ?? null);
  });
}
