import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asResource, getAt, isObject, type JsonObject, type Resource } from 'koreo-kernel';
import { definitionCrds } from 'koreo-kernel/config';
import { parseAllDocuments } from 'yaml';
import type { Cluster } from '../../support/cluster/cluster.js';
import { installCrds } from '../../support/cluster/server-judgement.js';
import { eventually } from '../../support/eventually.js';

const EXAMPLE = fileURLToPath(new URL('../../../../examples/cluster/', import.meta.url));

/** The CRDs of the example: what teams ask for, and the directory that is made. */
export const websiteCrds = (): readonly JsonObject[] => documentsIn('crds.yaml');

/** The Workflow of the example and all that it uses. */
export const websiteDefinitions = (): readonly Resource[] =>
  readdirSync(join(EXAMPLE, 'definitions')).flatMap((file) => documentsIn(`definitions/${file}`).map(asResource));

/** One to ask for. */
export function website(name: string, spec: JsonObject = {}, namespace = 'default'): Resource {
  return asResource({
    apiVersion: 'web.example.com/v1',
    kind: 'Website',
    metadata: { name, namespace },
    spec: { page: '<h1>Hello</h1>', replicas: 1, ...spec },
  });
}

/** What is made of it, to be looked up by. */
export function madeOf(name: string, namespace = 'default') {
  const metadata = { name, namespace };
  return {
    page: { apiVersion: 'v1', kind: 'ConfigMap', metadata },
    server: { apiVersion: 'apps/v1', kind: 'Deployment', metadata },
    address: { apiVersion: 'v1', kind: 'Service', metadata },
    listing: { apiVersion: 'web.example.com/v1', kind: 'Listing', metadata: { name: `${namespace}.${name}` } },
  };
}

/** Everything of the example but something to ask for. */
export async function installExample(cluster: Cluster): Promise<void> {
  await installCrds(cluster, [...definitionCrds(), ...websiteCrds()]);
  await cluster.apply(...websiteDefinitions());
}

/** Tells what no controller tells where no pods run: that as many as are wanted can be reached. */
export async function letPodsRun(cluster: Cluster, name: string, namespace = 'default'): Promise<void> {
  const { server } = madeOf(name, namespace);
  await eventually(`the Deployment ${name}`, async () => {
    const { metadata, spec } = (await cluster.get(server)) ?? {};
    if (metadata === undefined || !isObject(spec)) return false;
    const { replicas = 1 } = spec;
    const observedGeneration = metadata.generation ?? 0;
    const all = { replicas, updatedReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas };
    const status = { observedGeneration, ...all };
    await cluster.patch(server, { status }, 'status');
    return true;
  });
}

/** A condition of a resource's status. */
export function conditionOf(status: unknown, type: string): JsonObject | undefined {
  const conditions = isObject(status) ? status.conditions : undefined;
  return Array.isArray(conditions) ? conditions.filter(isObject).find((one) => one.type === type) : undefined;
}

/** Waits until a trigger shows `Ready` with this status for what its author wants now, and gives it. */
export async function untilReady(cluster: Cluster, trigger: Resource, status = 'True'): Promise<Resource> {
  return eventually(`${trigger.kind} ${trigger.metadata.name} with Ready ${status}`, async () => {
    const found = await cluster.get(trigger);
    const ready = conditionOf(found?.status, 'Ready');
    const current = Number(ready?.observedGeneration ?? 0) >= Number(found?.metadata.generation ?? 0);
    return ready?.status === status && current ? found : undefined;
  });
}

/** The value at a path of a resource as it is now. */
export async function valueAt(cluster: Cluster, of: Addressed, path: readonly string[]): Promise<unknown> {
  const found = await cluster.get(of);
  return found === undefined ? undefined : getAt(found as unknown as JsonObject, path);
}
type Addressed = Parameters<Cluster['get']>[0];

function documentsIn(file: string): readonly JsonObject[] {
  return parseAllDocuments(readFileSync(join(EXAMPLE, file), 'utf8'))
    .map((document): unknown => document.toJS())
    .filter(isObject);
}
