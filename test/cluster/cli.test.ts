import { join } from 'node:path';
import { useCluster } from '../support/cluster/use-cluster.js';
import { eventually } from '../support/eventually.js';
import { startKoreo } from '../support/koreo.js';
import { koreo } from '../support/koreo-here.js';
import { tempFolder, writeFiles } from '../support/temp-folder.js';

const { test } = useCluster();

/** A namespaced kind with the status subresource, and a Workflow that makes a ConfigMap of it. */
const MANIFESTS: Readonly<Record<string, string>> = {
  'all/note.yaml': 'apiVersion: cli.example.com/v1\nkind: Note\nmetadata: {name: first}\nspec: {text: hello}\n',
  'all/crd.yaml': `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: notes.cli.example.com}
spec:
  group: cli.example.com
  scope: Namespaced
  names: {kind: Note, plural: notes, singular: note, shortNames: [nt]}
  versions:
    - name: v1
      served: true
      storage: true
      subresources: {status: {}}
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`,
  'all/definitions.koreo': `
apiVersion: koreo.dev/v1beta1
kind: Workflow
metadata: {name: note.v1}
spec:
  crdRef: {apiGroup: cli.example.com, version: v1, kind: Note}
  steps:
    - label: page
      ref: {kind: ResourceFunction, name: note-page.v1}
      inputs: {metadata: =parent.metadata, text: =parent.spec.text}
---
apiVersion: koreo.dev/v1beta1
kind: ResourceFunction
metadata: {name: note-page.v1}
spec:
  apiConfig: {apiVersion: v1, kind: ConfigMap, name: =inputs.metadata.name, namespace: =inputs.metadata.namespace}
  resource: {data: {text: =inputs.text}}
  create: {delay: 0}
  update: {patch: {delay: 0}}
`,
};

test('from CRDs to a trigger that is Ready, by koreo alone', async (t, cluster) => {
  t.timeout(300_000);
  const cwd = tempFolder(t, MANIFESTS);
  const call = (args: readonly string[], input = '') =>
    koreo([...args, '--kubeconfig', cluster.kubeconfig], { cwd, input });
  const crds = await koreo(['crds'], { cwd });
  const installed = await call(['apply', '-f', '-'], crds.stdout);
  t.is(installed.code, 0, installed.stderr);
  t.teardown(() =>
    cluster.remove({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'notes.cli.example.com' },
    }),
  );

  const preview = await call(['apply', 'all', '--dry-run']);
  t.is(preview.code, 0, preview.stderr);
  t.regex(preview.stdout, /^note\.cli\.example\.com\/first created \(dry run: what it needs is only made by this\)$/m);
  const applied = await call(['apply', 'all']);
  t.is(applied.code, 0, applied.stderr);
  t.deepEqual(applied.stdout.trimEnd().split('\n'), [
    'customresourcedefinition.apiextensions.k8s.io/notes.cli.example.com created',
    'resourcefunction.koreo.dev/note-page.v1 created',
    'workflow.koreo.dev/note.v1 created',
    'note.cli.example.com/first created',
  ]);

  const controller = startKoreo(t, ['run', '--kubeconfig', cluster.kubeconfig], { cwd });
  await eventually('that it is Ready', async () => /True +Ready/.test((await call(['get', 'nt'])).stdout));
  const reconciled = await call(['reconcile', 'note', 'first']);
  t.is(reconciled.code, 0, reconciled.stderr + controller.stdout);
  t.is(reconciled.stdout, '✔ Note default/first  Ready\n    Ready True: Workflow note.v1 ready.\n');
  const inspected = await call(['inspect', 'note/first']);
  t.is(inspected.code, 0);
  t.regex(inspected.stdout, /^└─ page +ConfigMap default\/first +✔ Current$/m);
  controller.process.kill('SIGTERM');
  await controller.ended;

  writeFiles(cwd, { 'all/note.yaml': `${MANIFESTS['all/note.yaml']}`.replace('hello', 'bye') });
  const changes = await call(['apply', join('all', 'note.yaml'), '--dry-run']);
  t.is(changes.stdout, 'note.cli.example.com/first configured (dry run)\n    spec.text: "hello" → "bye"\n');
  await cluster.patch(
    { apiVersion: 'cli.example.com/v1', kind: 'Note', metadata: { name: 'first' } },
    { spec: { text: 'hi' } },
  );
  for (const more of [[], ['--dry-run']]) {
    const refused = await call(['apply', join('all', 'note.yaml'), ...more]);
    t.is(refused.code, 1, refused.stdout);
    t.regex(refused.stderr, /error: Note default\/first: .*\.spec\.text \(somebody\)/);
  }
  const forced = await call(['apply', join('all', 'note.yaml'), '--force-conflicts']);
  t.is(forced.code, 0, forced.stderr);
  t.regex(forced.stderr, /takes \.spec\.text from somebody/);
});
