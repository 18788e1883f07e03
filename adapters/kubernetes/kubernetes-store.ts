import { hostname } from 'node:os';
import { combineLatest, distinctUntilChanged, map, merge, type Observable, Subject } from 'rxjs';
import {
  andThen,
  asJson,
  asResource,
  type CallOptions,
  type Clock,
  type CreateOptions,
  type DeleteOptions,
  type ElectionOptions,
  type GroupVersionKind,
  InvalidResourceError,
  isResource,
  type JsonObject,
  type KindInfo,
  type LeaderElection,
  type ListOptions,
  type MaybePromise,
  NotFoundError,
  type Notice,
  type Resource,
  type ResourceList,
  type ResourceRef,
  type Selector,
  type StatusOptions,
  type StatusPatch,
  type Store,
  type StoreActivity,
  type StoreContext,
  type StoreEvent,
  type StoreHealth,
  UnknownKindError,
  type WriteOptions,
} from '../../kernel/plugin.js';
import { HttpApiClient } from './api/http-api-client.js';
import { TokenBucket } from './api/token-bucket.js';
import type { Connection } from './connection/connection.js';
import { KubeConnection } from './connection/kube-connection.js';
import { Discovery } from './discovery/discovery.js';
import { LeaseElection } from './election/lease-election.js';
import { EventRecorder } from './events/event-recorder.js';
import type { KubernetesOptions } from './options.js';
import { Applier } from './resources/applier.js';
import { withoutManagedFields } from './resources/received.js';
import { ResourceClient } from './resources/resource-client.js';
import { Writer } from './resources/writer.js';
import { overallHealth, sameHealth } from './store-health.js';
import { WatchHub } from './watch/index.js';

/** A Kubernetes API server. Connects with the first call. */
export class KubernetesStore implements Store {
  readonly name: string;
  readonly holdsDeletion = true;
  readonly health: Observable<StoreHealth>;
  readonly activity: Observable<StoreActivity>;
  readonly #clock: Clock;
  readonly #connection: Connection;
  readonly #client: HttpApiClient;
  readonly #discovery: Discovery;
  readonly #resources: ResourceClient;
  readonly #writer: Writer;
  readonly #applier: Applier;
  readonly #watches: WatchHub;
  readonly #events: EventRecorder;
  readonly #namespaces: readonly string[] | undefined;

