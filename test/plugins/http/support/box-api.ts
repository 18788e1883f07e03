import type { ExecutionContext } from 'ava';
import type { JsonObject, Resource, ResourceRef, StoreEvent } from 'koreo-kernel';
import { type ApiOptions, createHttpHandler, type HttpHandler, type KindOptions } from 'koreo-kernel/plugins/http';
import { VirtualClock } from 'koreo-kernel/testing';
import { ApiServer } from './api-server.js';

export const BOX = { apiVersion: 'things.example/v1', kind: 'Box' } as const;

/** The token that the handler is given: no message, status or log may ever hold it. */
export const TOKEN = 'correct+horse/battery=staple';

/** Boxes as the test API has them. */
export const BOX_KIND: KindOptions = {
  ...BOX,
  plural: 'boxes',
  item: {
    name: 'name',
    uid: 'id',
    spec: { size: 'size', colour: '/paint/colour', tags: 'tags' },
    status: { seal: 'seal' },
  },
  read: { url: '/boxes/{name}' },
  list: { url: '/boxes', pages: { type: 'link' } },
  create: { url: '/boxes', body: { name: '{name}' } },
  update: { url: '/boxes/{name}' },
  delete: { url: '/boxes/{name}' },
};

/** What a test changes of the usual options. */
export interface BoxSetup {
  readonly api?: Partial<ApiOptions>;
  readonly kind?: Partial<KindOptions>;
  /** What the kind has no way to do. */
  readonly without?: readonly ('read' | 'list' | 'create' | 'update' | 'delete')[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** A handler of boxes, the API that it talks to, and the clock by which it does so. */
export interface BoxApi {
  readonly server: ApiServer;
  readonly handler: HttpHandler;
  readonly clock: VirtualClock;
  readonly incidents: unknown[];
}

/** Starts an API of boxes, and makes a handler for it; both end with the test. */
export async function boxApi(t: Pick<ExecutionContext, 'teardown'>, setup: BoxSetup = {}): Promise<BoxApi> {
  const server = await ApiServer.start(t);
  const clock = new VirtualClock();
  const incidents: unknown[] = [];
  const handler = createHttpHandler(
    {
      name: 'things',
      baseUrl: server.url,
      addresses: ['loopback'],
      auth: { bearer: { fromEnv: 'TOKEN' } },
      errorMessage: 'message',
      pollSeconds: 30,
      ...setup.api,
      kinds: [kindFor(setup)],
    },
    {
      clock,
      baseDirectory: '.',
      environment: (name) => ({ TOKEN, ...setup.environment })[name],
      incident: (error) => void incidents.push(error),
    },
  );
  t.teardown(() => handler.close());
  return { server, handler, clock, incidents };
}

function kindFor({ kind, without = [] }: BoxSetup): KindOptions {
  const options = { ...BOX_KIND, ...kind };
  const kept = Object.entries(options).filter(([key]) => !without.some((one) => one === key));
  return Object.fromEntries(kept) as unknown as KindOptions;
}

export function boxRef(name: string, namespace?: string): ResourceRef {
  return namespace === undefined ? { ...BOX, name } : { ...BOX, name, namespace };
}

export function box(name: string, spec: JsonObject, namespace?: string): Resource {
  return { ...BOX, metadata: namespace === undefined ? { name } : { name, namespace }, spec };
}

/** What a watch has told, as it comes; a test waits for as many events as it expects. */
export class Told {
  readonly events: StoreEvent[] = [];
  #waiting: (() => void)[] = [];

  readonly next = (event: StoreEvent): void => {
    this.events.push(event);
    for (const wake of this.#waiting.splice(0)) wake();
  };

  /** So many events in short, `added a`, `synced`, when they are there; those before are forgotten. */
  async take(count: number): Promise<readonly string[]> {
    while (this.events.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.events
      .splice(0, count)
      .map((event) => (event.type === 'synced' ? 'synced' : `${event.type} ${event.resource.metadata.name}`));
  }
}
