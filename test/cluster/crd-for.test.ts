import { readdirSync, readFileSync } from 'node:fs';
import { asResource, type JsonObject, type Resource } from 'koreo-kernel';
import { parse } from 'yaml';
import { ApiCallError } from '../support/cluster/api-request.js';
import { installCrds } from '../support/cluster/server-judgement.js';
import { useOwnCluster } from '../support/cluster/use-cluster.js';
import { koreo } from '../support/koreo-here.js';

const { test } = useOwnCluster();
const EXAMPLE = 'examples/platform';

function services(): readonly Resource[] {
  const names = readdirSync(`${EXAMPLE}/services`).filter((name) => name.endsWith('.yaml'));
  return names.map((name) => {
    const service = asResource(parse(readFileSync(`${EXAMPLE}/services/${name}`, 'utf8')));
    return { ...service, metadata: { ...service.metadata, namespace: 'default' } };
  });
}

test('a server takes the CRD of an example, and triggers of it that have what its Workflow needs', async (t, cluster) => {
  const { stdout } = await koreo(['crd-for', 'web-service.v1', `${EXAMPLE}/definitions/cel`, '-o', 'json'], {
    cwd: process.cwd(),
  });
  await installCrds(cluster, [JSON.parse(stdout) as JsonObject]);
  const [first] = services();
  if (first === undefined) throw new Error('the example has no trigger');
  for (const service of services()) {
    const created = await cluster.create(service);
    t.deepEqual(created.spec, service.spec, 'no field is dropped');
  }
  const { image: _image, ...rest } = first.spec as JsonObject;
  const imageless = { ...first, metadata: { name: 'imageless' }, spec: rest };
  const error = await t.throwsAsync(cluster.create(imageless), { instanceOf: ApiCallError });
  t.is(error?.code, 422);
  t.regex(error?.message ?? '', /spec\.image.{0,40}Required value/);
});

test('the CRD keeps the status apart, with conditions and state', async (t, cluster) => {
  const [first] = services();
  if (first === undefined) throw new Error('the example has no trigger');
  const ready = {
    type: 'Ready',
    status: 'True',
    reason: 'Ready',
    message: 'ready',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  };
  const status = { conditions: [ready], state: { address: 'a' }, koreo: { errors: null } };
  const { status: kept } = await cluster.patch(first, { status }, 'status');
  t.like(kept, { conditions: [ready], state: { address: 'a' } });
});
