import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { FakeApiServer } from '../support/fake-api-server/fake-api-server.js';
import type { Ended } from '../support/koreo.js';
import { koreo } from '../support/koreo-here.js';
import { writeFiles } from '../support/temp-folder.js';

const folder = mkdtempSync(join(tmpdir(), 'koreo-'));
const EXAMPLE = 'examples/cluster';
let server: FakeApiServer;

const call = (args: readonly string[], more: { readonly input?: string } = {}): Promise<Ended> =>
  koreo([...args, '--kubeconfig', join(folder, 'kubeconfig')], { cwd: process.cwd(), ...more });
const linesOf = ({ stdout }: Ended): readonly string[] => stdout.trimEnd().split('\n');
const configMap = (name: string, data: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {x: "${data}"}\n`;
const writes = (): number => server.requestsOf({ verb: ['create', 'patch', 'update', 'delete'] }).length;

test.before(async () => {
  server = await FakeApiServer.start();
  writeFiles(folder, { kubeconfig: server.kubeconfig({ namespace: 'default' }) });
});

test.after.always(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Every call is a process of its own; a busy machine takes its time. */
test.beforeEach((t) => t.timeout(180_000));

test.serial('a cluster without the kinds of definitions says how they are installed', async (t) => {
  const { code, stderr } = await call(['get', 'workflows']);
  t.is(code, 1);
  t.regex(stderr, /koreo crds \| kubectl apply -f -/);
});

test.serial('CRDs come from standard input, then definitions and triggers, each when its kind is served', async (t) => {
  const crds = await koreo(['crds'], { cwd: folder });
  const installed = await call(['apply', '-f', '-'], { input: crds.stdout });
  t.is(installed.code, 0, installed.stderr);
  t.true(linesOf(installed).includes('customresourcedefinition.apiextensions.k8s.io/workflows.koreo.dev created'));
  const applied = await call(['apply', EXAMPLE]);
  t.is(applied.code, 0, applied.stderr);
  t.is(linesOf(applied)[0], 'customresourcedefinition.apiextensions.k8s.io/websites.web.example.com created');
  t.is(linesOf(applied).at(-1), 'website.web.example.com/hello created');
  const again = await call(['apply', EXAMPLE]);
  t.true(
    linesOf(again).every((line) => line.endsWith(' unchanged')),
    again.stdout,
  );
});

test.serial('without -n the namespace of the context is meant, and -A means all', async (t) => {
  server.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } });
  writeFiles(folder, { 'a.yaml': configMap('a', '1'), 'b.yaml': configMap('b', '1') });
  await call(['apply', join(folder, 'a.yaml')]);
  await call(['apply', join(folder, 'b.yaml'), '-n', 'other']);
  t.deepEqual(linesOf(await call(['get', 'cm', '-o', 'name'])), ['configmap/a']);
  t.deepEqual(linesOf(await call(['get', 'configmaps', '-n', 'other', '-o', 'name'])), ['configmap/b']);
  t.deepEqual(linesOf(await call(['get', 'ConfigMap', '-A', '-o', 'name'])), ['configmap/a', 'configmap/b']);
  t.regex((await call(['get', 'cm', 'b'])).stderr, /'b' was not found in namespace default \(-A looks in all\)/);
});

test.serial('a dry run asks the server and writes nothing', async (t) => {
  writeFiles(folder, { 'a.yaml': configMap('a', '2'), 'new.yaml': configMap('new', '1') });
  const before = server.peek({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'a' });
  const { code, stdout, stderr } = await call(['apply', join(folder, 'a.yaml'), join(folder, 'new.yaml'), '--dry-run']);
  t.is(code, 0, stderr);
  t.is(stdout, 'configmap/a configured (dry run)\n    data.x: "1" → "2"\nconfigmap/new created (dry run)\n');
  t.deepEqual(server.peek({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'a' }), before);
  t.is(server.peek({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'new' }), undefined);
});

test.serial('a field of somebody else is a conflict that names who, unless it is to be taken', async (t) => {
  const patched = await fetch(`${server.url}/api/v1/namespaces/default/configmaps/a?fieldManager=somebody`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify({ data: { x: 'theirs' } }),
  });
  t.is(patched.status, 200);
  writeFiles(folder, { 'a.yaml': configMap('a', 'ours') });
  const refused = await call(['apply', join(folder, 'a.yaml')]);
  t.is(refused.code, 1);
  t.regex(refused.stderr, /error: ConfigMap default\/a: .*\.data\.x \(somebody\); --force-conflicts takes them$/m);
  const taken = await call(['apply', join(folder, 'a.yaml'), '--force-conflicts']);
  t.is(taken.code, 0, taken.stderr);
  t.is(taken.stdout, 'configmap/a configured\n');
  t.regex(taken.stderr, /takes \.data\.x from somebody/);
});

test.serial('what a set holds no more is pruned, in every namespace', async (t) => {
  writeFiles(folder, { 'set/one.yaml': configMap('one', '1'), 'set/two.yaml': configMap('two', '1') });
  await call(['apply', join(folder, 'set'), '--set', 'numbers', '-n', 'other']);
  const pruned = await call([
    'apply',
    join(folder, 'set/one.yaml'),
    '--set',
    'numbers',
    '-n',
    'other',
    '--prune',
    '-y',
  ]);
  t.is(pruned.code, 0, pruned.stderr);
  t.deepEqual(linesOf(pruned), ['configmap/one unchanged', 'configmap/two pruned']);
  t.is(server.peek({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'other', name: 'two' }), undefined);
  t.not(server.peek({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'other', name: 'b' }), undefined);
});

test.serial('definitions of a cluster are validated and tested', async (t) => {
  const validated = await call(['validate']);
  t.is(validated.code, 0, validated.stdout + validated.stderr);
  t.regex(validated.stdout, /^\d+ definitions, nothing is wrong$/m);
  t.is((await call(['validate', '-n', 'other'])).stdout, '0 definitions, nothing is wrong\n');
  const tested = await call(['test']);
  t.is(tested.code, 0, tested.stdout + tested.stderr);
});

test.serial('a loop to the end makes what is asked for, and inspect and reconcile tell of it', async (t) => {
  await call(['run', '--once']);
  const inspected = await call(['inspect', 'website', 'hello', '-o', 'json']);
  t.is(inspected.code, 1, `nobody runs its pods: ${inspected.stdout}`);
  const { managed } = JSON.parse(inspected.stdout);
  t.is(managed.workflow, 'website.v1');
  t.is(managed.steps.page.health.status, 'Current');
  t.deepEqual(managed.steps.page.owners, ['Website default/hello']);
  t.deepEqual(managed.steps.server.health, { status: 'InProgress', message: '0 of 2 replicas are up to date' });
  const asked = await call(['reconcile', 'website/hello', '--timeout', '500ms']);
  t.is(asked.code, 1);
  t.regex(asked.stderr, /nobody has answered within 0\.5 s: is a `koreo run` at work .* website\.v1 waits for one/);
});

test.serial('a trigger that is on its way out is shown as such, and not as it was before', async (t) => {
  const path = `${server.url}/apis/web.example.com/v1/namespaces/default/websites/leaving`;
  server.put({
    apiVersion: 'web.example.com/v1',
    kind: 'Website',
    metadata: { name: 'leaving', namespace: 'default', finalizers: ['koreo.dev/managed-resources'] },
    spec: { page: '' },
    status: { conditions: [{ type: 'Ready', status: 'True', reason: 'Ready', message: '' }] },
  });
  t.regex((await call(['get', 'website', 'leaving'])).stdout, /^default +leaving +True +Ready /m);
  t.is((await fetch(path, { method: 'DELETE' })).status, 200);
  const { stdout } = await call(['get', 'website', 'leaving', '-o', 'wide']);
  t.regex(stdout, /^default +leaving +False +Terminating .* waits for koreo\.dev\/managed-resources$/m);
});

test.serial('a context or kubeconfig that is not there is a wrong usage, told with those that are', async (t) => {
  const before = writes();
  for (const command of [['get', 'cm'], ['run'], ['apply', join(folder, 'a.yaml')], ['validate']]) {
    const { code, stderr } = await call([...command, '--context', 'nowhere']);
    t.is(code, 2, command.join(' '));
    t.regex(stderr, /no context 'nowhere'.*'fake'/);
  }
  const missing = await koreo(['get', 'cm', '--kubeconfig', join(folder, 'none')], { cwd: folder });
  t.is(missing.code, 2);
  t.is(writes(), before);
});

test.serial('a namespace that cannot be is refused at once, and nothing is asked for', async (t) => {
  writeFiles(folder, { 'a.yaml': configMap('a', '1') });
  const commands = {
    2: [['run'], ['validate']],
    1: [
      ['get', 'cm'],
      ['reconcile', 'website', 'hello'],
      ['apply', join(folder, 'a.yaml')],
    ],
  };
  const before = writes();
  for (const [expected, calls] of Object.entries(commands)) {
    for (const command of calls) {
      const { code, stderr } = await call([...command, '-n', 'Bad_NS']);
      t.is(code, Number(expected), command.join(' '));
      t.regex(stderr, /"Bad_NS" cannot be a namespace: one has at most 63 characters/, command.join(' '));
    }
  }
  t.is(writes(), before);
});

test.serial('who may write triggers need not be shown the definitions', async (t) => {
  const forbidden = server.faults.plan(
    { verb: 'list', group: 'koreo.dev' },
    { type: 'status', code: 403, reason: 'Forbidden' },
    { times: Number.POSITIVE_INFINITY },
  );
  t.teardown(() => forbidden.remove());
  const { code, stdout, stderr } = await call(['apply', `${EXAMPLE}/website.yaml`]);
  t.like({ code, stdout }, { code: 0, stdout: 'website.web.example.com/hello unchanged\n' }, stderr);
  t.true(forbidden.hits > 0);
});
