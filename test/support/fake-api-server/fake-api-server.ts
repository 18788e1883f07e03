import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { cutBody, send, sendError, sendText, strike, watchSink } from './answers.js';
import { mediaType, targetOf, verbOf } from './api-call.js';
import { ApiWorld, type ApiWorldOptions } from './api-world.js';
import { Faults } from './faults.js';
import { matchesRequest, type RecordedRequest, type RequestPattern } from './request-log.js';
import { Tokens } from './tokens.js';

/**
 * A Kubernetes API server in this process, for what a real one does not do on demand: it fails, hangs, forgets and breaks
 * off when a test says so, and remembers every request.
 *
 * It is strict: what a real server refuses (a stale revision, a wrong type of body, a namespace that is not there, a field
 * that a schema does not allow), it refuses with the same status, reason and, nearly, words; `expectations/` holds it
 * and a real server to the same. It speaks HTTP on a port of the loopback interface, and knows discovery (plain and
 * aggregated), lists in pages, watches with bookmarks and compaction, merge and JSON patches, server-side apply with managers
 * and conflicts, preconditions, finalizers, the status subresource, generations, CRDs with their schemas, and dry runs.
 *
 * It has no controllers: nobody collects what owners leave behind, and a deletion in the foreground does not wait for
 * dependents. It has no roles: what is forbidden is a fault that a test plans. Strategic merge patches, and versions of a
 * kind that differ in more than their names, are left out. Bookmarks come at the end of a watch, and when a test asks for one.
 */
export class FakeApiServer extends ApiWorld {
  readonly faults = new Faults();
  readonly tokens = new Tokens();
  /** Every request that came in, in order. */
  readonly requests: RecordedRequest[] = [];
  #server: Server | undefined;
  #port = 0;

  /** A server that listens already. */
  static async start(options: ApiWorldOptions = {}): Promise<FakeApiServer> {
    const server = new FakeApiServer(options);
    await server.start();
    return server;
  }

  /** Where it listens: `http://127.0.0.1:PORT`. The port stays the same from the first start on. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Begins, or goes on, to listen, with all that it held. */
  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#serve(request, response));
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
    for (const watch of this.watches()) watch.cut();
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  /** The requests so far that the pattern means. */
  requestsOf(pattern: RequestPattern): readonly RecordedRequest[] {
    return this.requests.filter((request) => matchesRequest(pattern, request));
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
      this.changed();
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    const record = this.#record(request, response, body);
    Object.assign(record, { user: this.tokens.user(request.headers.authorization) });
    const fault = this.faults.take(record);
    if (fault !== undefined && fault.when !== 'after' && (await strike(fault, response))) return;
    const { target, verb, query, contentType, userAgent } = record;
    if (target === undefined) {
      this.#discover(record.path, request, response);
      return;
    }
    const call = { verb, target, query, contentType, userAgent, body };
    if (verb === 'watch') {
      const watch = this.follow(call, watchSink(response));
      response.on('close', () => this.unfollow(watch));
      return;
    }
    const answer = this.ask(call);
    if (fault?.type === 'cut-body') cutBody(response, answer);
    else if (fault?.when !== 'after' || !(await strike(fault, response))) send(response, answer);
  }

  #record(request: IncomingMessage, response: ServerResponse, body: string): RecordedRequest {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', this.url);
    const target = targetOf(pathname);
    const record: RecordedRequest = {
      verb: verbOf(request, target, query),
      method: request.method ?? '',
      path: pathname,
      query,
      target,
      userAgent: request.headers['user-agent'] ?? '',
      contentType: mediaType(request),
      body,
      user: undefined,
      time: this.now().getTime(),
    };
    this.requests.push(record);
    response.on('finish', () => {
      record.code = response.statusCode;
    });
    this.changed();
    return record;
  }

  #discover(path: string, request: IncomingMessage, response: ServerResponse): void {
    const answer = this.discover(path, request.headers.accept ?? '');
    if (path === '/version') send(response, { code: 200, body: VERSION });
    else if (HEALTH_PATHS.has(path)) sendText(response, { code: 200, text: 'ok' });
    else if (answer === undefined) sendText(response, { code: 404, text: '404 page not found\n' });
    else send(response, { code: 200, body: answer.body, headers: { 'content-type': answer.contentType } });
  }
}

const HEALTH_PATHS = new Set(['/healthz', '/livez', '/readyz']);
const VERSION = { major: '1', minor: '34', gitVersion: 'v1.34.0-fake' };
