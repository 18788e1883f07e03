import test from 'ava';
import { startKoreo } from '../support/koreo.js';
import { koreo } from '../support/koreo-here.js';
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

test.serial('with a configuration its language, the functions of its plug-ins and its limits count', async (t) => {
  const cwd = tempFolder(t, {
    'koreo.config.yaml': [
      'language: jsonata',
      'plugins: [./acme.js]',
      'limits: {listItems: 10}',
      'stores: [{name: all, type: file-system, root: .}]',
    ].join('\n'),
    'acme.js': `export default {
      name: 'acme',
      apiVersion: 'v1',
      register(registry) {
        const parameters = [{ name: 'text', type: 'string' }];
        registry.function({ name: 'shout', summary: '', parameters, call: ([text]) => text.toUpperCase() + '!' });
        registry.function({ name: 'broken', summary: '', parameters, call: () => { throw new Error('a defect'); } });
      },
    };`,
  });
  const evaluated = (...args: string[]) => koreo(['eval', '--config', 'koreo.config.yaml', ...args], { cwd });
  t.like(await evaluated('$shout("a" & "b")'), { code: 0, stdout: '"AB!"\n', stderr: '' });
  t.is((await evaluated('shout("a" + "b")', '--language', 'cel')).stdout, '"AB!"\n');
  t.regex((await evaluated('[1..11]')).stderr, /limit of 10 \(limits\.listItems\)/);
  const broken = await evaluated('$broken("a")');
  t.is(broken.code, 1);
  t.regex(broken.stderr, /the function `broken`: a defect\n.*error: .*'acme'.* failed in the function `broken`/s);
  const lines = await koreo(['eval', '--config', 'koreo.config.yaml', '--jsonl'], {
    cwd,
    input: '{"expr": "=$shout(a)", "inputs": {"a": "x"}}\n',
  });
  t.is(lines.stdout, '{"ok":"X!"}\n');
});

test.serial('a configuration that is wrong is told, and nothing is evaluated', async (t) => {
  const cwd = tempFolder(t, { 'bad.yaml': 'languge: cel\n' });
  const { code, stderr, stdout } = await koreo(['eval', '1', '--config', 'bad.yaml'], { cwd });
  t.like({ code, stdout }, { code: 2, stdout: '' });
  t.regex(stderr, /bad\.yaml:1:1 .*did you mean 'language'/);
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
