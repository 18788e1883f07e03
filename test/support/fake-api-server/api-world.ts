import { type ApiCall, kindAt } from './api-call.js';
import { ApiError } from './api-error.js';
import { type ApiObject, objectKey } from './api-object.js';
import { BUILT_IN_KINDS } from './built-in-kinds.js';
import { CollectionApi } from './collection-api.js';
import { type DiscoveryAnswer, discoveryAt } from './discovery.js';
import { ObjectKeeper } from './object-keeper.js';
import { OpenWatch, type WatchSink } from './open-watch.js';
import { type ApiAnswer, ResourceApi } from './resource-api.js';
import { RevisionStore } from './revision-store.js';
import { KindRegistry, resourceName } from './served-kind.js';

/** How an {@link ApiWorld} is made. */
export interface ApiWorldOptions {
  /** Whether discovery answers all at once to those who ask for it, as servers do since 1.27. True by default. */
  readonly aggregatedDiscovery?: boolean;
  /** Namespaces beside `default` and `kube-system` that are there from the start. */
  readonly namespaces?: readonly string[];
  /** The server's clock; this machine's by default. */
  readonly now?: () => Date;
}

/** Names one object. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** Which of the watches that are open. */
export interface WatchPattern {
  readonly plural?: string;
  readonly namespace?: string;
}

/** What an API server holds and does, without the way to it: kinds, objects, and those who watch them. */
export class ApiWorld {
  readonly #options: ApiWorldOptions;
  readonly #objects = new RevisionStore();
  readonly #kinds = new KindRegistry(BUILT_IN_KINDS);
  readonly #resources: ResourceApi;
  readonly #collections: CollectionApi;
  readonly #watches = new Set<OpenWatch>();
  readonly #listeners = new Set<() => void>();

  constructor(options: ApiWorldOptions = {}) {
    this.#options = options;
    this.#resources = new ResourceApi(new ObjectKeeper(this.#objects, this.#kinds, () => this.now()));
    this.#collections = new CollectionApi(this.#objects);
    for (const name of ['default', 'kube-system', ...(options.namespaces ?? [])]) {
      this.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    }
  }

  now(): Date {
    return this.#options.now?.() ?? new Date();
  }

