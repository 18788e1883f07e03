import type { ExecutionContext } from 'ava';
import {
  asJson,
  asResource,
  createKernel,
  isObject,
  type Json,
  type JsonObject,
  type KindInfo,
  type Resource,
} from 'koreo-kernel';
import { loadConfig, toKernelOptions } from 'koreo-kernel/config';
import { MemoryStore, type VirtualClock } from 'koreo-kernel/testing';
import { builtInPlugins } from '../../cli/built-in-plugins.js';
import { copyExample } from '../examples/support/example.js';

/** All that the stores of an example hold, as they show it to a kernel. */
export interface ExampleContent {
  readonly resources: readonly Resource[];
  readonly kinds: readonly KindInfo[];
}

/** Reads an example as a clone has it, by its own configuration. */
export async function readExample(t: ExecutionContext, name: string): Promise<ExampleContent> {
  const loaded = await loadConfig({ ...builtInPlugins, cwd: copyExample(t, name) });
  // Never started: it makes and closes the stores.
  const kernel = createKernel(toKernelOptions(loaded));
  const resources: Resource[] = [];
  const kinds: KindInfo[] = [];
  for (const store of kernel.stores.values()) {
    for (const kind of await store.kinds()) {
      kinds.push(kind);
      resources.push(...(await store.list(kind)).items);
    }
  }
  await kernel.stop();
  return { resources, kinds };
}

/** An example in one store, with what people do to it. */
export class ExampleWorld {
  readonly store: MemoryStore;
  readonly #given: ReadonlySet<string>;

  constructor({ resources, kinds }: ExampleContent, clock: VirtualClock) {
    this.store = new MemoryStore({ resources, kinds, now: () => clock.now() });
    this.#given = new Set(resources.map(({ kind }) => kind));
  }

  /** Replaces top-level fields of a resource, as its author would, or whoever tells its status. */
  edit(kind: string, name: string, change: (now: Resource) => JsonObject): void {
    const now = this.#find(kind, name);
    this.store.put(asResource({ ...asJson(now), ...change(now) }));
  }

  /** Deletes all of a kind. */
  deleteAll(kind: string): void {
    for (const { apiVersion, metadata } of this.store.resources.filter((one) => one.kind === kind)) {
      const { name, namespace } = metadata;
      void this.store.delete({ apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) });
    }
  }

  /** What is there of kinds that the example does not bring along, sorted: `Kind namespace/name`. */
  get made(): readonly string[] {
    return this.store.resources
      .filter(({ kind }) => !this.#given.has(kind))
      .map(nameOf)
      .toSorted();
  }

  /** All that there is, but for what a store or a clock alone decides. */
  get content(): Readonly<Record<string, Json>> {
    return Object.fromEntries(this.store.resources.map((resource) => [nameOf(resource), lasting(asJson(resource))]));
  }

  #find(kind: string, name: string): Resource {
    const found = this.store.resources.find((one) => one.kind === kind && one.metadata.name === name);
    if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
    return found;
  }
}

function nameOf({ kind, metadata: { name, namespace } }: Resource): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

const PASSING = new Set(['uid', 'resourceVersion', 'creationTimestamp', 'lastTransitionTime']);

function lasting(value: Json): Json {
  if (Array.isArray(value)) return value.map(lasting);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !PASSING.has(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, lasting(inner)]));
}
