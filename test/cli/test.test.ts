import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { DOUBLE, DOUBLE_TEST } from '../support/definitions-text.js';
import { startKoreo } from '../support/koreo.js';
import { koreo } from '../support/koreo-here.js';
import { tempFolder, writeFiles } from '../support/temp-folder.js';

/** One case of each result: pass, fail, not-run after it, and one that is skipped. */
const MIXED_TEST = `
apiVersion: koreo.dev/v1beta1
kind: FunctionTest
metadata: {name: mixed, namespace: demo}
spec:
  functionRef: {kind: ValueFunction, name: double.v1}
  inputs: {n: 2}
  testCases:
    - label: right
      expectReturn: {n: 4}
    - label: later
      skip: true
      expectReturn: {n: 4}
    - label: wrong
      expectReturn: {n: 5, more: [1]}
    - label: after
      expectReturn: {n: 4}
`;

test.serial('all that pass end with 0, and a line for each test', async (t) => {
  const cwd = tempFolder(t, { 'a.koreo': `${DOUBLE}---${DOUBLE_TEST}` });
  const { code, stdout } = await koreo(['test'], { cwd });
  t.is(code, 0);
  t.regex(stdout, /✔ demo\/double ValueFunction double\.v1, 2 cases\n\n2 passed \(1 test, /);
});

test.serial(
  'a case that fails ends with 1, and is shown with its place and all differences side by side',
  async (t) => {
    const cwd = tempFolder(t, { 'defs/a.koreo': DOUBLE, 'defs/a-test.k.yaml': MIXED_TEST });
    const { code, stdout } = await koreo(['test', 'defs'], { cwd });
    t.is(code, 1);
    t.regex(stdout, /✘ demo\/mixed/);
    t.regex(stdout, /✘ wrong \(defs\/a-test\.k\.yaml:14\)/);
    t.regex(stdout, / {8} +expected +actual\n {8}n +5 +4\n {8}more +\[1\] +\(nothing\)\n/);
    t.regex(stdout, /- later skipped/);
    t.regex(stdout, /- after not run/);
    t.regex(stdout, /1 failed, 1 passed, 1 skipped, 1 not run \(1 test, /);
  },
);

test.serial('the JSON report has the shape that is documented', async (t) => {
  const cwd = tempFolder(t, { 'a.koreo': DOUBLE, 'b.yaml': MIXED_TEST });
  const { code, stdout } = await koreo(['test', '-o', 'json', '.'], { cwd });
  t.is(code, 1);
  const report = JSON.parse(stdout) as { tests: { cases: Record<string, unknown>[] }[] };
  t.like(report, {
    tests: [{ name: 'mixed', namespace: 'demo', function: 'double.v1' }],
    summary: { passed: 1, failed: 1, skipped: 1, notRun: 1 },
    problems: [],
  });
  const cases = report.tests[0]?.cases ?? [];
  t.deepEqual(
    cases.map(({ label, result, variant }) => [label, result, variant]),
    [
      ['right', 'pass', false],
      ['later', 'skipped', false],
      ['wrong', 'fail', false],
      ['after', 'not-run', false],
    ],
  );
  t.deepEqual(cases[0]?.outcome, { type: 'Ok', value: { n: 4 } });
  t.deepEqual(cases[2]?.differences, [
    { path: 'n', expected: 5, actual: 4 },
    { path: 'more', expected: [1] },
  ]);
});

test.serial('a definition that does not prepare ends with 2 and is told, and the other tests run', async (t) => {
  const broken = DOUBLE.replace('double.v1', 'broken.v1').replace('inputs.n * 2', 'inputs.n * * 2');
  const waiting = DOUBLE_TEST.replace('name: double,', 'name: waiting,').replace('double.v1', 'broken.v1');
  const cwd = tempFolder(t, { 'a.koreo': `${DOUBLE}---${DOUBLE_TEST}`, 'b.koreo': broken, 'c.koreo': waiting });
  const { code, stdout } = await koreo(['test', '-o', 'json'], { cwd });
  t.is(code, 2);
  const { summary, problems, tests } = JSON.parse(stdout) as {
    summary: unknown;
    problems: { file: string; line: number; definition: string }[];
    tests: { name: string; cases: { result: string }[] }[];
  };
  t.deepEqual(summary, { passed: 2, failed: 0, skipped: 0, notRun: 2 });
  t.deepEqual(
    problems.map(({ file, line, definition }) => [file, line, definition]),
    [
      ['b.koreo', 7, 'ValueFunction demo/broken.v1'],
      ['c.koreo', 6, 'FunctionTest demo/waiting'],
    ],
  );
  t.deepEqual(
    tests.map(({ name, cases }) => [name, cases.map(({ result }) => result)]),
    [
      ['double', ['pass', 'pass']],
      ['waiting', ['not-run', 'not-run']],
    ],
  );
});

test.serial('all the endings are read, and what is no definition is left alone', async (t) => {
  const named = (name: string): string => DOUBLE_TEST.replace('name: double,', `name: ${name},`);
  const asJson = JSON.stringify({
    apiVersion: 'koreo.dev/v1beta1',
    kind: 'FunctionTest',
    metadata: { name: 'json', namespace: 'demo' },
    spec: {
      functionRef: { kind: 'ValueFunction', name: 'double.v1' },
      inputs: { n: 1 },
      testCases: [{ label: 'one', expectReturn: { n: 2 } }],
    },
  });
  const cwd = tempFolder(t, {
    'f.koreo': `${DOUBLE}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: demo}\n---\njust: data\n`,
    'a.yaml': named('yaml'),
    'b.yml': named('yml'),
    'c.k': named('k'),
    'd.k.yaml': named('k-yaml'),
    'e.k.yml': named('k-yml'),
    'g.json': asJson,
    'list.json': '[1, 2]',
    'comments.json': '{ // not JSON at all\n}',
    'helm.yaml': '{{ if .Values.on }}\nkind: X\n{{ end }}\n',
    'node_modules/x/x.koreo': 'not: [valid',
    '.hidden/x.koreo': 'not: [valid',
    'read.me': 'koreo.dev',
  });
  const { code, stdout } = await koreo(['test', '-o', 'json'], { cwd });
  const { tests, problems } = JSON.parse(stdout) as { tests: { name: string }[]; problems: unknown[] };
  t.deepEqual(problems, []);
  t.deepEqual(tests.map(({ name }) => name).sort(), ['json', 'k', 'k-yaml', 'k-yml', 'yaml', 'yml']);
  t.is(code, 0);
});

test.serial('a file that is named, or that can only hold definitions, is told when it cannot be read', async (t) => {
  const cwd = tempFolder(t, { 'a.koreo': 'not: [valid\n', 'b.yaml': 'nor: {this\n' });
  const { code, stdout } = await koreo(['test', '-o', 'json', '.', 'b.yaml'], { cwd });
  t.is(code, 2);
  const { problems } = JSON.parse(stdout) as { problems: { file: string; line: number }[] };
  t.deepEqual(problems.map(({ file }) => file).sort(), ['a.koreo', 'b.yaml']);
});

test.serial('tests of one name in several namespaces all run', async (t) => {
  const other = DOUBLE_TEST.replace('namespace: demo', 'namespace: other');
  const cwd = tempFolder(t, { 'a.koreo': [DOUBLE, DOUBLE_TEST, other].join('---') });
  const { code, stdout } = await koreo(['test'], { cwd });
  t.is(code, 0);
  t.regex(stdout, /✔ demo\/double/);
  t.regex(stdout, /✔ other\/double/);
});

test.serial('a definition that is there twice is told with both places', async (t) => {
  const cwd = tempFolder(t, { 'a.koreo': DOUBLE, 'b.koreo': DOUBLE });
  const { code, stdout } = await koreo(['test'], { cwd });
  t.is(code, 2);
  t.regex(stdout, /b\.koreo:2:1 ValueFunction demo\/double\.v1: is defined a second time \(first in a\.koreo:2\)/);
});

test.serial('a path that is not there is wrong usage', async (t) => {
  const { code, stderr } = await koreo(['test', 'nowhere'], { cwd: tempFolder(t) });
  t.is(code, 2);
  t.regex(stderr, /error: there is no file or folder nowhere/);
});

test.serial('JUnit XML holds cases, failures, skips and problems, and stays XML whatever labels hold', async (t) => {
  const odd = MIXED_TEST.replace('label: wrong', 'label: "<wrong> & \\"quoted\\"\\u0001"');
  const broken = DOUBLE.replace('double.v1', 'broken.v1').replace('inputs.n * 2', 'inputs.n *');
  const cwd = tempFolder(t, { 'a.koreo': DOUBLE, 'b.koreo': odd, 'c.koreo': broken });
  const { code, stdout } = await koreo(['test', '-o', 'junit'], { cwd });
  t.is(code, 2);
  t.regex(
    stdout,
    /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="koreo" tests="5" failures="1" errors="1" skipped="2"/,
  );
  t.true(
    stdout.includes(
      'name="&lt;wrong&gt; &amp; &quot;quoted&quot;\uFFFD" classname="demo/mixed" file="b.koreo" line="14"',
    ),
  );
  t.regex(stdout, /<failure message="[^"<]+">n: expected 5, actual 4&#10;/);
  t.regex(stdout, /<error type="expression-syntax" message="c\.koreo:7:/);
  t.is([...stdout.matchAll(/<(\w+)[^>]*[^/?]>/g)].length, [...stdout.matchAll(/<\/\w+>/g)].length);
});

test.serial('--watch runs again when a file changes, comes or breaks, and ends when it is told to', async (t) => {
  const cwd = tempFolder(t, { 'a.koreo': `${DOUBLE}---${DOUBLE_TEST}` });
  const running = startKoreo(t, ['test', '--watch'], { cwd });
  await running.until(({ stdout }) => stdout.includes('2 passed'));
  writeFileSync(join(cwd, 'a.koreo'), `${DOUBLE.replace('* 2', '* 3')}---${DOUBLE_TEST}`);
  await running.until(({ stdout }) => stdout.includes('1 failed'));
  writeFileSync(join(cwd, 'a.koreo'), `${DOUBLE.replace('* 2', '* *')}---${DOUBLE_TEST}`);
  await running.until(({ stdout }) => stdout.includes('2 not run, 2 problems'));
  writeFiles(cwd, {
    'a.koreo': `${DOUBLE}---${DOUBLE_TEST}`,
    'sub/b.koreo': DOUBLE_TEST.replace('name: double,', 'name: again,'),
  });
  await running.until(({ stdout }) => stdout.includes('4 passed'));
  running.process.kill('SIGTERM');
  t.is((await running.ended).code, 0);
});

test.serial(
  'without a path the definitions of the configuration are tested, with files as seen from here',
  async (t) => {
    const cwd = tempFolder(t, {
      'conf/koreo.yaml': 'stores: [{name: defs, type: file-system, root: ./defs}]\n',
      'conf/defs/a.koreo': `${DOUBLE}---${MIXED_TEST}`,
      'conf/defs/b.koreo': DOUBLE.replace('double.v1', 'broken.v1').replace('* 2', '* *'),
      'elsewhere.koreo': 'not: [read',
    });
    const { code, stdout } = await koreo(['test', '--config', 'conf/koreo.yaml'], { cwd });
    t.is(code, 2);
    t.regex(stdout, /✘ wrong \(conf\/defs\/a\.koreo:21\)/);
    t.regex(stdout, /problem: conf\/defs\/b\.koreo:7:\d+ ValueFunction demo\/broken\.v1/);
  },
);

test.serial('--watch follows the stores of the configuration too', async (t) => {
  const cwd = tempFolder(t, {
    'koreo.config.yaml': 'stores: [{name: defs, type: file-system, root: ./defs}]\n',
    'defs/a.koreo': `${DOUBLE}---${DOUBLE_TEST}`,
  });
  const running = startKoreo(t, ['test', '--watch', '-o', 'json'], { cwd });
  await running.until(({ stdout }) => stdout.includes('"passed":2'));
  writeFileSync(join(cwd, 'defs/a.koreo'), `${DOUBLE.replace('* 2', '* 3')}---${DOUBLE_TEST}`);
  await running.until(({ stdout }) => stdout.includes('"failed":1'));
  running.process.kill('SIGINT');
  const { code, stdout } = await running.ended;
  t.is(code, 1);
  t.is(stdout.trimEnd().split('\n').length, 2, 'one report a line, and none without a change');
});

test.serial('--watch does not go with a JUnit report', async (t) => {
  const { code, stderr } = await koreo(['test', '--watch', '-o', 'junit'], { cwd: tempFolder(t) });
  t.is(code, 2);
  t.regex(stderr, /a JUnit report is written once/);
});

test.serial('an unknown format is wrong usage that names the known ones', async (t) => {
  const { code, stderr } = await koreo(['test', '-o', 'xml'], { cwd: tempFolder(t) });
  t.is(code, 2);
  t.regex(stderr, /Allowed choices are text, json, junit/);
});

test.serial('a test whose Function is broken is not marked as passed', async (t) => {
  const cwd = tempFolder(t, { 'a.koreo': `${DOUBLE.replace('* 2', '* *')}---${DOUBLE_TEST}` });
  const { code, stdout } = await koreo(['test'], { cwd });
  t.is(code, 2);
  t.regex(stdout, /^- demo\/double ValueFunction double\.v1, 2 cases\n/);
  t.false(stdout.includes('✔'));
});
