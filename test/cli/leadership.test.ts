import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { eventually } from '../support/eventually.js';
import { FakeApiServer } from '../support/fake-api-server/fake-api-server.js';
import { FRUIT_CONFIG, FRUIT_PROJECT, fruit } from '../support/fruit.js';
import { koreoProcess, type Running, startKoreo } from '../support/koreo.js';
import { tempFolder } from '../support/temp-folder.js';

const LEASE = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: 'team', name: 'koreo' };

/** A project in files whose processes agree by a Lease, in the namespace of the kubeconfig's context. */
class Project {
  readonly folder: string;

  private constructor(
    readonly t: ExecutionContext,
    readonly server: FakeApiServer,
  ) {
    const cluster = '  - {name: cluster, type: kubernetes, kubeconfig: kubeconfig}\n';
    this.folder = tempFolder(t, {
      ...FRUIT_PROJECT,
      kubeconfig: server.kubeconfig({ namespace: 'team' }),
      'koreo.config.yaml': [
        FRUIT_CONFIG.replace('stores:\n', `stores:\n${cluster}`).trimEnd(),
        'leaderElection: {store: cluster, leaseSeconds: 6, renewDeadlineSeconds: 5, retrySeconds: 0.5}',
        'server: {port: 0}',
        '',
      ].join('\n'),
    });
  }

  static async open(t: ExecutionContext): Promise<Project> {
    t.timeout(120_000);
    const server = await FakeApiServer.start({ namespaces: ['team'] });
    t.teardown(() => server.stop());
    return new Project(t, server);
  }

  run(name: string, ...options: readonly string[]): Running {
    return startKoreo(this.t, ['run', ...options], { cwd: this.folder, env: { POD_NAME: name } });
  }

  has(juice: string): boolean {
    return existsSync(join(this.folder, `out/kitchen/Juice/${juice}.yaml`));
  }

  get holder(): unknown {
    return (this.server.peek(LEASE)?.spec as Record<string, unknown> | undefined)?.holderIdentity;
  }
}

/** Waits for what a process prints, as long as it takes on a busy machine. */
function within(running: Running, condition: (output: Running) => boolean): Promise<void> {
  return running.until(condition, 60_000);
}

/** What the server of a process says at a path. */
async function ask(running: Running, path: string): Promise<{ readonly status: number; readonly text: string }> {
  const [, url = ''] = /serves (http:\/\/[^/]+)/.exec(running.stdout) ?? [];
  const answer = await fetch(`${url}${path}`);
  return { status: answer.status, text: await answer.text() };
}

test.serial('one leads and works, another stands by, is ready, and works as soon as the first has ended', async (t) => {
  const project = await Project.open(t);
  const first = project.run('pod-a');
  await within(first, ({ stdout }) => stdout.includes('✔ Fruit kitchen/pear'));
  t.regex(first.stdout, /^\d\d:\d\d:\d\d leads: the lease team\/koreo, as pod-a_[0-9a-f]{8}$/m);

  const second = project.run('pod-b');
  await within(second, ({ stdout }) =>
    /^\S+ stands by: the lease team\/koreo is held by pod-a_[0-9a-f]{8}$/m.test(stdout),
  );
  t.is((await ask(second, '/readyz')).status, 200);
  t.is((await ask(second, '/livez')).status, 200);
  writeFileSync(join(project.folder, 'fruits/plum.yaml'), fruit('plum', 'plums'));
  await within(first, ({ stdout }) => stdout.includes('✔ Fruit kitchen/plum'));
  t.notRegex(second.stdout, /Fruit/);

  first.process.kill('SIGTERM');
  const { code, stdout } = await first.ended;
  t.is(code, 0);
  t.regex(stdout, /leads no more: the lease team\/koreo was given up$/m);
  await within(second, ({ stdout: told }) => told.includes('✔ Fruit kitchen/plum'));
  t.regex(String(project.holder), /^pod-b_/);
  second.process.kill('SIGTERM');
  t.is((await second.ended).code, 0);
  t.is(project.holder, '');
});

test.serial(
  'a leader that cannot reach the API server stops to work, waits for it, and begins anew with another kernel',
  async (t) => {
    const project = await Project.open(t);
    const running = project.run('pod-a', '-o', 'json');
    await within(running, () => project.has('pear') && project.has('apple'));
    await project.server.stop();
    await within(running, ({ stdout }) => stdout.includes('"state":"ended"'));
    await within(running, ({ stdout }) =>
      stdout.includes('"state":"standing-by","message":"the lease team/koreo cannot be asked for: '),
    );
    t.regex(running.stdout, /"state":"ended","message":"the lease team\/koreo was not renewed for 5 s: /);
    rmSync(join(project.folder, 'out/kitchen/Juice/apple.yaml'));
    const from = running.stdout.length;
    await project.server.start();
    const after = ({ stdout }: Running): string => stdout.slice(from);
    await within(running, (output) => after(output).includes('"causes":["start"]'));
    t.regex(after(running), /"state":"leading","message":"the lease team\/koreo, as pod-a_[0-9a-f]{8}"/);
    t.true(await eventually('the apple to be made again', async () => project.has('apple')));
    t.notRegex(running.stdout, /not-leader|"type":"incident"/);
    running.process.kill('SIGTERM');
    t.is((await running.ended).code, 0);
  },
);

test.serial('--once waits until it may act, does its work, and leaves the lease to the next', async (t) => {
  const project = await Project.open(t);
  const { namespace, name, ...kind } = LEASE;
  project.server.put({
    ...kind,
    metadata: { namespace, name },
    spec: { holderIdentity: 'somebody', leaseDurationSeconds: 1 },
  });
  const { code, stdout } = await koreoProcess(['run', '--once'], { cwd: project.folder, env: { POD_NAME: 'job' } });
  t.is(code, 0, stdout);
  t.regex(stdout, /stands by: the lease team\/koreo is held by somebody\n[\s\S]*leads: [\s\S]*2 triggers, all ready/);
  t.is(project.holder, '');
});

test.serial(
  'who stands by ends at once when it is told to, and so does one that waits for an API server',
  async (t) => {
    const project = await Project.open(t);
    await project.server.stop();
    const running = project.run('pod-a');
    await within(running, ({ stdout }) =>
      /stands by: the lease team\/koreo cannot be asked for: .*ECONNREFUSED/.test(stdout),
    );
    running.process.kill('SIGTERM');
    const { code, stderr } = await running.ended;
    t.deepEqual([code, stderr], [0, '']);
  },
);

test.serial('without a variable and without a name, a process is known by its machine', async (t) => {
  const project = await Project.open(t);
  const running = startKoreo(t, ['run'], { cwd: project.folder, env: { POD_NAME: '', POD_NAMESPACE: 'default' } });
  await within(running, ({ stdout }) => / leads: the lease default\/koreo, as \S+_[0-9a-f]{8}$/m.test(stdout));
  t.true(await eventually('its work', async () => project.has('apple')));
});
