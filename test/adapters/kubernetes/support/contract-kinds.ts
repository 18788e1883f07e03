import { isList, isObject, type Json, type Resource } from 'koreo-kernel';
import { GADGET, WIDGET } from '../../../contract/store.js';
import type { Cluster } from '../../../support/cluster/cluster.js';
import { eventually } from '../../../support/eventually.js';

/** Namespaces that tests of the contract write into; those with hostile names that are namespaces none the less, too. */
const NAMESPACES = [
  ...['team-a', 'team-b', 'team-c', 'elsewhere', 'a', 'b', 'c', 'a-b'],
  ...['con', 'case', 'constructor', 'prototype', 'length', '0', '007', '1e3', 'true', 'null'],
];

/** Makes a cluster hold the kinds of the store contract. */
export class ContractKinds {
  readonly #cluster: Cluster;
  #statusSubresource: boolean | undefined;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Makes Widgets have, or not have, a status apart, and the namespaces be there. Costs nothing when it is so. */
  async ready({ statusSubresource }: { readonly statusSubresource: boolean }): Promise<void> {
    if (this.#statusSubresource === statusSubresource) return;
    if (this.#statusSubresource === undefined) await this.#makeNamespaces();
    for (const [gvk, subresource] of [
      [WIDGET, statusSubresource],
      [GADGET, false],
    ] as const) {
      await this.#cluster.apply(definition(gvk.kind, subresource));
    }
    await eventually('the server tells of the kinds as they are to be', async () => {
      const served = await this.#served();
      return served.includes('widgets/status') === statusSubresource && served.includes('gadgets');
    });
    // What is new is told of before it can be asked for.
    await eventually('the server answers for the kinds', async () => {
      for (const { apiVersion, kind } of [WIDGET, GADGET]) await this.#cluster.list(apiVersion, kind);
      return true;
    });
    this.#statusSubresource = statusSubresource;
  }

  /** Removes every resource of the kinds, whatever finalizers they have. */
  async clear(): Promise<void> {
    for (const { apiVersion, kind } of [WIDGET, GADGET]) {
      for (const resource of await this.#cluster.list(apiVersion, kind)) await this.#remove(resource);
    }
  }

  async #remove(resource: Resource): Promise<void> {
    if (resource.metadata.finalizers !== undefined) {
      await this.#cluster.patch(resource, { metadata: { finalizers: null } });
    }
    await this.#cluster.remove(resource);
  }

  async #makeNamespaces(): Promise<void> {
    const namespaces = NAMESPACES.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
    await this.#cluster.apply(...namespaces);
  }

  async #served(): Promise<readonly Json[]> {
    const { resources = [] } = await this.#cluster.call({ path: `/apis/${WIDGET.apiVersion}` });
    return isList(resources) ? resources.filter(isObject).map(({ name = null }) => name) : [];
  }
}

function definition(kind: string, statusSubresource: boolean): Resource {
  const [plural, singular] = [`${kind.toLowerCase()}s`, kind.toLowerCase()];
  const openAPIV3Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.contract.koreo.dev` },
    spec: {
      group: 'contract.koreo.dev',
      scope: 'Namespaced',
      names: { kind, plural, singular, listKind: `${kind}List` },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema },
          ...(statusSubresource && { subresources: { status: {} } }),
        },
      ],
    },
  };
}
