import { definitionKind, getAt, guessPlural, isObject, type JsonObject, type Resource } from 'koreo-kernel';
import { definitionCrds } from 'koreo-kernel/config';
import { eventually } from '../eventually.js';
import { ApiCallError } from './api-request.js';
import type { Cluster } from './cluster.js';

/** One thing that an API server refuses a resource for: the path and what is wrong, as far as it tells them apart. */
export interface Refusal {
  readonly path: string;
  readonly message: string;
}

/** Creates the CRDs of definitions, and waits until the server takes resources of them. A server without CEL drops their rules. */
export async function installCrds(cluster: Cluster, crds: readonly JsonObject[] = definitionCrds()): Promise<void> {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  for (const crd of crds) await cluster.call({ method: 'POST', path, body: crd });
  for (const crd of crds) {
    const name = getAt(crd, ['metadata', 'name']);
    await eventually(`the CRD ${name}`, async () => {
      const { status } = await cluster.call({ path: `${path}/${name}` });
      const conditions = conditionsIn(status);
      if (conditions.NonStructuralSchema === 'True') throw new Error(JSON.stringify(status));
      return conditions.Established === 'True';
    });
  }
}

function conditionsIn(status: unknown): Readonly<Record<string, unknown>> {
  const conditions = isObject(status) && Array.isArray(status.conditions) ? status.conditions.filter(isObject) : [];
  return Object.fromEntries(conditions.map(({ type, status: holds }) => [type, holds]));
}

/** What the server would refuse the definition for; nothing when it would take it. Its name is made one that Kubernetes takes. */
export async function refusals(cluster: Cluster, definition: Resource): Promise<readonly Refusal[]> {
  const kind = definitionKind(definition) ?? '';
  const metadata = { ...definition.metadata, name: 'judged', namespace: 'default' };
  const path = `/apis/${definition.apiVersion}/namespaces/default/${guessPlural(kind)}`;
  try {
    await cluster.call({
      method: 'POST',
      path: `${path}?dryRun=All&fieldValidation=Strict`,
      body: { ...definition, metadata },
    });
    return [];
  } catch (error) {
    if (!(error instanceof ApiCallError) || (error.code !== 422 && error.code !== 400)) throw error;
    return causesOf(JSON.parse(error.message.slice(error.message.indexOf('{'))));
  }
}

function causesOf(status: JsonObject): readonly Refusal[] {
  const causes = getAt(status, ['details', 'causes']);
  if (!Array.isArray(causes)) return [{ path: '', message: String(status.message) }];
  return causes.filter(isObject).map(({ field, message }) => ({ path: String(field), message: String(message) }));
}
