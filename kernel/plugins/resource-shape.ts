import { andThen, isObject, type MaybePromise } from '../model/json.js';
import type { Resource } from '../model/resource.js';

/**
 * The resource that a plug-in gives, if it is one: what is none would break whoever works on it, far from who gave it.
 * @throws TypeError that says what it lacks
 */
export function checkedResource(given: MaybePromise<Resource>): MaybePromise<Resource>;
export function checkedResource(
  given: MaybePromise<Resource | undefined>,
  options: { readonly orNone: true },
): MaybePromise<Resource | undefined>;
export function checkedResource(
  given: MaybePromise<Resource | undefined>,
  options?: { readonly orNone: true },
): MaybePromise<Resource | undefined> {
  return andThen(given, (value: unknown) => {
    if (value === undefined && options?.orNone === true) return undefined;
    const lacks = whatIsMissing(value);
    if (lacks !== undefined) throw new TypeError(`it gave what is no resource: ${lacks} is missing`);
    return value as Resource;
  });
}

function whatIsMissing(value: unknown): string | undefined {
  if (!isObject(value)) return 'everything';
  if (typeof value.apiVersion !== 'string') return 'apiVersion';
  if (typeof value.kind !== 'string') return 'kind';
  const { metadata } = value;
  return isObject(metadata) && typeof metadata.name === 'string' ? undefined : 'metadata.name';
}
