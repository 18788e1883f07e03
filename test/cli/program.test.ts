import { readFileSync } from 'node:fs';
import test from 'ava';
import { koreoProcess } from '../support/koreo.js';
import { tempFolder } from '../support/temp-folder.js';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

test.serial('--version prints the version of the package', async (t) => {
  t.like(await koreoProcess(['--version'], { cwd: tempFolder(t) }), { code: 0, stdout: `${version}\n` });
});

test.serial('--help names every command, and each command shows examples and its exit codes', async (t) => {
  const cwd = tempFolder(t);
  const { code, stdout } = await koreoProcess(['--help'], { cwd });
  t.is(code, 0);
  const commands = [...stdout.matchAll(/^ {2}([a-z-]+) (?:\[|<)/gm)].map((match) => match[1] ?? '');
  t.true(commands.includes('eval'));
  for (const command of commands.filter((name) => name !== 'help')) {
    const help = await koreoProcess([command, '--help'], { cwd });
    t.is(help.code, 0, command);
    t.regex(help.stdout, new RegExp(`\\n {2}koreo ${command}`), command);
    t.regex(help.stdout, /Exit codes:/, command);
  }
});

test.serial('an unknown command or option says what was probably meant, and ends with 2', async (t) => {
  const cwd = tempFolder(t);
  const command = await koreoProcess(['evla'], { cwd });
  t.is(command.code, 2);
  t.regex(command.stderr, /unknown command 'evla'\n\(Did you mean eval\?\)/);
  const option = await koreoProcess(['eval', '--inptu', '{}', '1'], { cwd });
  t.is(option.code, 2);
  t.regex(option.stderr, /unknown option '--inptu'\n\(Did you mean --input\?\)/);
});

test.serial('without a command it shows its help and ends with 2', async (t) => {
  const { code, stderr } = await koreoProcess([], { cwd: tempFolder(t) });
  t.is(code, 2);
  t.regex(stderr, /Usage: koreo/);
});

test.serial('colours are there when FORCE_COLOR asks for them, and only then when nobody looks', async (t) => {
  const cwd = tempFolder(t);
  const plain = await koreoProcess(['eval', '1 +'], { cwd });
  const coloured = await koreoProcess(['eval', '1 +'], { cwd, env: { FORCE_COLOR: '1' } });
  t.false(plain.stderr.includes('\u001B'));
  t.true(coloured.stderr.includes('\u001B[31merror:'));
});

test.serial('a mistake of the user has no stack, unless --debug asks for it', async (t) => {
  const cwd = tempFolder(t);
  const plain = await koreoProcess(['eval'], { cwd });
  t.notRegex(plain.stderr, /\n\s+at /);
  const debugged = await koreoProcess(['--debug', 'eval'], { cwd });
  t.regex(debugged.stderr, /\n\s+at /);
});
