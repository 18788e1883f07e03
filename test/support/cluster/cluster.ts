import type { KubeConfig } from '@kubernetes/client-node';
import { asResource, isObject, type JsonObject, type Resource } from 'koreo-kernel';
import { type ApiCall, ApiCallError, callApi } from './api-request.js';
import { readKubeconfig } from './kubeconfig.js';

/** Enough of a resource to find it. A namespaced one without a namespace is in `default`. */
export interface Addressed {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** An API server to test against: one that was started for it, or the user's own. */
export class Cluster {
  /** Path of a kubeconfig, or several as `KUBECONFIG` may hold them, whose current context may do everything. */
  readonly kubeconfig: string;
  readonly #config: KubeConfig;
  readonly #collections = new Map<string, Collection>();

  constructor(kubeconfig: string) {
    this.kubeconfig = kubeconfig;
    this.#config = readKubeconfig(kubeconfig);
  }

  /** For processes that shall talk to it. */
  get env(): Readonly<Record<string, string>> {
    return { KUBECONFIG: this.kubeconfig };
  }

  /** `https://HOST:PORT` @throws Error when the kubeconfig's current context names no cluster */
  get server(): string {
    const server = this.#config.getCurrentCluster()?.server;
    if (server === undefined) throw new Error(`the current context of ${this.kubeconfig} names no cluster`);
    return server;
  }

  /** Anything that the methods below do not do. @throws ApiCallError for any answer that is not of the 200s */
  call(call: ApiCall): Promise<JsonObject> {
    return callApi(this.#config, call);
  }

  async get(of: Addressed): Promise<Resource | undefined> {
    return unlessMissing(async () => asResource(await this.call({ path: await this.#path(of) })));
  }

  /** All of a kind, in one namespace or in all. */
  async list(apiVersion: string, kind: string, namespace?: string): Promise<readonly Resource[]> {
    const { items } = await this.call({ path: await this.#collection({ apiVersion, kind, namespace }) });
    return (Array.isArray(items) ? items : [])
      .filter(isObject)
      .map((item) => asResource({ ...item, apiVersion, kind }));
  }

  /** Server-side apply, in order, as their author would: fields of others are taken over. */
  async apply(...resources: readonly Resource[]): Promise<void> {
    for (const resource of resources) {
      await this.call({
        method: 'PATCH',
        path: `${await this.#path(resource)}?fieldManager=author&force=true`,
        body: resource,
        contentType: 'application/apply-patch+yaml',
      });
    }
  }

  async create(resource: Resource): Promise<Resource> {
    const { apiVersion, kind, metadata } = resource;
    const path = await this.#collection({ apiVersion, kind, namespace: metadata.namespace ?? 'default' });
    return asResource(await this.call({ method: 'POST', path, body: resource }));
  }

  /** A JSON merge patch by somebody else; of the status, where a subresource keeps it. */
  async patch(of: Addressed, body: JsonObject, subresource?: 'status'): Promise<Resource> {
    const path = `${await this.#path(of)}${subresource === undefined ? '' : `/${subresource}`}?fieldManager=somebody`;
    const contentType = 'application/merge-patch+json';
    return asResource(await this.call({ method: 'PATCH', path, body, contentType }));
  }

  /** Deletes it if it is there; what it owns goes in the background. */
  async remove(of: Addressed): Promise<void> {
    const body = { propagationPolicy: 'Background' };
    await unlessMissing(async () => this.call({ method: 'DELETE', path: await this.#path(of), body }));
  }

  async #path({ apiVersion, kind, metadata }: Addressed): Promise<string> {
    const { name, namespace = 'default' } = metadata;
    return `${await this.#collection({ apiVersion, kind, namespace })}/${encodeURIComponent(name)}`;
  }

  async #collection({ apiVersion, kind, namespace }: Kind & { namespace: string | undefined }): Promise<string> {
    const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const { namespaced, plural } = await this.#find({ apiVersion, kind }, group);
    return namespaced && namespace !== undefined ? `${group}/namespaces/${namespace}/${plural}` : `${group}/${plural}`;
  }

  async #find({ apiVersion, kind }: Kind, group: string): Promise<Collection> {
    const key = `${apiVersion} ${kind}`;
    const known = this.#collections.get(key);
    if (known !== undefined) return known;
    const { resources } = await this.call({ path: group });
    for (const entry of Array.isArray(resources) ? resources.filter(isObject) : []) {
      const plural = String(entry.name);
      if (entry.kind !== kind || plural.includes('/')) continue;
      const found = { plural, namespaced: entry.namespaced === true };
      this.#collections.set(key, found);
      return found;
    }
    throw new ApiCallError(404, `the server knows no ${kind} of ${apiVersion}`);
  }
}

interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
}

interface Collection {
  readonly plural: string;
  readonly namespaced: boolean;
}

async function unlessMissing<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiCallError && error.code === 404) return undefined;
    throw error;
  }
}
