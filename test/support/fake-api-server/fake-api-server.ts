import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { cutBody, send, sendError, sendText, strike, watchSink } from './answers.js';
import { type ApiCall, kindAt, mediaType, targetOf, verbOf } from './api-call.js';
import { ApiError } from './api-error.js';
import { type ApiObject, objectKey } from './api-object.js';
import { BUILT_IN_KINDS } from './built-in-kinds.js';
import { CollectionApi } from './collection-api.js';
import { type DiscoveryAnswer, discoveryAt } from './discovery.js';
import { Faults } from './faults.js';
import { ObjectKeeper } from './object-keeper.js';
import { OpenWatch, type WatchSink } from './open-watch.js';
import { matchesRequest, type RecordedRequest, type RequestPattern } from './request-log.js';
import { type ApiAnswer, ResourceApi } from './resource-api.js';
import { RevisionStore } from './revision-store.js';
import { KindRegistry, resourceName } from './served-kind.js';
import { Tokens } from './tokens.js';

/** How a {@link FakeApiServer} is made. */
export interface FakeApiServerOptions {
  /** Whether discovery answers all at once to those who ask for it, as servers do since 1.27. True by default. */
  readonly aggregatedDiscovery?: boolean;
  /** Namespaces beside `default` that are there from the start. */
  readonly namespaces?: readonly string[];
  /** The server's clock; this machine's by default. */
  readonly now?: () => Date;
}

/**
 * A Kubernetes API server in this process, for what a real one does not do on demand: it fails, hangs, forgets and breaks
 * off when a test says so, and remembers every request.
 *
 * It is strict: what a real server refuses (a stale revision, a wrong type of body, a namespace that is not there, a field
 * that a schema does not allow), it refuses with the same status, reason and, nearly, words; `conformance.test.ts` holds it
 * and a real server to the same expectations. It speaks HTTP on a port of the loopback interface, and knows discovery (plain
 * and aggregated), lists in pages, watches with bookmarks and compaction, merge and JSON patches, server-side apply with
 * managers and conflicts, preconditions, finalizers, the status subresource, generations, CRDs with their schemas, and dry runs.
 *
 * It has no controllers: nobody collects what owners leave behind, and deletion that waits for dependents ends at once. It
 * has no roles: what is forbidden is a fault that a test plans. Strategic merge patches and versions that convert are left out.
 */
export class FakeApiServer {
  readonly faults = new Faults();
  readonly tokens = new Tokens();
  /** Every request that came in, in order. */
  readonly requests: RecordedRequest[] = [];

  readonly #options: FakeApiServerOptions;
  readonly #objects = new RevisionStore();
  readonly #kinds = new KindRegistry(BUILT_IN_KINDS);
  readonly #resources: ResourceApi;
  readonly #collections: CollectionApi;
  readonly #watches = new Set<OpenWatch>();
  readonly #listeners = new Set<() => void>();
  #server: Server | undefined;
  #port = 0;

  constructor(options: FakeApiServerOptions = {}) {
    this.#options = options;
    this.#resources = new ResourceApi(new ObjectKeeper(this.#objects, this.#kinds, () => this.#now()));
    this.#collections = new CollectionApi(this.#objects);
    for (const name of ['default', 'kube-system', ...(options.namespaces ?? [])]) {
      this.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    }
  }

  /** A server that listens already. */
  static async start(options: FakeApiServerOptions = {}): Promise<FakeApiServer> {
    const server = new FakeApiServer(options);
    await server.start();
    return server;
  }

  /** Where it listens: `http://127.0.0.1:PORT`. The port stays the same from the first start on. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The watches that are open now, those that the pattern means. */
  watches(pattern: { readonly plural?: string; readonly namespace?: string } = {}): readonly OpenWatch[] {
    return [...this.#watches].filter(
      ({ resource, namespace }) =>
        (pattern.plural === undefined || resource.split('.')[0] === pattern.plural) &&
        (pattern.namespace === undefined || namespace === pattern.namespace),
    );
  }

