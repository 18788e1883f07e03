import type { JsonObject } from 'koreo-kernel';
import type { FakeApiServer } from '../../../support/fake-api-server/fake-api-server.js';

export const WIDGET = { apiVersion: 'probe.koreo.dev/v1', kind: 'Widget' } as const;

/** How {@link installWidgets} makes the kind. */
export interface WidgetForm {
  readonly statusSubresource?: boolean;
  readonly schema?: JsonObject;
}

/** Makes a fake API server hold the kind Widget, or holds it in another form from now on. */
export function installWidgets(
  server: FakeApiServer,
  { statusSubresource = true, schema = {} }: WidgetForm = {},
): void {
  const openAPIV3Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, ...schema };
  server.put({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.probe.koreo.dev' },
    spec: {
      group: 'probe.koreo.dev',
      scope: 'Namespaced',
      names: { kind: 'Widget', plural: 'widgets', singular: 'widget', listKind: 'WidgetList', shortNames: ['wd'] },
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
  });
}

/** Makes a fake API server not know Widgets any more. */
export function uninstallWidgets(server: FakeApiServer): void {
  const name = 'widgets.probe.koreo.dev';
  server.drop({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name });
}
