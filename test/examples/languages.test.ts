import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { Json, JsonObject } from 'koreo-kernel';
import { parse, parseAllDocuments } from 'yaml';
import { koreoProcess } from '../support/koreo.js';
import { tempFolder } from '../support/temp-folder.js';
import { checkTestsAndDefinitions } from './support/checks.js';
import { copyExample, edit, filesIn, textOf } from './support/example.js';

/** The examples, each with the folders that hold what it makes, and how a run of it ends. */
const EXAMPLES = [
  { name: 'hello', made: ['out', 'greetings'], code: 0 },
  { name: 'platform', made: ['out', 'services'], code: 0 },
  { name: 'shop', made: ['data'], code: 1 },
];

for (const { code, made, name } of EXAMPLES) {
  test.serial(`${name}: one line of configuration changes the language, and nothing that comes of it`, async (t) => {
    const inCel = copyExample(t, name);
    const inJsonata = copyExample(t, name);
    edit(inJsonata, 'koreo.config.yaml', 'language: cel\n', 'language: jsonata\n');
    for (const folder of [inCel, inJsonata]) {
      // One after the other, as a list holds what is made in the order in which it is made.
      edit(folder, 'koreo.config.yaml', 'language: ', 'loop: {concurrency: 1}\nlanguage: ');
      const { code: ended, stderr, stdout } = await koreoProcess(['run', '--once'], { cwd: folder });
      t.is(ended, code, stdout + stderr);
    }
    const expected = valuesIn(inCel, made);
    t.true(Object.keys(expected).length >= made.length);
    t.deepEqual(valuesIn(inJsonata, made), expected);
  });

  test.serial(`${name}: its definitions and tests are right in JSONata too`, async (t) => {
    const folder = copyExample(t, name);
    edit(folder, 'koreo.config.yaml', 'language: cel\n', 'language: jsonata\n');
    await checkTestsAndDefinitions(t, folder);
  });

  test(`${name}: both languages are held to the same tests, and made from the same templates`, (t) => {
    const folder = copyExample(t, name);
    const constants = definitionsIn(folder, 'cel');
    t.true(constants.length > 0);
    t.deepEqual(definitionsIn(folder, 'jsonata'), constants);
  });
}

test.serial('a Workflow goes through functions of two languages, each by its annotation', async (t) => {
  const folder = tempFolder(t, {
    'koreo.config.yaml': [
      'stores: [{name: all, type: file-system, root: .}]',
      'definitions: [{store: all}]',
      'defaultStore: all',
    ].join('\n'),
    'mixed.koreo': [
      MIXED_WORKFLOW,
      valueFunction('first.v1', 'jsonata', '=inputs.names ~> $join("+")'),
      ...OTHERS,
    ].join('---\n'),
    'order.yaml':
      'apiVersion: example.com/v1\nkind: Order\nmetadata: {name: a, namespace: b}\nspec: {names: [x, y], amount: 20}\n',
  });
  const checked = await koreoProcess(['validate'], { cwd: folder });
  t.is(checked.code, 0, checked.stdout + checked.stderr);
  const { code, stderr, stdout } = await koreoProcess(['run', '--once'], { cwd: folder });
  t.is(code, 0, stdout + stderr);
  const made = parse(textOf(folder, 'b/Result/a.yaml') ?? '');
  t.deepEqual(made.spec, { text: 'x+y:cel', double: 40 });
});

test('a definition chooses its language by itself, and is checked in that', async (t) => {
  const folder = tempFolder(t, {
    'a.koreo': valueFunction('a.v1', 'jsonata', '=inputs.a && inputs.b'),
    'koreo.config.yaml': 'stores: [{name: all, type: file-system, root: .}]\n',
  });
  const { code, stdout, stderr } = await koreoProcess(['validate'], { cwd: folder });
  t.is(code, 1);
  t.regex(stdout + stderr, /a\.koreo:\d+:\d+.*`&` cannot stand here/);
});

/** What all files of some folders hold, without the times at which things changed, and the names of folders of languages. */
function valuesIn(folder: string, made: readonly string[]): Readonly<Record<string, Json>> {
  const files = made.flatMap((part) => [part, `${part}/.koreo`].flatMap((at) => filesUnder(folder, at)));
  return Object.fromEntries(files.map((file) => [file, withoutTimes(textOf(folder, file) ?? '')]));
}

function filesUnder(folder: string, part: string): readonly string[] {
  return filesIn(join(folder, part)).map((file) => `${part}/${file}`);
}

function withoutTimes(text: string): Json {
  const same = text
    .replace(/"?lastTransitionTime"?: ?"[^"]*"/g, '"lastTransitionTime": ""')
    .replaceAll(/definitions\/(cel|jsonata)\//g, 'definitions/');
  return parseAllDocuments(same).map((document) => document.toJS());
}

/** The definitions of a folder that hold no expressions, in the order of the files. */
function definitionsIn(folder: string, language: string): readonly JsonObject[] {
  const root = join(folder, 'definitions', language);
  return readdirSync(root)
    .sort()
    .flatMap((file) => parseAllDocuments(readFileSync(join(root, file), 'utf8')))
    .map((document): JsonObject => document.toJS())
    .filter(({ kind }) => kind === 'FunctionTest' || kind === 'ResourceTemplate');
}

function valueFunction(name: string, language: string, text: string): string {
  return `apiVersion: koreo.dev/v1beta1
kind: ValueFunction
metadata: {name: ${name}, namespace: a, annotations: {koreo.dev/expression-language: ${language}}}
spec:
  return:
    text: ${JSON.stringify(text)}
`;
}

const MIXED_WORKFLOW = `apiVersion: koreo.dev/v1beta1
kind: Workflow
metadata: {name: mixed.v1, namespace: a}
spec:
  crdRef: {apiGroup: example.com, version: v1, kind: Order}
  steps:
    - label: first
      ref: {kind: ValueFunction, name: first.v1}
      inputs: {names: =parent.spec.names}
    - label: second
      ref: {kind: ValueFunction, name: second.v1}
      inputs: {text: =steps.first.text}
    - label: third
      ref: {kind: ResourceFunction, name: third.v1}
      inputs: {metadata: =parent.metadata, text: =steps.second.text, amount: =parent.spec.amount}
`;

const OTHERS = [
  valueFunction('second.v1', 'cel', '=inputs.text + ":cel"'),
  `apiVersion: koreo.dev/v1beta1
kind: ResourceFunction
metadata: {name: third.v1, namespace: a, annotations: {koreo.dev/expression-language: jsonata}}
spec:
  apiConfig: {apiVersion: example.com/v1, kind: Result, name: =inputs.metadata.name, namespace: =inputs.metadata.namespace}
  resource:
    spec: '={"text": inputs.text, "double": inputs.amount * 2, "missing": inputs.nowhere}'
  create: {delay: 0}
`,
];
