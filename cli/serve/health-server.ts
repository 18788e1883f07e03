import type { DutyBoard } from './duty.js';
import { Health, type HealthOptions } from './health.js';
import { HttpServer, type ListenOptions, type Route } from './http-server.js';
import { ProcessMetrics } from './metrics/process-metrics.js';
import { checksPage } from './page.js';

export interface HealthServerOptions extends HealthOptions, ListenOptions {
  readonly version: string;
}

/** What looks on from outside: probes and metrics. Listens until it is closed. */
export interface HealthServer {
  /** `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Hangs up on everyone. Idempotent. */
  close(): Promise<void>;
}

/** Serves /livez, /readyz and /metrics about the process whose board it is. @throws ServerError */
export async function serveHealth(board: DutyBoard, options: HealthServerOptions): Promise<HealthServer> {
  const health = new Health(board, options);
  const metrics = new ProcessMetrics(board, { version: options.version, node: true });
  const live = ({ verbose }: { readonly verbose: boolean }) => checksPage('livez', health.live(), { verbose });
  const server = new HttpServer(
    new Map<string, Route>([
      ['/livez', live],
      ['/healthz', live],
      ['/readyz', ({ verbose }) => checksPage('readyz', health.ready(), { verbose })],
      ['/metrics', async () => ({ status: 200, type: metrics.contentType, body: await metrics.text() })],
    ]),
  );
  const close = async (): Promise<void> => {
    await server.close();
    health.close();
    metrics.close();
  };
  try {
    return { url: await server.listen(options), close };
  } catch (error) {
    await close();
    throw error;
  }
}
