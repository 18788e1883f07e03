import type { JsonObject } from 'koreo-kernel';

/** How a kind is declared; a namespaced one with a status apart by default. */
export interface KindOptions {
  /** `web.example.com` by default. */
  readonly group?: string;
  readonly scope?: 'Namespaced' | 'Cluster';
  /** Keeps its status in the object itself. */
  readonly withoutStatusApart?: boolean;
}

/** The CRD of a kind, of version `v1`, that takes anything. */
export function crdOf(
  kind: string,
  { group = 'web.example.com', scope = 'Namespaced', withoutStatusApart = false }: KindOptions = {},
): JsonObject {
  const singular = kind.toLowerCase();
  const version = {
    name: 'v1',
    served: true,
    storage: true,
    schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
    ...(withoutStatusApart ? {} : { subresources: { status: {} } }),
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.${group}` },
    spec: {
      group,
      scope,
      names: { kind, plural: `${singular}s`, singular },
      versions: [version],
    },
  };
}
