import {
  DEFAULT_RUN_LIMITS,
  type JsonObject,
  type Resource,
  type RunEnvironment,
  type RunLimits,
  runTriggeredWorkflow,
  type Store,
  StoreHandler,
  type TriggerRun,
} from 'koreo-kernel';
import { MemoryStore, VirtualClock } from 'koreo-kernel/testing';
import type { TestDefinitions } from './definitions.js';

/** What a test says about a run; all has a default. */
export interface RunSetup {
  readonly store?: Store;
  readonly clock?: VirtualClock;
  readonly limits?: Partial<RunLimits>;
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
  readonly stores?: Readonly<Record<string, Store>>;
}

/** What a run needs, with one store that holds everything unless others are named. */
export function environmentFor(definitions: TestDefinitions, setup: RunSetup = {}): RunEnvironment {
  const { store = new MemoryStore(), stores = {} } = setup;
  const storeFor = (_gvk: unknown, placement: { store?: string }): Store => stores[placement.store ?? ''] ?? store;
  return {
    definitions,
    handlers: [new StoreHandler({ storeFor })],
    clock: setup.clock ?? new VirtualClock(),
    limits: { ...DEFAULT_RUN_LIMITS, ...setup.limits },
    signal: setup.signal ?? new AbortController().signal,
    dryRun: setup.dryRun ?? false,
  };
}

/** The trigger that runs belong to: `Order shop/o1` of the store `memory`. */
export function orderTrigger(fields: JsonObject = { spec: {} }): Resource {
  return {
    apiVersion: 'shop.example/v1',
    kind: 'Order',
    metadata: { name: 'o1', namespace: 'shop', uid: 'order-uid' },
    ...fields,
  };
}

/** Runs the Workflow of that name for the trigger. */
export function runWorkflowOf(
  definitions: TestDefinitions,
  name: string,
  setup: RunSetup & { readonly trigger?: Resource } = {},
): Promise<TriggerRun> {
  const trigger = { resource: setup.trigger ?? orderTrigger(), store: 'memory' };
  return runTriggeredWorkflow(definitions.get('Workflow', name), trigger, environmentFor(definitions, setup));
}
