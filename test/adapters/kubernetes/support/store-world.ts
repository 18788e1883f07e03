import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import {
  type JsonObject,
  type Resource,
  type ResourceRef,
  type Store,
  SystemClock,
  type WriteFence,
} from 'koreo-kernel';
import { kubernetesStore } from 'koreo-kernel/adapters/kubernetes';
import { FakeApiServer } from '../../../support/fake-api-server/fake-api-server.js';
import { tempFolder } from '../../../support/temp-folder.js';
import { installWidgets, WIDGET, type WidgetForm } from './widget-crd.js';

/** How a {@link StoreWorld} is made. */
export interface StoreWorldOptions {
  /** Of the store, as in a configuration. */
  readonly options?: JsonObject;
  readonly widgets?: WidgetForm;
  readonly fence?: WriteFence;
}

/** A Kubernetes store, and the fake API server that it is on, which holds Widgets. */
export class StoreWorld {
  readonly ref: ResourceRef = { ...WIDGET, name: 'one', namespace: 'default' };

  private constructor(
    readonly server: FakeApiServer,
    readonly store: Store,
  ) {}

  static async start(
    t: ExecutionContext,
    { options = {}, widgets, fence }: StoreWorldOptions = {},
  ): Promise<StoreWorld> {
    const server = await FakeApiServer.start({ namespaces: ['team-a', 'team-b'] });
    installWidgets(server, widgets);
    const folder = tempFolder(t, { kubeconfig: server.kubeconfig({ namespace: 'team-a' }) });
    const context = { name: 'cluster', baseDirectory: folder, clock: new SystemClock(), ...(fence && { fence }) };
    const store = kubernetesStore.create(context, { kubeconfig: join(folder, 'kubeconfig'), ...options });
    t.teardown(async () => {
      await store.close();
      await server.stop();
    });
    return new StoreWorld(server, store);
  }

  /** The Widget `default/one`. */
  widget(spec: JsonObject, metadata: JsonObject = {}): Resource {
    return { ...WIDGET, metadata: { name: 'one', namespace: 'default', ...metadata }, spec };
  }

  /** Changes the Widget as another field manager would. */
  patchAs(manager: string, patch: JsonObject): void {
    this.server.ask({
      verb: 'patch',
      target: { group: 'probe.koreo.dev', version: 'v1', plural: 'widgets', namespace: 'default', name: 'one' },
      query: new URLSearchParams({ fieldManager: manager }),
      contentType: 'application/merge-patch+json',
      userAgent: manager,
      body: JSON.stringify(patch),
    });
  }

  /** The requests that wrote something, or tried to, by their verb. */
  get writes(): readonly string[] {
    const verbs = ['create', 'update', 'patch', 'apply', 'delete'] as const;
    return this.server.requestsOf({ verb: verbs }).map(({ verb }) => verb);
  }

  /** Which managers own something of the Widget, each with the way it wrote. */
  get managers(): readonly string[] {
    const entries = this.server.peek({ ...WIDGET, namespace: 'default', name: 'one' })?.metadata.managedFields ?? [];
    return entries.map(({ manager, operation }) => `${manager} ${operation}`).toSorted();
  }
}
