import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';
import { isObject, type Json, type JsonObject, mergePatch } from 'koreo-kernel';

/** One request as the server got it. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Json | undefined;
}

/** Answers a request in place of the server. Gives false to let the server answer. */
export type Fault = (request: SeenRequest, response: ServerResponse) => boolean;

/**
 * A small API over HTTP, with faults on demand: `/boxes` holds items by their names, `/shops/SHOP/boxes` those of a shop. Both are listed
 * by pages of two. Items have ETags and honour If-Match, If-None-Match.
 */
export class ApiServer {
  readonly items = new Map<string, JsonObject>();
  readonly requests: SeenRequest[] = [];
  fault: Fault = () => false;
  /** Weak entity tags, or none at all. */
  etags: 'strong' | 'weak' | 'none' = 'strong';
  pageSize = 2;
  readonly #server: Server;
  #ids = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens on a free port until the test is over. */
  static async start(t: Pick<ExecutionContext, 'teardown'>): Promise<ApiServer> {
    const server = createServer((request, response) => void api.#serve(request, response));
    const api = new ApiServer(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.teardown(() => api.stop());
    return api;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Puts an item there, as somebody else would. */
  put(path: string, item: JsonObject): void {
    this.#ids += 1;
    this.items.set(path, { id: this.items.get(path)?.id ?? this.#ids, ...item });
  }

  /** The requests since this was last asked, as `GET /boxes/a`. */
  newRequests(): readonly string[] {
    return this.requests.splice(0).map(({ method, url }) => `${method} ${url}`);
  }

  etagOf(item: JsonObject): string {
    const tag = `"${createHash('sha256').update(JSON.stringify(item)).digest('hex').slice(0, 12)}"`;
    return this.etags === 'weak' ? `W/${tag}` : tag;
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const request = {
      method: incoming.method ?? '',
      url: incoming.url ?? '',
      headers: incoming.headers,
      body: text === '' ? undefined : (JSON.parse(text) as Json),
    };
    this.requests.push(request);
    if (this.fault(request, response)) return;
    this.#answer(request, response);
  }

  #answer(request: SeenRequest, response: ServerResponse): ServerResponse {
    const url = new URL(request.url, this.url);
    const path = decodeURIComponent(url.pathname);
    const isList = path.endsWith('/boxes');
    if (isList && request.method === 'GET') return this.#list(path, url, response);
    if (isList) return this.#create(path, request, response);
    const item = this.items.get(path);
    if (item === undefined) return answer(response, 404, { message: 'no such box' });
    const etag = this.etagOf(item);
    const { 'if-match': match, 'if-none-match': noneMatch } = request.headers;
    if (match !== undefined && match !== etag) return answer(response, 412, { message: 'it has changed' });
    if (request.method === 'GET' && noneMatch === etag) return answer(response, 304, undefined, { etag });
    if (request.method === 'DELETE') {
      this.items.delete(path);
      return answer(response, 204, undefined);
    }
    if (request.method === 'GET') return this.#show(item, 200, response);
    if (!isObject(request.body)) return answer(response, 400, { message: 'an object is needed' });
    const changed =
      request.method === 'PATCH'
        ? mergePatch(item, request.body)
        : { id: item.id ?? 0, name: item.name ?? '', ...request.body };
    this.items.set(path, changed);
    return this.#show(changed, 200, response);
  }

  #create(path: string, { body }: SeenRequest, response: ServerResponse): ServerResponse {
    if (!isObject(body) || typeof body.name !== 'string') return answer(response, 422, { message: 'a name is needed' });
    const place = `${path}/${body.name}`;
    if (this.items.has(place)) return answer(response, 409, { message: 'there is one' });
    this.put(place, body);
    return this.#show(this.items.get(place) ?? {}, 201, response);
  }

  #list(path: string, url: URL, response: ServerResponse): ServerResponse {
    const all = [...this.items].filter(([key]) => key.startsWith(`${path}/`)).map(([, item]) => item);
    const page = Number(url.searchParams.get('page') ?? '0');
    const items = all.slice(page * this.pageSize, (page + 1) * this.pageSize);
    const hasMore = all.length > (page + 1) * this.pageSize;
    const next = new URL(url);
    next.searchParams.set('page', String(page + 1));
    const etag = this.etagOf({ items });
    const link = hasMore ? { link: `<${this.url}/boxes?page=0>; rel="first", <${next.href}>; rel="next"` } : {};
    return answer(response, 200, items, { ...link, ...(this.etags === 'none' ? {} : { etag }) });
  }

  #show(item: JsonObject, status: number, response: ServerResponse): ServerResponse {
    return answer(response, status, item, this.etags === 'none' ? {} : { etag: this.etagOf(item) });
  }
}

/** Sends an answer with JSON, or with none. */
export function answer(
  response: ServerResponse,
  status: number,
  body: Json | undefined,
  headers: Readonly<Record<string, string>> = {},
): ServerResponse {
  response.writeHead(status, { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers });
  return response.end(body === undefined ? undefined : JSON.stringify(body));
}
