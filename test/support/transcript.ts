import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ExecutionContext } from 'ava';

/** The program as users run it; tests are in dist/test when they run. */
const MAIN = fileURLToPath(new URL('../../cli/main.js', import.meta.url));

/** The compiler that this project itself is built with. */
const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');

/** What a page asks its reader to do, in its order. */
type Action =
  | { readonly type: 'command'; readonly command: string; readonly output: string }
  | { readonly type: 'write'; readonly file: string; readonly text: string }
  | { readonly type: 'edit'; readonly file: string; readonly from: string; readonly to: string };

/**
 * Does all that a page shows: the commands of its `console` blocks, which must print what the page says, the files of its
 * blocks that begin with a comment `# path` or `// path`, or come after a line that is nothing but `path` and a colon, and the
 * changes of its `diff` blocks that begin with a line `--- path`.
 */
export async function follow(t: ExecutionContext, page: string, folder: string): Promise<void> {
  const actions = actionsOf(page);
  t.true(actions.some(({ type }) => type === 'command'));
  let cwd = folder;
  for (const action of actions) {
    switch (action.type) {
      case 'write':
        mkdirSync(dirname(join(cwd, action.file)), { recursive: true });
        writeFileSync(join(cwd, action.file), action.text);
        break;
      case 'edit':
        edit(join(cwd, action.file), action);
        break;
      case 'command': {
        const entered = /^cd (\S+)$/.exec(action.command)?.[1];
        if (entered !== undefined) cwd = join(cwd, entered);
        else t.deepEqual(comparable(await outputOf(action.command, cwd)), comparable(action.output), action.command);
      }
    }
  }
}

/** A fenced block, and the file that the line before it names. */
const BLOCK = /(?:^`([^`\s]+)`:\n\n)?^```(\w+)\n(.*?)^```$/gms;

function actionsOf(page: string): readonly Action[] {
  return [...page.matchAll(BLOCK)].flatMap(([, named, language = '', block = '']): readonly Action[] => {
    switch (language) {
      case 'console':
        return commandsOf(block);
      case 'diff':
        return [changeOf(block)];
      default: {
        const file = named ?? /^(?:#|\/\/) (\S+\.\w+)\n/.exec(block)?.[1];
        return file === undefined ? [] : [{ type: 'write', file, text: block }];
      }
    }
  });
}

function commandsOf(block: string): readonly Action[] {
  const shown = block.split(/^\$ /m).slice(1);
  return shown.map((text) => {
    const end = text.indexOf('\n');
    return { type: 'command', command: text.slice(0, end), output: text.slice(end + 1) };
  });
}

function changeOf(block: string): Action {
  const [first = '', ...lines] = block.trimEnd().split('\n');
  const side = (mark: string): string =>
    lines
      .filter((line) => line.startsWith(' ') || line.startsWith(mark))
      .map((line) => `${line.slice(1)}\n`)
      .join('');
  return { type: 'edit', file: first.slice('--- '.length), from: side('-'), to: side('+') };
}

function edit(file: string, { from, to }: { readonly from: string; readonly to: string }): void {
  const before = readFileSync(file, 'utf8');
  if (from === '' || !before.includes(from)) throw new Error(`${file} does not hold:\n${from}`);
  writeFileSync(
    file,
    before.replace(from, () => to),
  );
}

async function outputOf(command: string, cwd: string): Promise<string> {
  const line = command
    .replace(/^(npx )?koreo\b/, `"${process.execPath}" "${MAIN}"`)
    .replace(/^npx tsc\b/, `"${process.execPath}" "${TSC}"`);
  const run = promisify(execFile)('sh', ['-c', `${line} 2>&1`], { cwd, env: { ...process.env, NO_COLOR: '1' } });
  // A command that ends with another code than 0 prints as any other.
  const { stdout } = await run.catch((error: { readonly stdout: string }) => error);
  return stdout.replaceAll(realpathSync(cwd), '…');
}

/** The lines without what differs from run to run: times, ages, durations, the order of what runs at the same time, and a second try. */
function comparable(output: string): readonly string[] {
  const lines = output.split('\n').map((line) =>
    line
      .replace(/^\d\d:\d\d:\d\d/, 'TIME')
      .replace(/\(\d+ ms\)$/, '(MS)')
      .replace(/ {3}(?:\d+[smhd]|AGE)(?: +|$)/, '   AGE ')
      .replace(/[\d.]+ s\)$/, 'S)'),
  );
  return [...new Set(lines)].sort();
}
