import type { Difference } from '../contracts/run-report.js';
import type { Json } from '../model/json.js';
import { stripDirectives } from './directives.js';
import { isSecretPath } from './secret.js';

const LONGEST = 200;

/**
 * A difference as messages show it: `'spec' -> 'replicas' -> <target:[3], resource:[2]>`. Values are JSON, cut when they
 * are long; those of Secrets are hidden.
 */
export function formatDifference(difference: Difference, kind: string): string {
  const { path, target, actual } = difference;
  const secret = isSecretPath(kind, path);
  const keys = path.map((segment) => `'${segment}' -> `).join('');
  return `${keys}<target:[${show(target, secret)}], resource:[${show(actual, secret)}]>`;
}

function show(value: Json | undefined, secret: boolean): string {
  if (value === undefined) return 'missing';
  if (secret) return 'hidden';
  const text = JSON.stringify(stripDirectives(value));
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}
