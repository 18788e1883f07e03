import type { ResourceList, StoreEvent } from '../contracts/store.js';
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

/** The list that a plug-in gives, if it is one of resources. @throws TypeError that says what it lacks */
export function checkedList(given: MaybePromise<ResourceList>): MaybePromise<ResourceList> {
  return andThen(given, (value: unknown) => {
    const items: unknown = isObject(value) ? value.items : undefined;
    if (!Array.isArray(items)) throw new TypeError('it gave what is no list: items is missing');
    for (const item of items) {
      const lacks = whatIsMissing(item);
      if (lacks !== undefined) throw new TypeError(`it gave a list of what is no resource: ${lacks} is missing`);
    }
    return value as unknown as ResourceList;
  });
}

/** What makes an event that a plug-in's watch tells none; undefined when nothing does. */
export function eventFault(event: StoreEvent): string | undefined {
  const { type, resource }: { readonly type?: unknown; readonly resource?: unknown } = isObject(event) ? event : {};
  switch (type) {
    case 'synced':
      return undefined;
    case 'added':
    case 'modified':
    case 'deleted': {
      const lacks = whatIsMissing(resource);
      return lacks === undefined ? undefined : `the watch told of what is no resource: ${lacks} is missing`;
    }
    default:
      return 'the watch told of what is no event: its type is none of added, modified, deleted and synced';
  }
}

function whatIsMissing(value: unknown): string | undefined {
  if (!isObject(value)) return 'everything';
  if (typeof value.apiVersion !== 'string') return 'apiVersion';
  if (typeof value.kind !== 'string') return 'kind';
  const { metadata } = value;
  return isObject(metadata) && typeof metadata.name === 'string' ? undefined : 'metadata.name';
}
