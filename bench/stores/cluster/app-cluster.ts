import { asResource, type JsonObject, type Resource } from 'koreo-kernel';
import { Assets } from '../../../test/support/cluster/assets.js';
import { OwnCluster } from '../../../test/support/cluster/own-cluster.js';

/** The kinds of the world of Apps, each with its plural. */
export const APP_KINDS = { App: 'apps', Settings: 'settings', Server: 'servers', Address: 'addresses' } as const;

const GROUP = 'bench.example.com';

/** Why no API server can be started here; undefined when one can. */
export function whyNoCluster(): string | undefined {
  return process.env.KUBEBUILDER_ASSETS === undefined ? 'it needs an API server: set KUBEBUILDER_ASSETS' : undefined;
}

/** Starts an API server that knows Apps and what is made of them. */
export async function startAppCluster(): Promise<OwnCluster> {
  const assets = Assets.in(process.env.KUBEBUILDER_ASSETS ?? '');
  const cluster = await OwnCluster.start(assets, { controllerManager: false });
  for (const [kind, plural] of Object.entries(APP_KINDS)) await cluster.apply(definitionOf(kind, plural));
  for (let index = 0; index < 20; index += 1) {
    await cluster.apply(asResource({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: `team-${index}` } }));
  }
  return cluster;
}

function definitionOf(kind: string, plural: string): Resource {
  const names = { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` };
  const anything: JsonObject = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const version = {
    name: 'v1',
    served: true,
    storage: true,
    schema: { openAPIV3Schema: anything },
    ...(kind === 'App' ? { subresources: { status: {} } } : {}),
  };
  return asResource({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${GROUP}` },
    spec: { group: GROUP, names, scope: 'Namespaced', versions: [version] },
  });
}