  constructor({ name, clock, fence }: StoreContext, options: KubernetesOptions) {
    const { connection, rateLimit, requestTimeoutSeconds, namespaces, watch } = options;
    this.name = name;
    this.#namespaces = namespaces;
    this.#clock = clock;
    const calls = new Subject<StoreActivity>();
    this.#connection = new KubeConnection(connection, clock);
    this.#client = new HttpApiClient({
      connection: this.#connection,
      clock,
      requestTimeoutSeconds,
      rate: rateLimit && new TokenBucket(rateLimit, clock),
      fence,
      onCall: (call) => calls.next(call),
    });
    const client = this.#client;
    this.#discovery = new Discovery({ client, clock });
    this.#resources = new ResourceClient({ client, pageSize: watch.pageSize });
    this.#writer = new Writer(this.#resources, options);
    this.#applier = new Applier(this.#resources, this.#writer, options);
    this.#watches = new WatchHub({
      client,
      resolve: async (gvk, how) => this.#discovery.find(gvk, how),
      clock,
      options: { ...watch, ...(namespaces && { namespaces }) },
    });
    const reporter = { controller: 'koreo.dev/koreo', instance: hostname() };
    this.#events = new EventRecorder({ client, clock, reporter });
    this.activity = merge(calls, this.#watches.activity);
    this.health = combineLatest([this.#client.reachability.changes, this.#watches.health]).pipe(
      map(([reach, watches]) => overallHealth(name, reach, watches)),
      distinctUntilChanged(sameHealth),
    );
  }

  async kinds(options: CallOptions = {}): Promise<readonly KindInfo[]> {
    return (await this.#discovery.all(options)).map((info) => this.#applier.described(info));
  }

  kind(gvk: GroupVersionKind, options: CallOptions = {}): MaybePromise<KindInfo | undefined> {
    return andThen(this.#discovery.find(gvk, options), (info) => info && this.#applier.described(info));
  }

  async get(ref: ResourceRef, { signal }: CallOptions = {}): Promise<Resource | undefined> {
    return this.#about(ref, signal, async (info) => {
      try {
        return withoutManagedFields(await this.#resources.get(info, ref, signal));
      } catch (error) {
        if (error instanceof NotFoundError) return undefined;
        throw error;
      }
    });
  }

  async list(selector: Selector, options: ListOptions = {}): Promise<ResourceList> {
    return this.#about(selector, options.signal, async (info) => {
      const { namespace } = selector;
      if (namespace !== undefined || this.#namespaces === undefined || !info.namespaced) {
        return this.#resources.list(info, namespace, options);
      }
      const lists = await Promise.all(this.#namespaces.map((one) => this.#resources.list(info, one, options)));
      return {
        items: lists.flatMap(({ items }) => items),
        revision: lists.map(({ revision }) => revision).join(','),
      };
    });
  }

  async create(given: Resource, options: CreateOptions = {}): Promise<Resource> {
    const resource = checked(given);
    return this.#about(resource, options.signal, (info) => this.#writer.create(info, resource, options));
  }

  async apply(given: Resource, options: WriteOptions = {}): Promise<Resource> {
    const target = checked(given);
    return this.#about(target, options.signal, (info) => this.#applier.apply(info, target, options));
  }

  async preview(given: Resource, options: WriteOptions = {}): Promise<Resource> {
    const target = checked(given);
    return this.#about(target, options.signal, (info) => this.#applier.preview(info, target, options));
  }

  async patch(ref: ResourceRef, patch: JsonObject, options: WriteOptions = {}): Promise<Resource> {
    const own = copied(patch);
    return this.#about(ref, options.signal, (info) => this.#writer.patch(info, ref, own, options));
  }

  async patchStatus(ref: ResourceRef, patch: StatusPatch, options: StatusOptions = {}): Promise<Resource> {
    const own = copied(patch);
    return this.#about(ref, options.signal, (info) => this.#writer.patchStatus(info, ref, own, options));
  }

  async delete(ref: ResourceRef, options: DeleteOptions = {}): Promise<void> {
    return this.#about(ref, options.signal, async (info) => {
      try {
        await this.#resources.delete(info, ref, options);
      } catch (error) {
        if (!(error instanceof NotFoundError)) throw error;
      }
    });
  }

  watch(selector: Selector): Observable<StoreEvent> {
    return this.#watches.watch({ ...selector });
  }

  async defaultNamespace({ signal }: CallOptions = {}): Promise<string> {
    signal?.throwIfAborted();
    const [first] = this.#namespaces ?? [];
    if (first !== undefined) return first;
    return this.#homeNamespace();
  }

  /** By a Lease; without a namespace of its own in that of the context or the pod, whatever namespaces are looked at. */
  election(options: ElectionOptions): LeaderElection {
    return new LeaseElection(options, {
      api: this.#client,
      clock: this.#clock,
      defaultNamespace: () => this.#homeNamespace(),
    });
  }

  announce(about: Resource, notice: Notice): void {
    this.#events.record(about, notice);
  }

  async close(): Promise<void> {
    this.#watches.close();
    await this.#events.close();
    await this.#client.close();
  }

  async #homeNamespace(): Promise<string> {
    return (await this.#connection.credentials()).namespace ?? 'default';
  }

  /** Does something about a kind that the server has. @throws UnknownKindError when it has not, or has not any more */
  async #about<T>(
    gvk: GroupVersionKind,
    signal: AbortSignal | undefined,
    act: (info: KindInfo) => Promise<T>,
  ): Promise<T> {
    const info = await this.#discovery.find(gvk, { ...(signal && { signal }) });
    if (info === undefined) {
      throw new UnknownKindError(
        `${this.#connection.server} has no kind ${gvk.kind} in ${gvk.apiVersion}, now: is its CustomResourceDefinition installed?`,
      );
    }
    try {
      return await act(info);
    } catch (error) {
      if (error instanceof UnknownKindError) this.#discovery.forget(gvk);
      throw error;
    }
  }
}

/** A copy that its caller cannot change while it waits its turn. @throws InvalidResourceError when it is no resource */
function checked(given: Resource): Resource {
  const resource = copied(asJson(given));
  if (isResource(resource)) return asResource(resource);
  throw new InvalidResourceError('a resource needs apiVersion, kind and metadata.name, all non-empty strings');
}

/** By way of its text, which is how it will be sent: keys like `__proto__` stay keys. */
function copied<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
