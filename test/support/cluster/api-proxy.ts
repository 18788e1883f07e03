import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request, type Server } from 'node:https';
import type { Socket } from 'node:net';
import type { KubeconfigContext } from './kubeconfig.js';
import type { OwnCluster } from './own-cluster.js';
import { freePorts } from './ports.js';

/** A request that went through. */
export interface PassedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

/** A line of a watch is handed on in two halves, and only the first arrives. */
interface Cut {
  readonly path: RegExp;
  readonly done: () => void;
}

/** Stands between a client and an API server, remembers what was asked, and breaks connections where a test wants it. */
export class ApiProxy {
  /** All that was asked until now. */
  readonly requests: PassedRequest[] = [];
  readonly #cluster: OwnCluster;
  readonly #server: Server;
  readonly #upstream: Agent;
  readonly #port: number;
  readonly #sockets = new Set<Socket>();
  readonly #watches = new Map<Socket, string>();
  readonly #cuts: Cut[] = [];

  private constructor(cluster: OwnCluster, port: number) {
    const { ca, files } = cluster.certificates;
    this.#cluster = cluster;
    this.#port = port;
    this.#upstream = new Agent({ ca, keepAlive: true });
    this.#server = createServer(
      { cert: readFileSync(files.certificate), key: readFileSync(files.key) },
      (incoming, outgoing) => this.#pass(incoming, outgoing),
    );
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined).once('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('tlsClientError', () => undefined);
  }

  static async start(cluster: OwnCluster): Promise<ApiProxy> {
    const [port = 0] = await freePorts(1);
    const proxy = new ApiProxy(cluster, port);
    await proxy.up();
    return proxy;
  }

  /** A context of the cluster's kubeconfig that leads through here. */
  context(user = 'admin'): KubeconfigContext {
    return { ...this.#cluster.context(user), server: `https://127.0.0.1:${this.#port}` };
  }

  /** Listens again. */
  async up(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** Breaks every connection and takes no new one, as a network that is cut. */
  async down(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Breaks the next line that a watch of that path hands on in its middle, and with it the connection. */
  cutInsideLine(path: RegExp): Promise<void> {
    return new Promise((resolve) => {
      this.#cuts.push({ path, done: resolve });
    });
  }

  /** The paths of the watches that are open now. */
  get watches(): readonly string[] {
    return [...this.#watches.values()];
  }

  async stop(): Promise<void> {
    if (this.#server.listening) await this.down();
    this.#upstream.destroy();
  }

  #pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const url = new URL(incoming.url ?? '/', this.#cluster.server);
    this.requests.push({ method: incoming.method ?? 'GET', path: url.pathname, query: url.searchParams });
    const isWatch = ['1', 'true'].includes(url.searchParams.get('watch') ?? '');
    if (isWatch) this.#watches.set(incoming.socket, url.pathname);
    const { method, headers } = incoming;
    const upstream = request(url, { method, headers, agent: this.#upstream }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      outgoing.flushHeaders();
      answer.on('data', (part: Buffer) => {
        const cut = isWatch ? this.#cutFor(url.pathname) : undefined;
        if (cut === undefined) outgoing.write(part);
        else this.#breakInside(part, outgoing, cut);
      });
      answer.on('end', () => outgoing.end()).on('error', () => outgoing.destroy());
    });
    upstream.on('error', () => outgoing.destroy());
    outgoing.once('close', () => {
      this.#watches.delete(incoming.socket);
      upstream.destroy();
    });
    incoming.pipe(upstream);
  }

  #cutFor(path: string): Cut | undefined {
    const index = this.#cuts.findIndex((cut) => cut.path.test(path));
    return index < 0 ? undefined : this.#cuts.splice(index, 1)[0];
  }

  #breakInside(part: Buffer, outgoing: ServerResponse, { done }: Cut): void {
    outgoing.write(part.subarray(0, Math.floor(part.indexOf('\n') / 2)), () => {
      outgoing.destroy();
      done();
    });
  }
}
