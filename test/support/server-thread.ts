import { once } from 'node:events';
import { createServer as createPlainServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { ExecutionContext } from 'ava';

/** How a {@link ServerThread} proves itself; over plain HTTP when absent. */
export interface ServerTls {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
  readonly maxVersion: 'TLSv1.2' | 'TLSv1.3';
}

interface Given {
  readonly tls: ServerTls | undefined;
  readonly requests: SharedArrayBuffer;
}

/** An HTTP server that goes on while the thread of the test stands still. It answers everything with `{}`. */
export class ServerThread {
  readonly url: URL;
  readonly #requests: Int32Array;

  private constructor(url: URL, requests: Int32Array) {
    this.url = url;
    this.#requests = requests;
  }

  static async start(t: ExecutionContext, tls?: ServerTls): Promise<ServerThread> {
    const requests = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { tls, requests } satisfies Given });
    t.teardown(() => worker.terminate());
    const [port] = await once(worker, 'message');
    return new ServerThread(
      new URL(`${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`),
      new Int32Array(requests),
    );
  }

  /** How many requests have come in whole. */
  get requests(): number {
    return Atomics.load(this.#requests, 0);
  }

  /** Holds the calling thread, with all that waits in it, until one more than so many have come. @returns whether it has */
  holdUntilMoreThan(requests: number, ms = 2000): boolean {
    Atomics.wait(this.#requests, 0, requests, ms);
    return this.requests > requests;
  }
}

if (!isMainThread) await serve(workerData as Given);

async function serve({ tls, requests }: Given): Promise<void> {
  const count = new Int32Array(requests);
  const answer: RequestListener = (request, response) => {
    request.resume().once('end', () => {
      Atomics.add(count, 0, 1);
      Atomics.notify(count, 0);
      response.end('{}');
    });
  };
  const server = tls === undefined ? createPlainServer(answer) : createSecureServer(tls, answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  parentPort?.postMessage((server.address() as AddressInfo).port);
}
