import type { Resource, Selector, StoreActivity, StoreEvent, StoreHealth } from 'koreo-kernel';
import { VirtualClock } from 'koreo-kernel/testing';
import type { Subscription } from 'rxjs';
import { Discovery } from '../../../../adapters/kubernetes/discovery/discovery.js';
import { WatchHub } from '../../../../adapters/kubernetes/watch/index.js';
import { ApiWorld } from '../../../support/fake-api-server/api-world.js';
import { LoopbackClient } from './loopback-client.js';

export const WIDGET = { apiVersion: 'probe.koreo.dev/v1', kind: 'Widget' } as const;

/** How a {@link WatchWorld} is made. */
export interface WorldOptions {
  readonly namespaces?: readonly string[];
  readonly pageSize?: number;
  readonly seed?: number;
  /** Whether the kind Widget is there from the start; true by default. */
  readonly installed?: boolean;
}

/** The watches of a store and the API server that they watch, in virtual time. */
export class WatchWorld {
  readonly clock: VirtualClock;
  readonly server: ApiWorld;
  readonly client: LoopbackClient;
  readonly hub: WatchHub;
  readonly activity: StoreActivity[] = [];
  readonly healths: StoreHealth[] = [];

  constructor({ namespaces, pageSize = 500, seed, installed = true }: WorldOptions = {}) {
    this.clock = new VirtualClock(seed === undefined ? {} : { seed });
    this.server = new ApiWorld({ namespaces: ['a', 'b', 'c'], now: () => new Date(this.clock.now()) });
    this.client = new LoopbackClient(this.server);
    const discovery = new Discovery({ client: this.client, clock: this.clock });
    this.hub = new WatchHub({
      client: this.client,
      resolve: async (gvk, how) => discovery.find(gvk, how),
      clock: this.clock,
      options: { pageSize, timeoutSeconds: 300, silenceSeconds: 90, ...(namespaces && { namespaces }) },
    });
    this.hub.activity.subscribe((one) => this.activity.push(one));
    this.hub.health.subscribe((one) => this.healths.push(one));
    if (installed) this.install();
  }

  get health(): StoreHealth | undefined {
    return this.healths.at(-1);
  }

  /** Why watches were begun anew, in order. */
  get restarts(): readonly string[] {
    return this.activity.flatMap((one) => (one.type === 'watch-restart' ? [one.why] : []));
  }

  /** Makes the kind Widget be there. */
  install({ plural = 'widgets', scope = 'Namespaced' }: { plural?: string; scope?: string } = {}): void {
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    this.server.put({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.probe.koreo.dev` },
      spec: {
        group: 'probe.koreo.dev',
        scope,
        names: { plural, kind: 'Widget' },
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    });
  }

  /** Takes the kind away, with all its resources. */
  uninstall(plural = 'widgets'): void {
    const name = `${plural}.probe.koreo.dev`;
    this.server.drop({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name });
  }

  /** Makes a widget be there; `NAMESPACE/NAME`, or a name in `default`. */
  put(name: string, size = 1): Resource {
    return this.server.put({ ...WIDGET, metadata: placed(name), spec: { size } }) as unknown as Resource;
  }

  drop(name: string): void {
    this.server.drop({ ...WIDGET, ...placed(name) });
  }

  /** Begins to watch, and lets it come to rest. */
  async watch(selector: Selector = WIDGET): Promise<WatchStory> {
    const story = new WatchStory(this.hub, selector);
    await this.rest();
    return story;
  }

  /** Lets everything happen that waits for no time. */
  async rest(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) await this.clock.settle();
  }

  /** Lets seconds pass. */
  async pass(seconds: number): Promise<void> {
    await this.clock.advance(seconds * 1000);
    await this.rest();
  }
}

/** What one watch has told. */
export class WatchStory {
  readonly events: StoreEvent[] = [];
  ended: string | undefined;
  readonly #subscription: Subscription;

  constructor(hub: WatchHub, selector: Selector) {
    this.#subscription = hub.watch(selector).subscribe({
      next: (event) => this.events.push(event),
      error: (error: unknown) => {
        this.ended = `error ${error}`;
      },
      complete: () => {
        this.ended = 'complete';
      },
    });
  }

  /** In words: `added a/one 1`, `synced`. */
  get told(): readonly string[] {
    return this.events.map((event) => {
      if (event.type === 'synced') return 'synced';
      const { metadata, spec } = event.resource;
      const place =
        metadata.namespace === 'default' || metadata.namespace === undefined ? '' : `${metadata.namespace}/`;
      return `${event.type} ${place}${metadata.name} ${(spec as { size?: number } | undefined)?.size ?? '-'}`;
    });
  }

  /** What it has told since it was asked last. */
  news(): readonly string[] {
    const told = this.told;
    this.events.length = 0;
    return told;
  }

  stop(): void {
    this.#subscription.unsubscribe();
  }
}

function placed(name: string): { namespace: string; name: string } {
  const [namespace, own] = name.includes('/') ? name.split('/') : ['default', name];
  return { namespace: namespace ?? '', name: own ?? '' };
}
