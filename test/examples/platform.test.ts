import { join } from 'node:path';
import test from 'ava';
import type { JsonObject } from 'koreo-kernel';
import { eventually } from '../support/eventually.js';
import { koreoProcess, startKoreo } from '../support/koreo.js';
import { checkConvergence, checkTestsAndDefinitions } from './support/checks.js';
import { copyExample, documentIn, edit, filesIn, textOf } from './support/example.js';

const SHOP = 'services/web-shop.yaml';

test.serial('platform: its definitions and tests are right', async (t) => {
  await checkTestsAndDefinitions(t, copyExample(t, 'platform'));
});

test.serial(
  'platform: services become manifests in each of their regions, and then nothing more is written',
  async (t) => {
    const folder = copyExample(t, 'platform');
    await checkConvergence(t, folder);
    t.deepEqual(filesIn(join(folder, 'out')), [
      'ingress/GlobalIngress/web-shop.yaml',
      'price-list-eu/Deployment/price-list.yaml',
      'price-list-eu/Service/price-list.yaml',
      'web-shop-eu/ConfigMap/web-shop.yaml',
      'web-shop-eu/Deployment/web-shop.yaml',
      'web-shop-eu/Service/web-shop.yaml',
      'web-shop-us/ConfigMap/web-shop.yaml',
      'web-shop-us/Deployment/web-shop.yaml',
      'web-shop-us/Service/web-shop.yaml',
    ]);
    t.like(manifest(folder, 'web-shop-us/Deployment/web-shop.yaml').spec, {
      replicas: 3,
      template: {
        metadata: { labels: { 'app.kubernetes.io/name': 'web-shop', 'example.com/team': 'team-red' } },
        spec: {
          containers: [
            {
              name: 'main',
              image: 'registry.example.com/web-shop:1.4.2',
              ports: [{ containerPort: 8080 }],
              resources: { requests: { cpu: '500m', memory: '512Mi' }, limits: { memory: '1Gi' } },
              envFrom: [{ configMapRef: { name: 'web-shop' } }],
            },
          ],
        },
      },
    });
    t.like(manifest(folder, 'price-list-eu/Deployment/price-list.yaml').spec, { replicas: 1 });
    t.deepEqual(manifest(folder, 'web-shop-us/ConfigMap/web-shop.yaml').data, {
      LOG_LEVEL: 'info',
      CHECKOUT: 'on',
      REGION: 'us',
    });
    t.deepEqual(manifest(folder, 'ingress/GlobalIngress/web-shop.yaml').spec, {
      host: 'shop.example.com',
      backends: ['web-shop.web-shop-eu.svc', 'web-shop.web-shop-us.svc'],
    });
  },
);

test.serial('platform: each service shows its conditions and state', async (t) => {
  const folder = copyExample(t, 'platform');
  await koreoProcess(['run', '--once'], { cwd: folder });
  const shown = await koreoProcess(['get', 'WebService', '-A', '-o', 'json'], { cwd: folder });
  t.is(shown.code, 0, shown.stderr);
  const services: readonly JsonObject[] = JSON.parse(shown.stdout).items;
  const states = services.map(({ metadata, status }) => [(metadata as JsonObject).name, (status as JsonObject).state]);
  t.deepEqual(Object.fromEntries(states), {
    'price-list': { address: 'http://price-list.price-list-eu.svc', regions: ['eu'] },
    'web-shop': { address: 'https://shop.example.com', regions: ['eu', 'us'] },
  });
  for (const { status } of services) {
    const conditions = (status as JsonObject).conditions as readonly JsonObject[];
    t.deepEqual(conditions.map(({ type, status: isTrue }) => `${type} ${isTrue}`).sort(), [
      'Deployed True',
      'Reachable True',
      'Ready True',
    ]);
  }
});

test.serial(
  'platform: while it runs, a new region appears, and an edit of a manifest by hand is kept where it is no business of ours',
  async (t) => {
    const folder = copyExample(t, 'platform');
    const running = startKoreo(t, ['run'], { cwd: folder });
    const deployment = 'out/web-shop-eu/Deployment/web-shop.yaml';
    await eventually('the shop is deployed', () => textOf(folder, deployment) !== undefined);
    edit(folder, deployment, 'replicas: 3', 'replicas: 3 # as agreed with the team');

    edit(folder, SHOP, 'regions: [eu, us]', 'regions: [eu, us, ap]');
    const backends = () =>
      (documentIn(folder, 'out/ingress/GlobalIngress/web-shop.yaml')?.spec as JsonObject)?.backends;
    await eventually('the new region has traffic', () => JSON.stringify(backends())?.includes('web-shop-ap') === true);
    t.not(textOf(folder, 'out/web-shop-ap/Deployment/web-shop.yaml'), undefined);

    edit(folder, SHOP, 'web-shop:1.4.2', 'web-shop:1.5.0');
    await eventually('the new version is there', () => textOf(folder, deployment)?.includes('web-shop:1.5.0') === true);
    t.true(textOf(folder, deployment)?.includes('replicas: 3 # as agreed with the team'));
    running.process.kill('SIGINT');
    t.is((await running.ended).code, 0);
  },
);

test.serial(
  'platform: a service that asks for what cannot be says so, and keeps no other from being deployed',
  async (t) => {
    const folder = copyExample(t, 'platform');
    edit(folder, SHOP, 'web-shop:1.4.2', 'web-shop:latest');
    const { code, stdout } = await koreoProcess(['run', '--once'], { cwd: folder });
    t.is(code, 1);
    t.true(stdout.includes('spec.image must name a version'), stdout);
    t.deepEqual(filesIn(join(folder, 'out')), [
      'price-list-eu/Deployment/price-list.yaml',
      'price-list-eu/Service/price-list.yaml',
    ]);
  },
);

function manifest(folder: string, path: string): JsonObject {
  return documentIn(join(folder, 'out'), path) ?? {};
}
