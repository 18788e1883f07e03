import { setTimeout as wait } from 'node:timers/promises';
import { createKernel, type Kernel, type Resource, refKey, refOf, type Store } from 'koreo-kernel';
import kubernetes from 'koreo-kernel/adapters/kubernetes';
import cel from 'koreo-kernel/plugins/cel';
import { Subscription } from 'rxjs';
import { app } from '../../loop/app-world.js';

/** So many requests of the driver are under way at once. */
const AT_ONCE = 20;
const PATIENCE_MS = 300_000;

/** Makes and edits Apps, and sees what becomes of them; whichever controller looks after them. */
export class Driver {
  readonly #kernel: Kernel;
  readonly #store: Store;
  readonly #subscription = new Subscription();
  readonly #ready = new Set<string>();
  /** Who waits for changes of each Server. */
  readonly #awaited = new Map<string, AwaitedChange[]>();
  /** What the last edit asked for: each asks for more than all before, so that a later one is known as such. */
  #replicas = 1000;

  constructor(kubeconfig: string) {
    // A kernel without definitions: only its store is of use here.
    this.#kernel = createKernel({
      plugins: [cel, kubernetes],
      stores: [{ name: 'cluster', type: 'kubernetes', options: { kubeconfig } }],
      definitions: [],
    });
    const store = this.#kernel.stores.get('cluster');
    if (store === undefined) throw new Error('there is no store');
    this.#store = store;
  }

  /** Resolves when it sees what happens. */
  async start(): Promise<void> {
    await Promise.all([
      this.#follow('App', (resource) => {
        if (isReady(resource)) this.#ready.add(resource.metadata.name);
      }),
      this.#follow('Server', (resource) => this.#seeServer(resource)),
    ]);
  }

  /** Makes the Apps from one index to another, and resolves when each is ready. */
  async createApps(from: number, to: number): Promise<void> {
    let next = from;
    const work = async (): Promise<void> => {
      for (let index = next; index < to; index = next) {
        next += 1;
        await this.#store.create(app(index));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const begun = performance.now();
    while (this.#ready.size < to) {
      if (performance.now() - begun > PATIENCE_MS) throw new Error(`${this.#ready.size} of ${to} Apps are ready`);
      await wait(5);
    }
  }

  /**
   * Edits so many Apps a second. Gives for each the milliseconds from the server's answer to the edit until the change
   * of its Server is seen here.
   */
  async edit(apps: number, rate: number, seconds: number): Promise<readonly number[]> {
    const begun = performance.now();
    const edits: Promise<number>[] = [];
    for (let count = 0; count < rate * seconds; count += 1) {
      await wait(Math.max(0, begun + (count * 1000) / rate - performance.now()));
      this.#replicas += 1;
      edits.push(this.#editOne(count % apps, this.#replicas));
    }
    return Promise.all(edits);
  }

  async stop(): Promise<void> {
    this.#subscription.unsubscribe();
    await this.#kernel.stop();
  }

  async #editOne(index: number, replicas: number): Promise<number> {
    const ref = refOf(app(index));
    const seen = new Promise<number>((resolve) => {
      const key = refKey({ ...ref, kind: 'Server' });
      const others = this.#awaited.get(key) ?? [];
      this.#awaited.set(key, [...others, { replicas, seen: () => resolve(performance.now()) }]);
    });
    await this.#store.patch(ref, { spec: { replicas } });
    const answered = performance.now();
    const late = wait(PATIENCE_MS, undefined, { ref: false }).then(() => {
      throw new Error(`the Server of ${ref.name} has not followed`);
    });
    return (await Promise.race([seen, late])) - answered;
  }

  #seeServer(resource: Resource): void {
    const key = refKey(refOf(resource));
    const awaited = this.#awaited.get(key);
    if (awaited === undefined) return;
    const { replicas } = resource.spec as { readonly replicas: number };
    // It may show a later edit already.
    for (const one of awaited) if (replicas >= one.replicas) one.seen();
    this.#awaited.set(
      key,
      awaited.filter((one) => replicas < one.replicas),
    );
  }

  #follow(kind: string, see: (resource: Resource) => void): Promise<void> {
    return new Promise((resolve) => {
      const events = this.#store.watch({ apiVersion: 'bench.example.com/v1', kind });
      this.#subscription.add(
        events.subscribe((event) => {
          if (event.type === 'synced') resolve();
          else if (event.type !== 'deleted') see(event.resource);
        }),
      );
    });
  }
}

/** Somebody who waits until a Server has at least so many replicas. */
interface AwaitedChange {
  readonly replicas: number;
  readonly seen: () => void;
}

function isReady({ status }: Resource): boolean {
  const conditions = (status?.conditions ?? []) as readonly { readonly type: string; readonly status: string }[];
  return conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True');
}
