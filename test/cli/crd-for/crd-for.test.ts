import { resolve } from 'node:path';
import test from 'ava';
import { parse } from 'yaml';
import { koreo } from '../../support/koreo-here.js';
import { tempFolder } from '../../support/temp-folder.js';

const platform = resolve('examples/platform');

test.serial('it prints a CRD of the kind that starts the Workflow, with what is read of it', async (t) => {
  const { code, stdout } = await koreo(['crd-for', 'web-service.v1', 'definitions/cel'], { cwd: platform });
  t.is(code, 0);
  const crd = parse(stdout);
  t.is(crd.metadata.name, 'webservices.platform.example.com');
  t.like(crd.spec, { group: 'platform.example.com', scope: 'Namespaced', names: { kind: 'WebService' } });
  const [version] = crd.spec.versions;
  t.like(version, { name: 'v1', served: true, storage: true, subresources: { status: {} } });
  const { spec } = version.schema.openAPIV3Schema.properties;
  t.deepEqual(spec.required, ['image']);
  t.is(spec.properties.regions.type, 'array');
});

test.serial('plural and scope can be said, and JSON asked for', async (t) => {
  const args = ['crd-for', 'web-service.v1', 'definitions/cel', '--plural', 'webs', '--scope', 'Cluster', '-o', 'json'];
  const { stdout } = await koreo(args, { cwd: platform });
  t.like(JSON.parse(stdout), {
    metadata: { name: 'webs.platform.example.com' },
    spec: { scope: 'Cluster', names: { plural: 'webs' } },
  });
  const { code, stderr } = await koreo([...args, '--plural', 'Web Services'], { cwd: platform });
  t.is(code, 2);
  t.regex(stderr, /--plural Web Services: it must be small letters/);
});

test.serial('a Workflow that is not there, that nothing starts, or that cannot be used', async (t) => {
  const missing = await koreo(['crd-for', 'web-servic.v1'], { cwd: platform });
  t.is(missing.code, 1);
  t.regex(missing.stderr, /Workflow 'web-servic\.v1' was not found; did you mean 'web-service\.v1'\?/);
  const part = await koreo(['crd-for', 'web-service-region.v1'], { cwd: platform });
  t.is(part.code, 2);
  t.regex(part.stderr, /has no crdRef/);
  const flow = (group: string, name: string) => `apiVersion: koreo.dev/v1beta1
kind: Workflow
metadata: {name: ${name}, namespace: a}
spec:
  crdRef: {apiGroup: ${group}, version: v1, kind: ConfigMap}
  steps: [{label: one, ref: {kind: ValueFunction, name: ${name === 'core' ? 'there' : 'gone'}}}]
`;
  const value = 'apiVersion: koreo.dev/v1beta1\nkind: ValueFunction\nmetadata: {name: there}\nspec: {return: {a: 1}}\n';
  const cwd = tempFolder(t, { 'a.koreo': [flow('""', 'core'), flow('x.example', 'waits'), value].join('---\n') });
  const waiting = await koreo(['crd-for', 'waits'], { cwd });
  t.is(waiting.code, 2);
  t.regex(waiting.stderr, /a\.koreo:\d+:\d+ Workflow a\/waits .*ValueFunction gone is missing/);
  const core = await koreo(['crd-for', 'core'], { cwd });
  t.is(core.code, 2);
  t.regex(core.stderr, /core group/);
});
