import type { ExecutionContext } from 'ava';
import {
  asResource,
  createKernel,
  type Incident,
  isObject,
  type Json,
  type JsonObject,
  type Kernel,
  type KernelOptions,
  type Resource,
  type RunReport,
  type StoreConfiguration,
} from 'koreo-kernel';
import cel from 'koreo-kernel/plugins/cel';
import { MemoryStore, VirtualClock } from 'koreo-kernel/testing';
import { parseAllDocuments } from 'yaml';

/** The resources of a text of YAML documents. */
export function resources(text: string): readonly Resource[] {
  return parseAllDocuments(text)
    .map((document): unknown => document.toJS())
    .filter(isObject)
    .map((value: JsonObject) => asResource(value));
}

/** What a harness is made with; all has a default. */
export interface HarnessOptions extends Partial<Omit<KernelOptions, 'stores' | 'clock'>> {
  /** What the store, or the first of several, holds at first: YAML documents. */
  readonly world?: string;
  readonly stores?: readonly MemoryStore[];
  /** Stores that the kernel makes, beside them. */
  readonly more?: readonly StoreConfiguration[];
}

/** A kernel in virtual time with stores in memory, and all that it has told. */
export class Harness {
  readonly clock = new VirtualClock();
  readonly stores: readonly MemoryStore[];
  readonly kernel: Kernel;
  readonly reports: RunReport[] = [];
  readonly incidents: Incident[] = [];

  constructor({ world = '', stores = [new MemoryStore()], plugins = [cel], more = [], ...options }: HarnessOptions) {
    this.stores = stores;
    this.apply(world);
    this.kernel = createKernel({ ...options, plugins, stores: [...stores, ...more], clock: this.clock });
    this.kernel.reports.subscribe((report) => this.reports.push(report));
    this.kernel.incidents.subscribe((incident) => this.incidents.push(incident));
  }

  /** The first store. */
  get store(): MemoryStore {
    const [first] = this.stores;
    if (first === undefined) throw new Error('there is no store');
    return first;
  }

  /** Puts resources into the first store, as someone else would. */
  apply(text: string): void {
    for (const resource of resources(text)) this.store.put(resource);
  }

  /** Waits until nothing is left to do now, and lets all that was told arrive. */
  async idle(): Promise<void> {
    await this.clock.settle();
    await this.kernel.whenIdle();
  }

  /** Lets seconds pass, with all that happens in them. */
  async pass(seconds: number): Promise<void> {
    await this.clock.advance(seconds * 1000);
    await this.kernel.whenIdle();
  }

  /** The causes of each run of the trigger of that name since the last time that this was asked. */
  newRuns(name: string): readonly (readonly string[])[] {
    const all = this.reports.filter(({ trigger }) => trigger.name === name).map(({ causes }) => causes);
    const seen = this.#seen.get(name) ?? 0;
    this.#seen.set(name, all.length);
    return all.slice(seen);
  }
  readonly #seen = new Map<string, number>();

  /** The report of the last run of the trigger of that name. */
  last(name: string): RunReport {
    const found = this.reports.findLast(({ trigger }) => trigger.name === name);
    if (found === undefined) throw new Error(`${name} has not run`);
    return found;
  }

  /** A resource of the first store as it is now. */
  see(kind: string, name: string): Resource | undefined {
    return this.store.resources.find((resource) => resource.kind === kind && resource.metadata.name === name);
  }

  /** The `Ready` condition that a trigger shows, as `Status Reason`. */
  ready(name: string, kind = 'Order'): string {
    const { status, reason } = this.#condition(kind, name);
    return `${status} ${reason}`;
  }

  /** The message of that condition. */
  readyMessage(name: string, kind = 'Order'): string {
    return String(this.#condition(kind, name).message);
  }

  /** The conditions that a trigger shows. */
  conditions(name: string, kind = 'Order'): readonly JsonObject[] {
    const conditions = this.see(kind, name)?.status?.conditions;
    return Array.isArray(conditions) ? (conditions as readonly Json[]).filter(isObject) : [];
  }

  #condition(kind: string, name: string): JsonObject {
    return this.conditions(name, kind).find(({ type }) => type === 'Ready') ?? {};
  }

  /** Changes a resource of the first store as its author would: a merge patch of one level over spec and metadata. */
  edit(kind: string, name: string, change: { spec?: JsonObject; metadata?: Partial<Resource['metadata']> }): void {
    const before = this.see(kind, name);
    if (before === undefined) throw new Error(`there is no ${kind} ${name}`);
    this.store.put({
      ...before,
      ...(change.spec === undefined ? {} : { spec: change.spec }),
      metadata: { ...before.metadata, ...change.metadata },
    });
  }

  annotate(name: string, annotations: Readonly<Record<string, string>>, kind = 'Order'): void {
    const before = this.see(kind, name)?.metadata.annotations;
    this.edit(kind, name, { metadata: { annotations: { ...before, ...annotations } } });
  }
}

/** A harness whose kernel has started and has run what was due; it is stopped with the test. */
export async function start(t: ExecutionContext, options: HarnessOptions): Promise<Harness> {
  const harness = new Harness(options);
  t.teardown(() => harness.kernel.stop({ graceMs: 0 }));
  await harness.kernel.start();
  await harness.idle();
  return harness;
}

/** A value function whose return is given. */
export function valueFunction(name: string, value: JsonObject): string {
  return definition('ValueFunction', name, { return: value });
}

/** A Workflow for Orders, or for the kind given, of steps that each run a function. */
export function workflow(name: string, steps: readonly JsonObject[], kind: string | null = 'Order'): string {
  const crdRef = kind === null ? {} : { crdRef: { apiGroup: 'shop.example', version: 'v1', kind } };
  return definition('Workflow', name, { ...crdRef, steps });
}

/** A step that runs a ValueFunction, labelled with its name. */
export function step(name: string, more: JsonObject = {}): JsonObject {
  return { label: name.replaceAll(/[.-]/g, '_'), ref: { kind: 'ValueFunction', name }, ...more };
}

export function definition(kind: string, name: string, spec: JsonObject): string {
  const resource = { apiVersion: 'koreo.dev/v1beta1', kind, metadata: { name, namespace: 'defs' }, spec };
  return `---\n${JSON.stringify(resource)}\n`;
}

/** A trigger. */
export function order(name: string, spec: JsonObject = {}, kind = 'Order'): string {
  const resource = { apiVersion: 'shop.example/v1', kind, metadata: { name, namespace: 'shop' }, spec };
  return `---\n${JSON.stringify(resource)}\n`;
}

/** The definitions of a shop in which each Order becomes an Invoice of its total. */
export const SHOP = [
  valueFunction('price', { total: '=inputs.count * 3' }),
  definition('ResourceFunction', 'invoice', {
    apiConfig: { apiVersion: 'shop.example/v1', kind: 'Invoice', name: '=inputs.name', namespace: 'shop' },
    resource: { spec: { total: '=inputs.total' } },
    create: { delay: 5 },
    update: { patch: { delay: 7 } },
    return: { total: '=resource.spec.total' },
  }),
  workflow('orders', [
    step('price', { inputs: { count: '=parent.spec.count' } }),
    {
      label: 'invoice',
      ref: { kind: 'ResourceFunction', name: 'invoice' },
      inputs: { name: '=parent.metadata.name', total: '=steps.price.total' },
      state: { total: '=value.total' },
    },
  ]),
].join('');
