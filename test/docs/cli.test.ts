import { readFileSync } from 'node:fs';
import test from 'ava';
import { koreoProcess } from '../support/koreo.js';
import { tempFolder } from '../support/temp-folder.js';

const page = readFileSync('docs/cli.md', 'utf8');
const commands = [...page.matchAll(/^## koreo ([a-z-]+)$/gm)].map(([, name = '']) => name);

test.serial('docs/cli.md has every command, and every option of each', async (t) => {
  const cwd = tempFolder(t);
  const { stdout } = await koreoProcess(['--help'], { cwd });
  const listed = [...stdout.matchAll(/^ {2}([a-z-]+) (?:\[|<)/gm)].map(([, name = '']) => name);
  t.deepEqual(listed.filter((name) => name !== 'help').sort(), [...commands].sort());
  for (const command of commands) {
    const help = await koreoProcess([command, '--help'], { cwd });
    const [, options = ''] = /\nOptions:\n([\s\S]*?)\n\n/.exec(help.stdout) ?? [];
    const section = page.slice(page.indexOf(`\n## koreo ${command}\n`)).split('\n## ')[1] ?? '';
    for (const [, short, long = ''] of options.matchAll(/^ {2}(?:(-\w), )?(--[a-z-]+)/gm)) {
      if (long === '--help') continue;
      t.true(
        section.includes(long) || (short !== undefined && section.includes(short)),
        `${command} ${short ?? ''} ${long}`,
      );
    }
  }
});

test('every example of JSON in docs/cli.md is JSON', (t) => {
  const blocks = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  t.true(blocks.length >= 3);
  for (const block of blocks) {
    const documents = block.startsWith('{"') ? block.trim().split('\n') : [block];
    for (const document of documents) t.notThrows(() => JSON.parse(document), document);
  }
});

test.serial('what docs/cli.md says of eval is what it prints', async (t) => {
  const cwd = tempFolder(t);
  const lines = page.slice(page.indexOf('$ printf')).split('```')[0]?.split('\n') ?? [];
  const [call = '', ...answers] = lines;
  const input = [...call.matchAll(/'([^']*)'/g)].slice(1).map(([, text = '']) => text);
  const { stdout } = await koreoProcess(['eval', '--jsonl'], { cwd, input: input.join('\n') });
  const shown = (text: string): readonly string[] =>
    text.split('\n').filter((line) => line !== '' && !line.includes('not JSON'));
  t.deepEqual(shown(stdout), shown(answers.join('\n')));
});
