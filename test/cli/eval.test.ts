import test from 'ava';
import { koreo, startKoreo } from '../support/koreo.js';
import { tempFolder } from '../support/temp-folder.js';

test.serial('the value is printed as JSON, with and without the leading =', async (t) => {
  const cwd = tempFolder(t);
  t.like(await koreo(['eval', '=1 + 1'], { cwd }), { code: 0, stdout: '2\n', stderr: '' });
  t.like(await koreo(['eval', '{"a": [true, null, "x"]}'], { cwd }), {
    code: 0,
    stdout: '{"a":[true,null,"x"]}\n',
  });
});

test.serial(
  'the keys of --input are the names in scope: from the command line, a file, or standard input',
  async (t) => {
    const cwd = tempFolder(t, { 'in.json': '{"a": {"b": 3}}' });
    t.is((await koreo(['eval', 'a.b + 1', '--input', '{"a": {"b": 1}}'], { cwd })).stdout, '2\n');
    t.is((await koreo(['eval', 'a.b + 1', '--input', '@in.json'], { cwd })).stdout, '4\n');
    t.is((await koreo(['eval', 'a.b + 1', '--input', '@-'], { cwd, input: '{"a": {"b": 9}}' })).stdout, '10\n');
  },
);

test.serial('the function library is there in both calling styles', async (t) => {
  const cwd = tempFolder(t);
  t.is((await koreo(['eval', 'to_json(flatten([[1], [2]]))'], { cwd })).stdout, '"[1, 2]"\n');
  t.is((await koreo(['eval', '"a/b".split_last("/")'], { cwd })).stdout, '"b"\n');
});

test.serial('an expression that does not parse or fails is told on standard error, with exit code 1', async (t) => {
  const cwd = tempFolder(t);
  const syntax = await koreo(['eval', '1 +'], { cwd });
  t.like(syntax, { code: 1, stdout: '' });
  t.regex(syntax.stderr, /^error: \S/);
  const failing = await koreo(['eval', 'a.b', '--input', '{"a": {}}'], { cwd });
  t.like(failing, { code: 1, stdout: '' });
  t.regex(failing.stderr, /^error: .*b/);
});

test.serial('input that is not usable is wrong usage, with exit code 2', async (t) => {
  const cwd = tempFolder(t, { 'list.json': '[1]' });
  const told = async (...args: string[]): Promise<string> => {
    const { code, stderr } = await koreo(['eval', '1', ...args], { cwd });
    t.is(code, 2);
    return stderr;
  };
  t.regex(await told('--input', '{'), /--input is not JSON/);
  t.regex(await told('--input', '@none.json'), /none\.json cannot be read/);
  t.regex(await told('--input', '@list.json'), /must hold a JSON object .* not a list/);
  t.regex(await told('--language', 'sel'), /no expression language 'sel'; did you mean 'cel'\?/);
});

test.serial('without an expression it says how one is given', async (t) => {
  const { code, stderr } = await koreo(['eval'], { cwd: tempFolder(t) });
  t.is(code, 2);
  t.regex(stderr, /an expression is missing/);
});

test.serial('--jsonl answers every line in order, whatever is wrong with one of them', async (t) => {
  const input = [
    '{"expr": "=a + b", "inputs": {"a": 1, "b": 2}}',
    'not json',
    '{"expr": "=nope"}',
    '',
    '[1]',
    '{"expr": "1 + 1"}',
    '{"expr": "=1", "inputs": 7}',
    '{"expr": {"x": ["=a", "b", "= a * 2"]}, "inputs": {"a": 4}}',
  ].join('\r\n');
  const { code, stdout } = await koreo(['eval', '--jsonl'], { cwd: tempFolder(t), input });
  t.is(code, 0);
  const answers = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { ok?: unknown; error?: string });
  t.is(answers.length, 7);
  t.deepEqual(
    answers.map((answer) => answer.ok ?? typeof answer.error),
    [3, 'string', 'string', 'string', 2, 'string', { x: [4, 'b', 8] }],
  );
  t.regex(answers[1]?.error ?? '', /the line is not JSON/);
});

test.serial('--jsonl keeps __proto__ as the key that it is', async (t) => {
  const input = '{"expr": {"__proto__": "=a[\\"__proto__\\"]"}, "inputs": {"a": {"__proto__": 5}}}\n';
  const { stdout } = await koreo(['eval', '--jsonl'], { cwd: tempFolder(t), input });
  t.is(stdout, '{"ok":{"__proto__":5}}\n');
});

test.serial('--jsonl answers while input is still open', async (t) => {
  const running = startKoreo(t, ['eval', '--jsonl'], { cwd: tempFolder(t) });
  running.process.stdin.write('{"expr": "=1"}\n{"expr": "=2"}\n{"ex');
  await running.until(({ stdout }) => stdout === '{"ok":1}\n{"ok":2}\n');
  running.process.stdin.end('pr": "=3"}');
  t.like(await running.ended, { code: 0, stdout: '{"ok":1}\n{"ok":2}\n{"ok":3}\n' });
});

test.serial('a reader that goes away ends it without a complaint', async (t) => {
  const running = startKoreo(t, ['eval', '--jsonl'], { cwd: tempFolder(t) });
  running.process.stdout.destroy();
  const line = `{"expr": "=${JSON.stringify('x'.repeat(1000)).replaceAll('"', '\\"')}"}\n`;
  running.process.stdin.end(line.repeat(2000));
  const { code, stderr } = await running.ended;
  t.is(stderr, '');
  t.is(code, 0);
});
