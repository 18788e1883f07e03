import {
  asJson,
  asResource,
  type CallVerb,
  type DeleteOptions,
  getAt,
  isList,
  isObject,
  type Json,
  type KindInfo,
  type ListOptions,
  type Resource,
  type ResourceList,
  type ResourceRef,
} from '../../../kernel/plugin.js';
import type { ApiClient } from '../api/api-client.js';
import { ExpiredError } from '../api/api-errors.js';
import { withoutManagedFields } from './received.js';
import { collectionPath, resourcePath } from './resource-path.js';

/** How often a list is begun anew whose pages the server has forgotten; one that forgets each time is broken. */
const LIST_TRIES = 5;

/** The forms of a change, by their content type. */
export const PATCH_TYPES = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

/** One PATCH of one resource. */
export interface PatchRequest {
  readonly type: keyof typeof PATCH_TYPES;
  readonly body: Json;
  readonly query: Readonly<Record<string, string>>;
  readonly subresource?: 'status';
  readonly signal?: AbortSignal | undefined;
}

/** A kind in an API server, by the requests that there are for it. Resources come as the server has them, `managedFields` too. */
export class ResourceClient {
  readonly #client: ApiClient;
  readonly #pageSize: number;

  constructor({ client, pageSize }: { readonly client: ApiClient; readonly pageSize: number }) {
    this.#client = client;
    this.#pageSize = pageSize;
  }

  /** @throws NotFoundError */
  async get(info: KindInfo, ref: ResourceRef, signal: AbortSignal | undefined): Promise<Resource> {
    const path = resourcePath(info, ref);
    return asResource(await this.#client.send({ method: 'GET', path, verb: 'get', kind: kindOf(info), signal }));
  }

  /** All pages. When the server has forgotten the first while the last are read, all of them anew. */
  async list(info: KindInfo, namespace: string | undefined, options: ListOptions): Promise<ResourceList> {
    for (let tries = LIST_TRIES; ; tries -= 1) {
      try {
        return await this.#pages(info, namespace, options);
      } catch (error) {
        if (!(error instanceof ExpiredError) || tries <= 1) throw error;
      }
    }
  }

  /** @throws AlreadyExistsError */
  async create(
    info: KindInfo,
    resource: Resource,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<Resource> {
    const path = collectionPath(info, resource.metadata.namespace);
    const body = asJson(resource);
    const made = await this.#client.send({
      method: 'POST',
      path,
      query,
      body,
      verb: 'create',
      kind: kindOf(info),
      signal,
    });
    return asResource(made);
  }

  /** @throws NotFoundError, ConflictError */
  async patch(info: KindInfo, ref: ResourceRef, request: PatchRequest): Promise<Resource> {
    const { type, body, query, subresource, signal } = request;
    const path = `${resourcePath(info, ref)}${subresource === undefined ? '' : `/${subresource}`}`;
    const verb: CallVerb = type === 'apply' ? 'apply' : 'patch';
    const contentType = PATCH_TYPES[type];
    const kind = kindOf(info);
    return asResource(await this.#client.send({ method: 'PATCH', path, query, body, contentType, verb, kind, signal }));
  }

  /** @throws NotFoundError, ConflictError */
  async delete(info: KindInfo, ref: ResourceRef, options: DeleteOptions): Promise<void> {
    const { uid, revision, propagation, signal } = options;
    const guarded = uid !== undefined || revision !== undefined;
    const preconditions = {
      ...(uid !== undefined && { uid }),
      ...(revision !== undefined && { resourceVersion: revision }),
    };
    const body = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: PROPAGATION[propagation ?? 'background'],
      ...(guarded && { preconditions }),
    };
    const path = resourcePath(info, ref);
    await this.#client.send({ method: 'DELETE', path, body, verb: 'delete', kind: kindOf(info), signal });
  }

  async #pages(info: KindInfo, namespace: string | undefined, { labels, signal }: ListOptions): Promise<ResourceList> {
    const path = collectionPath(info, namespace);
    const kind = kindOf(info);
    const labelSelector = Object.entries(labels ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join(',');
    const items: Resource[] = [];
    let revision = '';
    let next = '';
    do {
      const query = {
        limit: String(this.#pageSize),
        ...(labelSelector !== '' && { labelSelector }),
        ...(next !== '' && { continue: next }),
      };
      const page = await this.#client.send({ method: 'GET', path, query, verb: 'list', kind, signal });
      for (const item of isList(page.items) ? page.items.filter(isObject) : []) {
        items.push(withoutManagedFields(asResource({ ...kind, ...item })));
      }
      revision = textAt(page, 'resourceVersion');
      next = textAt(page, 'continue');
    } while (next !== '');
    return { items, revision };
  }
}

const PROPAGATION = { background: 'Background', foreground: 'Foreground', orphan: 'Orphan' } as const;

function kindOf({ apiVersion, kind }: KindInfo): { readonly apiVersion: string; readonly kind: string } {
  return { apiVersion, kind };
}

function textAt(list: Json, key: string): string {
  const value = getAt(list, ['metadata', key]);
  return typeof value === 'string' ? value : '';
}
