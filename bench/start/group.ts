import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Group } from '../harness/group.js';
import { inProject } from '../harness/project.js';
import { under } from '../harness/target.js';

const START = "koreo eval '=1+1'";
const BARE = 'node -e 0';

/** What whole processes cost that do next to nothing. */
export const start: Group = {
  name: 'start',
  title: 'Starting',
  targets: [under(250, `start of \`${START}\`, whole process, CPU`, START)],
  measure: async (meter) => [
    await meter.sampled({ work: START, by: 'koreo', unit: 'ms' }, async () => {
      const { cpuMs, stdout } = await run([inProject('dist/cli/main.js'), 'eval', '=1+1']);
      assert.equal(stdout.trim(), '2');
      return cpuMs;
    }),
    await meter.sampled({ work: BARE, by: 'koreo', unit: 'ms' }, async () => (await run(['-e', '0'])).cpuMs),
  ],
};

/** Runs Node to its end. What it used is the shell's to say: a process cannot see its own end. */
async function run(args: readonly string[]): Promise<{ readonly stdout: string; readonly cpuMs: number }> {
  const script = 'TIMEFORMAT="%3U %3S"; time "$0" "$@"';
  const { stderr, stdout } = await promisify(execFile)('bash', ['-c', script, process.execPath, ...args]);
  const [user = Number.NaN, system = Number.NaN] = stderr.trim().split(' ').map(Number);
  return { stdout, cpuMs: (user + system) * 1000 };
}
