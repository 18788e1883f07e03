import { isObject } from '../model/json.js';
import { annotations } from '../model/names.js';
import { asJson, type Resource } from '../model/resource.js';

/** What says which resource is meant, and which state of it. */
const IDENTITY: ReadonlySet<string> = new Set(['name', 'namespace', 'uid', 'resourceVersion']);
const PARTS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'spec']);

/**
 * What a target or a patch asks for beside the spec, as `data` or `metadata.labels`: a handler of a kind that has no place for it
 * refuses it, since what is left out without a word is asked for again at every run. The kernel's record of what was last applied
 * is not among it, since the trigger's store keeps that where the kind has no place for annotations.
 */
export function besideSpec(target: Partial<Resource>): readonly string[] {
  const { metadata, ...parts } = asJson(target as Resource);
  const strangers = Object.keys(parts).filter((key) => !PARTS.has(key));
  const entries = isObject(metadata) ? Object.entries(metadata) : [];
  const asked = entries.filter(([key, value]) => !IDENTITY.has(key) && !isOnlyRecord(key, value));
  return [...strangers, ...asked.map(([key]) => `metadata.${key}`)];
}

function isOnlyRecord(key: string, value: unknown): boolean {
  return (
    key === 'annotations' && isObject(value) && Object.keys(value).every((name) => name === annotations.lastApplied)
  );
}
