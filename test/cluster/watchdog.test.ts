import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { Watchdog } from '../support/cluster/watchdog.js';
import { eventually } from '../support/eventually.js';

const WATCHDOG = new URL('../support/cluster/watchdog.js', import.meta.url).href;

test('what a process of tests started ends with it, however it ends, and what only has its number lives on', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'koreo-cluster-'));
  const sleep = (name: string) =>
    spawn('sh', ['-c', 'while :; do sleep 1; done', name], { detached: true, stdio: 'ignore' });
  const component = sleep(`${folder}/etcd`);
  const stranger = sleep('somebody-else');
  t.teardown(() => stranger.kill('SIGKILL'));
  component.kill('SIGSTOP');
  const script = `
    import { Watchdog } from '${WATCHDOG}';
    const watchdog = new Watchdog('${folder}');
    for (const pid of [${component.pid}, ${stranger.pid}]) watchdog.guard(pid);
    process.kill(process.pid, 'SIGKILL');
  `;
  spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
  await eventually('the end of the component', async () => component.signalCode === 'SIGKILL');
  await eventually('the end of its folder', async () => !existsSync(folder));
  t.is(stranger.exitCode ?? stranger.signalCode, null);
});

test('a watchdog that is released has cleaned up', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'koreo-cluster-'));
  const watchdog = new Watchdog(folder);
  await watchdog.release();
  await watchdog.release();
  t.false(existsSync(folder));
});
