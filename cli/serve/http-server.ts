import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import type { MaybePromise } from '../../kernel/index.js';
import { type Page, textPage } from './page.js';
import { ServerError } from './server-error.js';

/** Gives the page at a path; `verbose` when all that is known is asked for. */
export type Route = (asked: { readonly verbose: boolean }) => MaybePromise<Page>;

export interface ListenOptions {
  readonly address: string;
  /** 0 for any that is free. */
  readonly port: number;
}

/** Whoever comes may not bind more than this: probes and scrapes are few, and small. */
const BOUNDS = { connections: 64, headerBytes: 8192, headersMs: 5000, requestMs: 10_000, keepAliveMs: 5000 };

/** Serves a few pages by HTTP, to GET and HEAD. Whatever is asked, it answers or hangs up, and goes on. */
export class HttpServer {
  readonly #routes: ReadonlyMap<string, Route>;
  readonly #server: Server;

  constructor(routes: ReadonlyMap<string, Route>) {
    this.#routes = routes;
    const { headerBytes, headersMs, requestMs, keepAliveMs } = BOUNDS;
    this.#server = createServer(
      {
        maxHeaderSize: headerBytes,
        headersTimeout: headersMs,
        requestTimeout: requestMs,
        keepAliveTimeout: keepAliveMs,
        connectionsCheckingInterval: 1000,
      },
      (request, response) => void this.#answer(request, response),
    );
    this.#server.maxConnections = BOUNDS.connections;
  }

  /** Begins to listen and gives the address to ask at: `http://127.0.0.1:8080`. @throws ServerError */
  async listen({ address, port }: ListenOptions): Promise<string> {
    const host = isIPv6(address) ? `[${address}]` : address;
    try {
      this.#server.listen(port, address);
      await once(this.#server, 'listening');
    } catch (error) {
      throw new ServerError(`${host}:${port}`, { cause: error });
    }
    // What goes wrong from here on is of one connection.
    this.#server.on('error', () => undefined);
    const bound = this.#server.address();
    return `http://${host}:${typeof bound === 'object' && bound !== null ? bound.port : port}`;
  }

  /** Hangs up on everyone, also in the middle of an answer. Idempotent. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    response.on('error', () => undefined);
    send(response, await this.#page(request), { head: request.method === 'HEAD' });
  }

  async #page({ method, url = '' }: IncomingMessage): Promise<Page> {
    const [path = '', query = ''] = url.split('?', 2);
    const route = this.#routes.get(path);
    if (route === undefined) return textPage(404, `there is only: ${[...this.#routes.keys()].join(', ')}`);
    if (method !== 'GET' && method !== 'HEAD') return textPage(405, 'only GET and HEAD are answered');
    try {
      return await route({ verbose: new URLSearchParams(query).has('verbose') });
    } catch {
      // What an error holds is not for whoever asks.
      return textPage(500, 'this page could not be made');
    }
  }
}

function send(response: ServerResponse, { status, type, body }: Page, { head }: { readonly head: boolean }): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 405 ? { allow: 'GET, HEAD' } : {}),
  });
  response.end(head ? undefined : body);
}