  /** Does what a request asks for. @throws ApiError */
  ask(asked: Omit<ApiCall, 'kind'>): ApiAnswer {
    const call = { ...asked, kind: kindAt(this.#kinds, asked.target) };
    switch (call.verb) {
      case 'get':
        return this.#resources.get(call);
      case 'list':
        return this.#collections.list(call);
      case 'create':
        return this.#resources.create(call);
      case 'update':
        return this.#resources.update(call);
      case 'patch':
        return this.#resources.patch(call);
      case 'apply':
        return this.#resources.apply(call);
      case 'delete': {
        const answer = this.#resources.delete(call);
        this.#closeOrphanedWatches();
        return answer;
      }
      case 'watch':
      case 'discover':
      case 'deletecollection':
        throw new ApiError(405, 'the server does not allow this method on the requested resource');
    }
  }

  /** Opens a watch. @throws ApiError */
  follow(asked: Omit<ApiCall, 'kind'>, sink: WatchSink): OpenWatch {
    const watch = new OpenWatch({ ...asked, kind: kindAt(this.#kinds, asked.target) }, this.#objects, sink);
    this.#watches.add(watch);
    watch.open();
    this.changed();
    return watch;
  }

  /** The client of a watch has gone. */
  unfollow(watch: OpenWatch): void {
    watch.stop();
    this.#watches.delete(watch);
    this.changed();
  }

  /** The document of discovery at a path; undefined when there is none. */
  discover(path: string, accept: string): DiscoveryAnswer | undefined {
    const aggregated = this.#options.aggregatedDiscovery ?? true;
    return discoveryAt(path, accept, { kinds: this.#kinds, aggregated });
  }

  /** The watches that are open now, those that the pattern means. */
  watches({ plural, namespace }: WatchPattern = {}): readonly OpenWatch[] {
    return [...this.#watches].filter(
      (watch) =>
        (plural === undefined || watch.resource.split('.')[0] === plural) &&
        (namespace === undefined || watch.namespace === namespace),
    );
  }

  /** The first watch that the pattern means, as soon as one is open. */
  async watch(pattern: WatchPattern = {}): Promise<OpenWatch> {
    await this.until(() => this.watches(pattern).length > 0);
    const [watch] = this.watches(pattern);
    if (watch === undefined) throw new Error('the watch has ended already');
    return watch;
  }

  /** Resolves when the condition holds; it is asked again with each request, watch and change from outside. */
  async until(condition: () => boolean): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve) => {
      const check = () => {
        if (!condition()) return;
        this.#listeners.delete(check);
        resolve();
      };
      this.#listeners.add(check);
    });
  }

  /** Makes an object be there as somebody else would: creates it, or replaces all of it but its identity; its status, too. */
  put(object: ApiObject): ApiObject {
    const { namespace, name } = object.metadata;
    const target = { ...this.#collection(object), ...(namespace !== undefined && { namespace }) };
    const { resourceVersion: _, ...unversioned } = object.metadata;
    let stands = this.peek({ ...object, ...object.metadata });
    if (stands === undefined) {
      const body = JSON.stringify({ ...object, metadata: unversioned });
      stands = this.ask({ ...OUTSIDE, verb: 'create', target, body }).body as ApiObject;
    } else {
      const { resourceVersion = '' } = stands.metadata;
      const body = JSON.stringify({ ...object, metadata: { ...unversioned, resourceVersion } });
      stands = this.ask({ ...OUTSIDE, verb: 'update', target: { ...target, name }, body }).body as ApiObject;
    }
    if (object.status !== undefined && this.#kinds.of(object.apiVersion, object.kind)?.statusSubresource) {
      const body = JSON.stringify({ ...stands, status: object.status });
      const status = { ...target, name, subresource: 'status' };
      stands = this.ask({ ...OUTSIDE, verb: 'update', target: status, body }).body as ApiObject;
    }
    this.changed();
    return stands;
  }

  /** The object as it stands; undefined when it is not there. */
  peek({ apiVersion, kind, namespace, name }: ObjectRef): ApiObject | undefined {
    const served = this.#kinds.of(apiVersion, kind);
    return served && this.#objects.get(resourceName(served), objectKey(namespace, name));
  }

  /** Deletes an object as somebody else would. @throws ApiError when it is not there */
  drop({ apiVersion, kind, namespace, name }: ObjectRef): void {
    const target = { ...this.#collection({ apiVersion, kind }), name, ...(namespace !== undefined && { namespace }) };
    this.ask({ ...OUTSIDE, verb: 'delete', target, body: '' });
    this.changed();
  }

  /** Forgets all former revisions: whoever watches from one of them, or goes on with a list, is told 410. */
  compact(): void {
    this.#objects.compact();
  }

  /** Something has happened that somebody may wait for. */
  protected changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** Whoever watches a kind that is served no more is told that the watch is over. */
  #closeOrphanedWatches(): void {
    for (const watch of this.#watches) if (this.#kinds.get(watch.resource) === undefined) watch.close();
  }

  #collection({ apiVersion, kind }: { apiVersion: string; kind: string }) {
    const served = this.#kinds.of(apiVersion, kind);
    if (served === undefined) throw new Error(`the fake server does not serve ${apiVersion} ${kind}`);
    return { group: served.group, version: apiVersion.split('/').at(-1) ?? '', plural: served.plural };
  }
}

/** What the test itself does to the server's objects. */
const OUTSIDE = {
  query: new URLSearchParams(),
  contentType: 'application/json',
  userAgent: 'somebody-else/1',
} as const;
