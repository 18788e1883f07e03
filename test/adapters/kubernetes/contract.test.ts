import test from 'ava';
import { asJson, type JsonObject, type Resource, type ResourceRef, SystemClock } from 'koreo-kernel';
import { kubernetesStore } from 'koreo-kernel/adapters/kubernetes';
import { type StoreHarness, storeContract } from '../../contract/store.js';
import type { Addressed, Cluster } from '../../support/cluster/cluster.js';
import { useCluster } from '../../support/cluster/use-cluster.js';
import { ContractKinds } from './support/contract-kinds.js';

const cluster = useCluster({ controllerManager: false });

/** The forms that a kind can have, and the ways to write it. */
const SETTINGS = [
  { title: 'Kubernetes', statusSubresource: true, options: {} },
  { title: 'Kubernetes without a status subresource', statusSubresource: false, options: {} },
  { title: 'Kubernetes by merge patches', statusSubresource: true, options: { writes: 'merge' } },
] as const;

if (cluster.skipped !== undefined) {
  test.skip(`a Kubernetes store keeps the contract of stores (skipped: ${cluster.skipped})`, () => undefined);
} else {
  let kinds: ContractKinds | undefined;
  for (const { title, statusSubresource, options } of SETTINGS) {
    storeContract(
      title,
      async () => {
        kinds ??= new ContractKinds(cluster.cluster);
        await kinds.ready({ statusSubresource });
        return harness(cluster.cluster, kinds, options);
      },
      {
        fieldOwners: !('writes' in options),
        holdsDeletion: true,
        tellsOwnWritesAtOnce: false,
        deletesAtOnce: false,
        deletionRevises: true,
        anyAnnotationKey: false,
      },
    );
  }
}

function harness(cluster: Cluster, kinds: ContractKinds, options: JsonObject): StoreHarness {
  const store = openStore(cluster, options);
  const stores = [store];
  return {
    store,
    authorsPart: async (ref) => {
      const resource = await cluster.get(addressed(ref));
      return resource?.spec;
    },
    outside: {
      put: (resource) => put(cluster, resource),
      remove: (ref) => cluster.remove(addressed(ref)),
    },
    open: async () => {
      const other = openStore(cluster, options);
      stores.push(other);
      return other;
    },
    dispose: async () => {
      await Promise.all(stores.map((store) => store.close()));
      await kinds.clear();
    },
  };
}

function openStore({ kubeconfig }: Cluster, options: JsonObject): ReturnType<typeof kubernetesStore.create> {
  const context = { name: 'cluster', baseDirectory: '.', clock: new SystemClock() };
  return kubernetesStore.create(context, { kubeconfig, ...options });
}

/** As somebody with an editor would: everything but the status is as given. */
async function put(cluster: Cluster, resource: Resource): Promise<void> {
  const current = await cluster.get(resource);
  if (current === undefined) {
    await cluster.create(resource);
    return;
  }
  const { status } = current;
  const { resourceVersion = '' } = current.metadata;
  const { apiVersion, metadata } = resource;
  const body = { ...asJson(resource), metadata: { ...metadata, resourceVersion }, ...(status && { status }) };
  const path = `/apis/${apiVersion}/namespaces/${metadata.namespace}/${resource.kind.toLowerCase()}s/${metadata.name}`;
  await cluster.call({ method: 'PUT', path, body });
}

function addressed({ apiVersion, kind, name, namespace }: ResourceRef): Addressed {
  return { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } };
}
