import type { ApiProbe } from '../api-probe.js';

/** A kind with the status subresource. */
export const WIDGETS = 'widgets.probe.koreo.dev/v1';
/** A kind without it. */
export const GADGETS = 'gadgets.probe.koreo.dev/v1';

/** Objects of one namespace, and the paths to them. */
export class Samples {
  constructor(readonly namespace: string) {}

  /** The path of a collection or an object, by `PLURAL.GROUP/VERSION`, or the plural alone in the core group. */
  readonly path = (resource: string, name?: string): string => {
    const [whole = '', version = 'v1'] = resource.split('/');
    const [plural, ...group] = whole.split('.');
    const root = group.length === 0 ? `/api/${version}` : `/apis/${group.join('.')}/${version}`;
    return `${root}/namespaces/${this.namespace}/${plural}${name === undefined ? '' : `/${name}`}`;
  };

  readonly widget = (name: string, spec: object = {}) => ({
    apiVersion: 'probe.koreo.dev/v1',
    kind: 'Widget',
    metadata: { name },
    spec,
  });

  readonly configMap = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });

  readonly lease = (name: string, holderIdentity: string) => ({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name },
    spec: { holderIdentity, leaseDurationSeconds: 15 },
  });

  readonly deployment = (name: string, containers: readonly unknown[]) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers } },
    },
  });
}

/** Makes the kinds of the expectations known to a server, and waits until it serves them. */
export async function installKinds(probe: ApiProbe): Promise<void> {
  for (const [plural, kind] of [
    ['widgets', 'Widget'],
    ['gadgets', 'Gadget'],
  ] as const) {
    await probe.ask('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      body: definition(plural, kind),
    });
    while ((await probe.ask('GET', `/apis/probe.koreo.dev/v1/${plural}`)).code !== 200) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function definition(plural: string, kind: string) {
  const spec = {
    type: 'object',
    properties: {
      size: { type: 'integer', minimum: 0 },
      colour: { type: 'string' },
      ...(kind === 'Gadget' && { mode: { type: 'string', default: 'slow' } }),
    },
  };
  const status = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.probe.koreo.dev` },
    spec: {
      group: 'probe.koreo.dev',
      scope: 'Namespaced',
      names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec, status } } },
          ...(kind === 'Widget' && { subresources: { status: {} } }),
        },
      ],
    },
  };
}
