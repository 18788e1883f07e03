import test from 'ava';
import { DOUBLE, DOUBLE_TEST } from '../support/definitions-text.js';
import { koreo } from '../support/koreo-here.js';
import { tempFolder } from '../support/temp-folder.js';

interface Report {
  readonly problems: readonly { file: string; line: number; column: number; definition: string; message: string }[];
}

test.serial('nothing wrong ends with 0', async (t) => {
  const cwd = tempFolder(t, { 'a.koreo': `${DOUBLE}---${DOUBLE_TEST}` });
  t.like(await koreo(['validate'], { cwd }), { code: 0, stdout: '2 definitions, nothing is wrong\n' });
  const { stdout } = await koreo(['validate', '-o', 'json'], { cwd });
  t.deepEqual(JSON.parse(stdout), { problems: [] });
});

test.serial('every problem is told at once, with file, line, column, definition and path', async (t) => {
  const cwd = tempFolder(t, {
    'a.koreo': `${DOUBLE.replace('return:', 'locals: {a: =inputs.}\n  retrun: {}\n  return:')}---
apiVersion: koreo.dev/v1beta1
kind: Workflow
metadata: {name: flow, namespace: demo}
spec:
  steps:
    - label: only
      ref: {kind: ValueFunction, name: gone.v1}
`,
  });
  const { code, stdout } = await koreo(['validate', 'a.koreo', '-o', 'json'], { cwd });
  t.is(code, 1);
  const { problems } = JSON.parse(stdout) as Report;
  t.deepEqual(
    problems.map(({ file, line, column, definition }) => [file, line, column, definition]),
    [
      ['a.koreo', 6, problems[0]?.column, 'ValueFunction demo/double.v1'],
      ['a.koreo', 7, 3, 'ValueFunction demo/double.v1'],
      ['a.koreo', 17, 40, 'Workflow demo/flow'],
    ],
  );
  t.regex(problems[0]?.message ?? '', /^spec\.locals\.a: /);
  t.regex(problems[1]?.message ?? '', /retrun.*did you mean 'return'/);
  t.regex(problems[2]?.message ?? '', /gone\.v1/);
});

test.serial('a kind of our group that there is not, and a definition without a name, are told', async (t) => {
  const cwd = tempFolder(t, {
    'a.yaml': DOUBLE.replace('kind: ValueFunction', 'kind: ValueFunktion'),
    'b.yaml': DOUBLE.replace('name: double.v1, ', ''),
  });
  const { code, stdout } = await koreo(['validate', '-o', 'json'], { cwd });
  t.is(code, 1);
  const { problems } = JSON.parse(stdout) as Report;
  t.deepEqual(
    problems.map(({ file, line }) => [file, line]),
    [
      ['a.yaml', 3],
      ['b.yaml', 2],
    ],
  );
});

test.serial('a copy that another namespace hides is looked at too', async (t) => {
  const hidden = DOUBLE.replace('namespace: demo', 'namespace: other').replace('* 2', '* *');
  const cwd = tempFolder(t, { 'a.koreo': `${DOUBLE}---${hidden}` });
  const { code, stdout } = await koreo(['validate'], { cwd });
  t.is(code, 1);
  t.regex(stdout, /ValueFunction other\/double\.v1 spec\.return\.n/);
});

test.serial('a configuration that is wrong ends with 2, with every problem and its line', async (t) => {
  const cwd = tempFolder(t, { 'koreo.config.yaml': 'languag: cel\nlimits: {runSteps: many}\n', 'a.koreo': DOUBLE });
  const { code, stderr } = await koreo(['validate'], { cwd });
  t.is(code, 2);
  t.regex(stderr, /koreo\.config\.yaml:1:1 languag: there is no field 'languag' here; did you mean 'language'\?/);
  t.regex(stderr, /koreo\.config\.yaml:2:20 limits\.runSteps: must be a whole number, not a text/);
});

test.serial('the limits of the configuration hold', async (t) => {
  const cwd = tempFolder(t, { 'koreo.config.yaml': 'limits: {expressionCharacters: 5}\n', 'a.koreo': DOUBLE });
  const { code, stdout } = await koreo(['validate', '.'], { cwd });
  t.is(code, 1);
  t.regex(stdout, /a\.koreo:7:8 .*limits\.expressionCharacters/);
});

test.serial('the limits on documents hold in the stores of the configuration', async (t) => {
  const cwd = tempFolder(t, {
    'koreo.config.yaml': 'stores: [{name: defs, type: file-system, root: defs}]\nlimits: {documentDepth: 3}\n',
    'defs/a.koreo': DOUBLE.replace('n: =inputs.n * 2', 'a: {b: {c: 1}}'),
  });
  const { code, stdout } = await koreo(['validate'], { cwd });
  t.is(code, 1);
  t.regex(stdout, /defs\/a\.koreo:7:\d+.*nested deeper than the limit of 3 \(limits\.documentDepth\)/);
});
