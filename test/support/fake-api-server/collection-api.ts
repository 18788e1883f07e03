import type { ApiCall } from './api-call.js';
import { ApiError } from './api-error.js';
import type { ApiObject } from './api-object.js';
import { inVersion } from './resource-api.js';
import type { RevisionStore } from './revision-store.js';
import { selectorOf } from './selectors.js';
import { apiVersionOf, resourceName } from './served-kind.js';

/** Where the next page begins: after a key, in the state of a revision. */
interface Continuation {
  readonly rv: number;
  readonly after: string;
}

/** Lists, in pages that all show the state of one revision. */
export class CollectionApi {
  readonly #objects: RevisionStore;

  constructor(objects: RevisionStore) {
    this.#objects = objects;
  }

  list(call: ApiCall): { readonly code: number; readonly body: unknown } {
    const { kind, target, query } = call;
    const from = this.#from(query);
    const matches = selectorOf(query);
    const all = this.#objects
      .at(resourceName(kind), from.rv)
      .filter(([, object]) => isIn(object, target.namespace) && matches(object));
    const rest = all.filter(([key]) => from.after === '' || key > from.after);
    // As with a real server's cache, whoever takes any revision gets all at once.
    const limit = query.get('resourceVersion') === '0' ? 0 : Number(query.get('limit') ?? 0);
    const page = limit > 0 ? rest.slice(0, limit) : rest;
    const last = page.at(-1)?.[0] ?? '';
    const more = rest.length - page.length;
    const metadata = {
      resourceVersion: String(from.rv),
      ...(more > 0 && { continue: encode({ rv: from.rv, after: last }), remainingItemCount: more }),
    };
    const apiVersion = apiVersionOf(target.group, target.version);
    const items = page.map(([, object]) => inVersion(object, call));
    return { code: 200, body: { kind: `${kind.kind}List`, apiVersion, metadata, items } };
  }

  #from(query: URLSearchParams): Continuation {
    const token = query.get('continue') ?? '';
    const asked = query.get('resourceVersion') ?? '';
    if (token !== '') {
      if (asked !== '' && asked !== '0') {
        throw new ApiError(400, 'specifying resource version is not allowed when using continue');
      }
      return this.#continued(token);
    }
    const current = this.#objects.revision;
    if (asked === '' || asked === '0') return { rv: current, after: '' };
    const revision = revisionOf(asked);
    refuseFuture(revision, current);
    return { rv: query.get('resourceVersionMatch') === 'Exact' ? revision : current, after: '' };
  }

  #continued(token: string): Continuation {
    const from = decode(token);
    try {
      this.#objects.at('', from.rv);
    } catch {
      throw new ApiError(
        410,
        'The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.',
      );
    }
    return from;
  }
}

/** Whether an object is in what a list or watch of a namespace shows; of all when there is none. */
export function isIn(object: ApiObject, namespace: string | undefined): boolean {
  return namespace === undefined || object.metadata.namespace === namespace;
}

/** @throws ApiError 400 when it is no revision of this server's */
export function revisionOf(text: string): number {
  if (!/^\d+$/.test(text))
    throw new ApiError(400, `Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`);
  return Number(text);
}

function refuseFuture(revision: number, current: number): void {
  if (revision <= current) return;
  throw new ApiError(504, `Timeout: Too large resource version: ${revision}, current: ${current}`, {
    retryAfterSeconds: 1,
  });
}

function encode(continuation: Continuation): string {
  return Buffer.from(JSON.stringify(continuation)).toString('base64url');
}

function decode(token: string): Continuation {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as Continuation;
  } catch {
    throw new ApiError(400, 'continue key is not valid: illegal base64 data');
  }
}
