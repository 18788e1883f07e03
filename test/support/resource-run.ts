import { DEFAULT_RUN_LIMITS, type JsonObject, type ManagedNode, RunBudget, UsedDefinitions } from 'koreo-kernel';
import { ManagedTracker } from '../../kernel/runtime/managed-tracker.js';
import { type ResourceFunctionRun, runResourceFunction } from '../../kernel/runtime/resource-function.js';
import { definitionsOf, type TestDefinitions } from './definitions.js';
import { environmentFor, type RunSetup } from './run.js';

/** A run of a ResourceFunction, and what it manages. */
export interface ResourceRun extends ResourceFunctionRun {
  readonly managed: ManagedNode;
  readonly used: readonly string[];
}

/** `kind: ResourceFunction` named `f` about a `Widget shop/w` of `example/v1`, with more of its spec as given. */
export function widgetFunction(spec: string, apiConfig = ''): string {
  return [
    'kind: ResourceFunction',
    'metadata: {name: f}',
    'spec:',
    `  apiConfig: {apiVersion: example/v1, kind: Widget, name: w, namespace: shop${apiConfig && `, ${apiConfig}`}}`,
    spec.trim().replace(/^/gm, '  '),
  ].join('\n');
}

/** Runs the ResourceFunction `f` of the definitions for the trigger `Order shop/o1`, whose uid is `order-uid`. */
export async function runResource(
  definitions: TestDefinitions | string,
  setup: RunSetup & {
    readonly inputs?: JsonObject;
    readonly ownerNamespace?: string;
    readonly ownerStore?: string;
  } = {},
): Promise<ResourceRun> {
  const found = typeof definitions === 'string' ? definitionsOf(definitions) : definitions;
  const tracker = new ManagedTracker();
  const { ownerNamespace: namespace = 'shop', ownerStore: store = 'memory' } = setup;
  const used = new UsedDefinitions(found);
  const context = {
    ...environmentFor(found, setup),
    owner: { store, apiVersion: 'shop.example/v1', kind: 'Order', name: 'o1', namespace, uid: 'order-uid' },
    budget: new RunBudget(setup.limits?.evaluation ?? DEFAULT_RUN_LIMITS.evaluation),
    used,
    claim: async () => undefined,
    appliedTo: () => undefined,
  };
  const run = await runResourceFunction(found.get('ResourceFunction', 'f'), setup.inputs ?? {}, context, tracker);
  return { ...run, managed: tracker.node, used: used.list().map(({ kind, name }) => `${kind} ${name}`) };
}