  /** Begins, or goes on, to listen, with all that it held. */
  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#serve(request, response));
    server.keepAliveTimeout = 60_000;
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Breaks every connection off and listens no more; what it holds stays. Idempotent. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    for (const watch of this.#watches) watch.cut();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  /** The requests so far that the pattern means. */
  requestsOf(pattern: RequestPattern): readonly RecordedRequest[] {
    return this.requests.filter((request) => matchesRequest(pattern, request));
  }

  /** Resolves when the condition holds; it is asked again with each request, watch and change. */
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

  /** The first watch that the pattern means, as soon as one is open. */
  async watch(pattern: { readonly plural?: string; readonly namespace?: string } = {}): Promise<OpenWatch> {
    await this.until(() => this.watches(pattern).length > 0);
    const [watch] = this.watches(pattern);
    if (watch === undefined) throw new Error('the watch has ended already');
    return watch;
  }

  /** Makes an object be there as somebody else would: creates it, or replaces all of it but its identity. */
  put(object: ApiObject): ApiObject {
    const { apiVersion, kind, metadata } = object;
    const place = this.#place(apiVersion, kind);
    const { namespace, name } = metadata;
    const target = { ...place.target, ...(namespace !== undefined && { namespace }) };
    const present = this.#objects.get(resourceName(place.kind), objectKey(namespace, name));
    const named = present === undefined ? target : { ...target, name };
    const { resourceVersion: _, ...unversioned } = metadata;
    const revision = present?.metadata.resourceVersion;
    const body = {
      ...object,
      metadata: revision === undefined ? unversioned : { ...unversioned, resourceVersion: revision },
    };
    const call = { ...outsideCall, ...place, target: named, body: JSON.stringify(body) };
    const answer =
      present === undefined ? this.#resources.create(call) : this.#resources.update({ ...call, verb: 'update' });
    this.#tell();
    return answer.body as ApiObject;
  }

  /** The object as it stands; undefined when it is not there. */
  peek(ref: { apiVersion: string; kind: string; namespace?: string; name: string }): ApiObject | undefined {
    const kind = this.#kinds.of(ref.apiVersion, ref.kind);
    return kind && this.#objects.get(resourceName(kind), objectKey(ref.namespace, ref.name));
  }

  /** Deletes an object as somebody else would. @throws ApiError when it is not there */
  drop({
    apiVersion,
    kind,
    namespace,
    name,
  }: {
    apiVersion: string;
    kind: string;
    namespace?: string;
    name: string;
  }): void {
    const place = this.#place(apiVersion, kind);
    const target = { ...place.target, name, ...(namespace !== undefined && { namespace }) };
    this.ask({ ...outsideCall, verb: 'delete', target, body: '' });
    this.#tell();
  }

  /** Forgets all former revisions: whoever watches from one of them, or goes on with a list, is told 410. */
  compact(): void {
    this.#objects.compact();
  }

  /** Does what a request asks for, without the way over HTTP. @throws ApiError */
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

  /** Opens a watch, without the way over HTTP. @throws ApiError */
  follow(asked: Omit<ApiCall, 'kind'>, sink: WatchSink): OpenWatch {
    const watch = new OpenWatch({ ...asked, kind: kindAt(this.#kinds, asked.target) }, this.#objects, sink);
    this.#watches.add(watch);
    watch.open();
    this.#tell();
    return watch;
  }

  /** The client of a watch has gone. */
  unfollow(watch: OpenWatch): void {
    watch.stop();
    this.#watches.delete(watch);
    this.#tell();
  }

  /** The document of discovery at a path, without the way over HTTP; undefined when there is none. */
  discover(path: string, accept: string): DiscoveryAnswer | undefined {
    const aggregated = this.#options.aggregatedDiscovery ?? true;
    return discoveryAt(path, accept, { kinds: this.#kinds, aggregated });
  }

  /** A kubeconfig with which client libraries find the server. */
  kubeconfig({ token, namespace }: { readonly token?: string; readonly namespace?: string } = {}): string {
    const context = { cluster: 'fake', user: 'fake', ...(namespace !== undefined && { namespace }) };
    return JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'fake', cluster: { server: this.url } }],
      users: [{ name: 'fake', user: token === undefined ? {} : { token } }],
      contexts: [{ name: 'fake', context }],
      'current-context': 'fake',
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A client that breaks off is no error of ours.
    response.on('error', () => undefined);
    try {
      const body = await text(request);
      await this.#answer(request, response, body);
    } catch (error) {
      sendError(response, error);
    } finally {
      this.#tell();
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', this.url);
    const target = targetOf(pathname);
    const verb = verbOf(request, target, query);
    const { authorization } = request.headers;
    const userAgent = request.headers['user-agent'] ?? '';
    const record: RecordedRequest = {
      verb,
      method: request.method ?? '',
      path: pathname,
      query,
      target,
      userAgent,
      contentType: mediaType(request),
      body,
      user: undefined,
      time: this.#now().getTime(),
    };
    this.requests.push(record);
    response.on('finish', () => {
      record.code = response.statusCode;
    });
    this.#tell();
    Object.assign(record, { user: this.tokens.user(authorization) });
    const fault = this.faults.take(record);
    if (fault !== undefined && fault.when !== 'after' && (await strike(fault, response))) return;
    if (target === undefined) {
      this.#discover(pathname, request, response);
      return;
    }
    const call = { verb, target, query, contentType: record.contentType, userAgent, body };
    if (verb === 'watch') {
      const watch = this.follow(call, watchSink(response));
      response.on('close', () => this.unfollow(watch));
      return;
    }
    const answer = this.ask(call);
    if (fault?.type === 'cut-body') return cutBody(response, answer);
    if (fault?.when === 'after' && (await strike(fault, response))) return;
    send(response, answer);
  }

  #discover(path: string, request: IncomingMessage, response: ServerResponse): void {
    const answer = this.discover(path, request.headers.accept ?? '');
    if (path === '/version') send(response, { code: 200, body: VERSION });
    else if (HEALTH_PATHS.has(path)) sendText(response, { code: 200, text: 'ok' });
    else if (answer === undefined) sendText(response, { code: 404, text: '404 page not found\n' });
    else send(response, { code: 200, body: answer.body, headers: { 'content-type': answer.contentType } });
  }

  /** Whoever watches a kind that is served no more is told that the watch is over. */
  #closeOrphanedWatches(): void {
    for (const watch of this.#watches) if (this.#kinds.get(watch.resource) === undefined) watch.close();
  }

  #place(apiVersion: string, kind: string) {
    const served = this.#kinds.of(apiVersion, kind);
    if (served === undefined) throw new Error(`the fake server does not serve ${apiVersion} ${kind}`);
    const version = apiVersion.split('/').at(-1) ?? '';
    return { kind: served, target: { group: served.group, version, plural: served.plural } };
  }

  #now(): Date {
    return this.#options.now?.() ?? new Date();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

const HEALTH_PATHS = new Set(['/healthz', '/livez', '/readyz']);
const VERSION = { major: '1', minor: '34', gitVersion: 'v1.34.0-fake' };

/** What the test itself does to the server's objects. */
const outsideCall = {
  verb: 'create',
  query: new URLSearchParams(),
  contentType: 'application/json',
  userAgent: 'somebody-else/1',
} as const;
