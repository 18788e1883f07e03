import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { StoreActivity, WriteFence } from 'koreo-kernel';
import { VirtualClock } from 'koreo-kernel/testing';
import { HttpApiClient } from '../../../../adapters/kubernetes/api/http-api-client.js';
import { type RateLimit, TokenBucket } from '../../../../adapters/kubernetes/api/token-bucket.js';
import { KubeConnection } from '../../../../adapters/kubernetes/connection/kube-connection.js';
import { FakeApiServer } from '../../../support/fake-api-server/fake-api-server.js';
import { tempFolder } from '../../../support/temp-folder.js';

export const MAP = { apiVersion: 'v1', kind: 'ConfigMap' } as const;
export const MAPS = '/api/v1/namespaces/default/configmaps';

/** How an {@link ApiWorld} is made. */
export interface ApiWorldOptions {
  readonly token?: string;
  readonly fence?: WriteFence;
  readonly rateLimit?: RateLimit;
  /** As the fake server has it; true by default. */
  readonly aggregatedDiscovery?: boolean;
}

/** A client, and the server in this process that it asks over HTTP. Time is virtual, the network is real. */
export class ApiWorld {
  private constructor(
    readonly server: FakeApiServer,
    readonly client: HttpApiClient,
    readonly clock: VirtualClock,
    readonly calls: readonly StoreActivity[],
  ) {}

  static async start(t: ExecutionContext, options: ApiWorldOptions = {}): Promise<ApiWorld> {
    const { token, fence, rateLimit, aggregatedDiscovery = true } = options;
    const [clock, calls] = [new VirtualClock(), [] as StoreActivity[]];
    const server = await FakeApiServer.start({ aggregatedDiscovery, now: () => new Date(clock.now()) });
    const folder = tempFolder(t, { kubeconfig: server.kubeconfig(token === undefined ? {} : { token }) });
    const client = new HttpApiClient({
      connection: new KubeConnection({ kubeconfig: join(folder, 'kubeconfig') }, clock),
      clock,
      requestTimeoutSeconds: 30,
      fence,
      rate: rateLimit && new TokenBucket(rateLimit, clock),
      onCall: (call) => calls.push(call),
    });
    t.teardown(async () => {
      await client.close();
      await server.stop();
    });
    return new ApiWorld(server, client, clock, calls);
  }

  /** Asks for a ConfigMap, which is there when `put`. */
  get(name = 'one', signal?: AbortSignal): Promise<unknown> {
    return this.client.send({ method: 'GET', path: `${MAPS}/${name}`, verb: 'get', kind: MAP, signal });
  }

  create(name = 'one', signal?: AbortSignal): Promise<unknown> {
    const body = { ...MAP, metadata: { name } };
    return this.client.send({ method: 'POST', path: MAPS, body, verb: 'create', kind: MAP, signal });
  }

  put(name = 'one'): void {
    this.server.put({ ...MAP, metadata: { name, namespace: 'default' } });
  }

  has(name: string): boolean {
    return this.server.peek({ ...MAP, namespace: 'default', name }) !== undefined;
  }

  /** The status codes that calls have ended with. */
  get codes(): readonly string[] {
    return this.calls.flatMap((call) => (call.type === 'call' ? [call.code] : []));
  }
}
