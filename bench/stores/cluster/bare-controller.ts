import { isDeepStrictEqual } from 'node:util';
import {
  CustomObjectsApi,
  type Informer,
  KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  makeInformer,
  type ObjectCache,
  PatchStrategy,
  setHeaderOptions,
} from '@kubernetes/client-node';
import { APP_KINDS } from './app-cluster.js';
import { Counts, kubeconfigOfController, serveController } from './controller-process.js';

/**
 * The limit: what is left of a controller of Apps when there is nothing but informers, the comparison and the writes, by
 * hand and for these kinds only. It makes the same resources and shows the same on an App, in as many writes.
 */
interface Thing extends KubernetesObject {
  readonly metadata: NonNullable<KubernetesObject['metadata']>;
  readonly spec: Record<string, unknown>;
  readonly status?: { readonly conditions?: readonly { readonly status: string }[]; readonly observed?: number };
}

type Kind = keyof typeof APP_KINDS;

const GROUP = 'bench.example.com';
const VERSION = 'v1';
const FINALIZER = 'bench.example.com/managed';
const AT_ONCE = 16;
const MERGE = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

const config = new KubeConfig();
config.loadFromFile(kubeconfigOfController());
const api = config.makeApiClient(CustomObjectsApi);
const calls = new Counts();
const caches = new Map<Kind, Informer<Thing> & ObjectCache<Thing>>();
const waiting = new Set<string>();
const running = new Set<string>();

for (const kind of Object.keys(APP_KINDS) as Kind[]) {
  const plural = APP_KINDS[kind];
  const list = async (): Promise<KubernetesListObject<Thing>> => {
    calls.add(`list ${kind}`);
    return (await api.listClusterCustomObject({
      group: GROUP,
      version: VERSION,
      plural,
    })) as KubernetesListObject<Thing>;
  };
  const informer = makeInformer<Thing>(config, `/apis/${GROUP}/${VERSION}/${plural}`, list);
  const changed = ({ metadata }: Thing): void => add(`${metadata.namespace}/${metadata.name}`);
  informer.on('add', changed);
  informer.on('update', changed);
  informer.on('delete', changed);
  informer.on('error', () => void informer.start());
  caches.set(kind, informer);
  await informer.start();
}
serveController(() => calls.all);

function add(key: string): void {
  waiting.add(key);
  pump();
}

function pump(): void {
  for (const key of waiting) {
    if (running.size >= AT_ONCE) return;
    if (running.has(key)) continue;
    waiting.delete(key);
    running.add(key);
    void reconcile(key)
      // A conflict or a cache that is behind: the next look puts it right.
      .catch(() => setTimeout(() => add(key), 100))
      .finally(() => {
        running.delete(key);
        pump();
      });
  }
}

async function reconcile(key: string): Promise<void> {
  const [namespace = '', name = ''] = key.split('/');
  const app = caches.get('App')?.get(name, namespace);
  if (app === undefined) return;
  const wanted = resourcesOf(app);
  const changes = wanted.flatMap((target) => {
    const actual = caches.get(target.kind as Kind)?.get(name, namespace);
    return actual !== undefined && isDeepStrictEqual(actual.spec, target.spec) ? [] : [{ target, actual }];
  });
  if (changes.length > 0 && app.metadata.finalizers?.includes(FINALIZER) !== true) {
    const managed = JSON.stringify(wanted.map(({ kind, metadata }) => ({ kind, ...metadata })));
    await patch('App', namespace, name, {
      metadata: { finalizers: [FINALIZER], annotations: { 'bench.example.com/managed': managed } },
    });
  }
  await Promise.all(changes.map(({ target, actual }) => write(target, actual)));
  const observed = app.metadata.generation ?? 0;
  const status = changes.length > 0 ? 'Unknown' : 'True';
  if (app.status?.observed === observed && app.status.conditions?.[0]?.status === status) return;
  const condition = { type: 'Ready', status, reason: 'Ready', message: 'All is as it should be.' };
  await patchStatus(namespace, name, { status: { observed, conditions: [condition] } });
}

async function write(target: Thing, actual: Thing | undefined): Promise<void> {
  const kind = target.kind as Kind;
  const { name = '', namespace = '' } = target.metadata;
  if (actual !== undefined) return patch(kind, namespace, name, { spec: target.spec });
  calls.add(`create ${kind}`);
  await api.createNamespacedCustomObject({
    group: GROUP,
    version: VERSION,
    namespace,
    plural: APP_KINDS[kind],
    body: target,
  });
}

async function patch(kind: Kind, namespace: string, name: string, body: object): Promise<void> {
  calls.add(`patch ${kind}`);
  const plural = APP_KINDS[kind];
  await api.patchNamespacedCustomObject({ group: GROUP, version: VERSION, namespace, plural, name, body }, MERGE);
}

async function patchStatus(namespace: string, name: string, body: object): Promise<void> {
  calls.add('patch App');
  const plural = APP_KINDS.App;
  await api.patchNamespacedCustomObjectStatus({ group: GROUP, version: VERSION, namespace, plural, name, body }, MERGE);
}

function resourcesOf({ metadata, spec }: Thing): readonly Thing[] {
  const { name = '', namespace = '', uid = '' } = metadata;
  const labels = { app: name, tier: 'web' };
  const of = (kind: Kind, own: Record<string, unknown>, more: object = {}): Thing => ({
    apiVersion: `${GROUP}/${VERSION}`,
    kind,
    metadata: {
      name,
      namespace,
      ...more,
      ownerReferences: [{ apiVersion: `${GROUP}/${VERSION}`, kind: 'App', name, uid, blockOwnerDeletion: true }],
    },
    spec: own,
  });
  return [
    of('Settings', { data: { GREETING: `Hello from ${name}`, LOG_LEVEL: spec.logLevel, MODE: 'production' } }),
    of(
      'Server',
      {
        replicas: spec.replicas,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              {
                name: 'web',
                image: spec.image,
                ports: [{ containerPort: 8080, name: 'http', protocol: 'TCP' }],
                resources: {
                  limits: { cpu: '500m', memory: '128Mi' },
                  requests: { cpu: '100m', memory: '64Mi' },
                },
              },
            ],
          },
        },
      },
      { labels },
    ),
    of('Address', {
      selector: { app: name },
      ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 'http' }],
      host: `${name}.example.com`,
    }),
  ];
}
