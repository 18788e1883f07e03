import {
  asResource,
  getAt,
  isObject,
  isResource,
  type JsonObject,
  type KindInfo,
  type Resource,
  type StoreError,
  UnavailableError,
} from '../../../kernel/plugin.js';
import { statusError } from '../api/status-error.js';
import { withoutManagedFields } from '../resources/received.js';

/** What one line of a watch says. */
export type WatchLine =
  | { readonly type: 'put' | 'remove'; readonly resource: Resource; readonly revision: string }
  /** Nothing happened until a revision. */
  | { readonly type: 'bookmark'; readonly revision: string }
  | { readonly type: 'error'; readonly error: StoreError };

/** Reads a line of a watch. @throws UnavailableError when it is none */
export function readWatchLine({ type, object }: JsonObject, kind: KindInfo): WatchLine {
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
      return { type: 'put', ...received(object, kind) };
    case 'DELETED':
      return { type: 'remove', ...received(object, kind) };
    case 'BOOKMARK':
      return { type: 'bookmark', revision: revisionOf(object) };
    case 'ERROR':
      return { type: 'error', error: errorOf(object, kind) };
    default:
      throw new UnavailableError('a line of the watch is none: is this an API server?');
  }
}

/** An item of a list or a watch as a resource. Items of lists need not say their type. @throws UnavailableError when it is none */
export function readItem(item: unknown, { apiVersion, kind }: KindInfo): Resource {
  const typed = isObject(item) ? { apiVersion, kind, ...item } : {};
  if (!isResource(typed)) throw new UnavailableError('an item of the answer is no resource: is this an API server?');
  return withoutManagedFields(asResource(typed));
}

/** The revision of a list, or of an object. @throws UnavailableError when it has none */
export function revisionOf(object: unknown): string {
  const revision = isObject(object) ? getAt(object, ['metadata', 'resourceVersion']) : undefined;
  if (typeof revision === 'string' && revision !== '') return revision;
  throw new UnavailableError('the answer has no resourceVersion: is this an API server?');
}

function received(object: unknown, kind: KindInfo): { resource: Resource; revision: string } {
  return { resource: readItem(object, kind), revision: revisionOf(object) };
}

function errorOf(object: unknown, { apiVersion, kind }: KindInfo): StoreError {
  const body = isObject(object) ? object : {};
  const code = getAt(body, ['code']);
  const status = typeof code === 'number' ? code : 500;
  return statusError({ status, body }, { server: 'the API server', method: 'GET', kind: { apiVersion, kind } });
}
