import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { copyExample } from './support/example.js';

const MAIN = fileURLToPath(new URL('../../cli/main.js', import.meta.url));

for (const name of ['hello', 'shop', 'platform']) {
  test.serial(`${name}: its README shows what is really printed`, async (t) => {
    const folder = copyExample(t, name);
    const commands = commandsOf(readFileSync(join(folder, 'README.md'), 'utf8'));
    t.true(commands.length > 1);
    for (const { command, output } of commands) {
      t.deepEqual(comparable(await outputOf(command, folder)), comparable(output), command);
    }
  });
}

interface Command {
  readonly command: string;
  readonly output: string;
}

/** The commands of the blocks that show a console, each with what is printed after it. */
function commandsOf(readme: string): readonly Command[] {
  const blocks = [...readme.matchAll(/^```console\n(.*?)^```$/gms)].map(([, block = '']) => block);
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((text) => {
        const end = text.indexOf('\n');
        return { command: text.slice(0, end), output: text.slice(end + 1) };
      }),
  );
}

async function outputOf(command: string, cwd: string): Promise<string> {
  const line = command.replace(/^npx koreo/, `"${process.execPath}" "${MAIN}"`);
  const run = promisify(execFile)('sh', ['-c', line], { cwd, env: { ...process.env, NO_COLOR: '1' } });
  // A run that leaves something waiting ends with 1, and prints as any other.
  const { stdout } = await run.catch((error: { readonly stdout: string }) => error);
  return stdout;
}

/** The lines without what differs from run to run: times, durations, the order of what runs at the same time, and a second try. */
function comparable(output: string): readonly string[] {
  const lines = output.split('\n').map((line) =>
    line
      .replace(/^\d\d:\d\d:\d\d/, 'TIME')
      .replace(/\(\d+ ms\)$/, '(MS)')
      .replace(/[\d.]+ s\)$/, 'S)'),
  );
  return [...new Set(lines)].sort();
}
