import test from 'ava';
import {
  asResource,
  definitionSchemas,
  type Json,
  type JsonObject,
  parseDocuments,
  prepareDefinition,
} from 'koreo-kernel';
import { definitionText, prepareContext, preparedSpec, prepareText, problemsIn } from '../../support/prepare.js';

const NOT_OK = '{assert: =inputs.a, skip: {message: m}}';
const API = 'apiConfig: {apiVersion: v1, kind: X, name: n}';
const REF = 'ref: {kind: ValueFunction, name: f}';
const many = (count: number, item: string): string => Array.from({ length: count }, () => item).join(',');
const TEST = 'functionRef: {kind: ValueFunction, name: f}';

/** A spec that is wrong in one way, with a ¦ where the problem is, and the path and message of the one problem that is told. */
const wrong: readonly (readonly [what: string, kind: string, spec: string, problem: string])[] = [
  [
    'a ValueFunction without preconditions and return',
    'ValueFunction',
    `¦locals: {}`,
    'spec: at least one of preconditions, return is needed',
  ],
  [
    'an unknown field',
    'ValueFunction',
    `return: {}\n¦retrun: {}`,
    "spec.retrun: there is no field 'retrun' here; did you mean 'return'?",
  ],
  [
    'a field that nothing is like',
    'ValueFunction',
    `return: {}\n¦zzz: 1`,
    "spec.zzz: there is no field 'zzz' here; fields: preconditions, locals, return",
  ],
  [
    'a return that is a list',
    'ValueFunction',
    `return: ¦[1]`,
    'spec.return: must be a mapping (or an expression that gives one), not a list',
  ],
  [
    'a return that is a constant',
    'ValueFunction',
    `return: ¦text`,
    'spec.return: must be an expression, and so begin with =',
  ],
  ['locals that are a list', 'ValueFunction', `return: {}\nlocals: ¦[1]`, 'spec.locals: must be a mapping, not a list'],
  [
    'a verdict that is left empty, and so does not say what it means',
    'ValueFunction',
    `preconditions: [{assert: =inputs.a, skip: ¦null}]`,
    'spec.preconditions[0].skip: must be a mapping, not null',
  ],
  [
    'a reference that is left empty',
    'Workflow',
    `steps: [{label: one, ref: ¦null}]`,
    'spec.steps[0].ref: must be a mapping, not null',
  ],
  [
    'an overlay function that is left empty',
    'ResourceFunction',
    `${API}\nresource: {}\noverlays: [{overlayRef: ¦null}]`,
    'spec.overlays[0].overlayRef: must be a mapping, not null',
  ],
  [
    'preconditions that are a mapping',
    'ValueFunction',
    `preconditions: ¦{}`,
    'spec.preconditions: must be a list, not a mapping',
  ],
  [
    'more than 20 preconditions',
    'ValueFunction',
    `preconditions: ¦[${many(21, NOT_OK)}]`,
    'spec.preconditions: must hold no more than 20 items',
  ],
  [
    'a precondition without assert',
    'ValueFunction',
    `preconditions:\n- ¦ok: {}`,
    "spec.preconditions[0]: 'assert' is missing",
  ],
  [
    'an assert that is no expression',
    'ValueFunction',
    `preconditions:\n- assert: ¦inputs.a\n  ok: {}`,
    'spec.preconditions[0].assert: must be an expression, and so begin with =',
  ],
  [
    'an assert that is a boolean',
    'ValueFunction',
    `preconditions:\n- assert: ¦true\n  ok: {}`,
    'spec.preconditions[0].assert: must be a text, not a boolean',
  ],
  [
    'a precondition without verdict',
    'ValueFunction',
    `preconditions:\n- ¦assert: =inputs.a`,
    'spec.preconditions[0]: exactly one of ok, skip, depSkip, retry, permFail is needed, and there is none',
  ],
  [
    'a precondition with two verdicts',
    'ValueFunction',
    `preconditions:\n- ¦assert: =inputs.a\n  ok: {}\n  skip: {message: m}`,
    'spec.preconditions[0]: exactly one of ok, skip, depSkip, retry, permFail is needed, and there are ok and skip',
  ],
  [
    'a verdict without message',
    'ValueFunction',
    `preconditions:\n- assert: =inputs.a\n  permFail: ¦{}`,
    "spec.preconditions[0].permFail: 'message' is missing",
  ],
  [
    'a retry without delay',
    'ValueFunction',
    `preconditions:\n- assert: =inputs.a\n  retry: ¦{message: m}`,
    "spec.preconditions[0].retry: 'delay' is missing",
  ],
  [
    'a negative delay',
    'ValueFunction',
    `preconditions:\n- assert: =inputs.a\n  retry: {message: m, delay: ¦-1}`,
    'spec.preconditions[0].retry.delay: must be 0 or more',
  ],
  [
    'a delay that is no whole number',
    'ValueFunction',
    `preconditions:\n- assert: =inputs.a\n  retry: {message: m, delay: ¦1.5}`,
    'spec.preconditions[0].retry.delay: must be a whole number',
  ],
  [
    'a message that is a number',
    'ValueFunction',
    `preconditions:\n- assert: =inputs.a\n  skip: {message: ¦5}`,
    'spec.preconditions[0].skip.message: must be a text, not a number',
  ],
  [
    'something in ok',
    'ValueFunction',
    `preconditions:\n- assert: =inputs.a\n  ok: {¦message: m}`,
    "spec.preconditions[0].ok.message: there is no field 'message' here; it has no fields",
  ],
  ['a template without kind', 'ResourceTemplate', `template: ¦{apiVersion: v1}`, "spec.template: 'kind' is missing"],
  [
    'a template without apiVersion',
    'ResourceTemplate',
    `template: ¦{kind: X}`,
    "spec.template: 'apiVersion' is missing",
  ],
  [
    'a kind that is an expression',
    'ResourceTemplate',
    `template: {apiVersion: v1, kind: ¦=x}`,
    'spec.template.kind: must not be an expression, and so not begin with =',
  ],
  ['no template', 'ResourceTemplate', `¦context: {}`, "spec: 'template' is missing"],
  ['no apiConfig', 'ResourceFunction', `¦resource: {}`, "spec: 'apiConfig' is missing"],
  [
    'no name',
    'ResourceFunction',
    `apiConfig: ¦{apiVersion: v1, kind: X}\nresource: {}`,
    "spec.apiConfig: 'name' is missing",
  ],
  [
    'an apiVersion that is an expression',
    'ResourceFunction',
    `apiConfig: {apiVersion: ¦=x, kind: X, name: n}\nresource: {}`,
    'spec.apiConfig.apiVersion: must not be an expression, and so not begin with =',
  ],
  [
    'an empty name',
    'ResourceFunction',
    `apiConfig: {apiVersion: v1, kind: X, name: ¦''}\nresource: {}`,
    'spec.apiConfig.name: must not be empty',
  ],
  [
    'owned that is a text',
    'ResourceFunction',
    `apiConfig: {apiVersion: v1, kind: X, name: n, owned: ¦'yes'}\nresource: {}`,
    'spec.apiConfig.owned: must be true or false, not a text',
  ],
  [
    'neither resource nor template',
    'ResourceFunction',
    `¦${API}`,
    'spec: one of resource and resourceTemplateRef is needed, unless apiConfig says readonly or deleteIfExists',
  ],
  [
    'both resource and template',
    'ResourceFunction',
    `${API}\nresource: {}\nresourceTemplateRef: ¦{name: t}`,
    'spec.resourceTemplateRef: only one of resource and resourceTemplateRef may be there',
  ],
  [
    'an overlay without anything',
    'ResourceFunction',
    `${API}\nresource: {}\noverlays:\n- ¦skipIf: =inputs.a`,
    'spec.overlays[0]: exactly one of overlay, overlayRef is needed, and there is none',
  ],
  [
    'an overlay of both forms',
    'ResourceFunction',
    `${API}\nresource: {}\noverlays:\n- ¦overlay: {}\n  overlayRef: {kind: ValueFunction, name: f}`,
    'spec.overlays[0]: exactly one of overlay, overlayRef is needed, and there are overlay and overlayRef',
  ],
  [
    'inputs of an inline overlay',
    'ResourceFunction',
    `${API}\nresource: {}\noverlays:\n- overlay: {}\n  inputs: ¦{a: 1}`,
    'spec.overlays[0].inputs: inputs are for an overlayRef, not for an overlay',
  ],
  [
    'an overlayRef to a ResourceFunction',
    'ResourceFunction',
    `${API}\nresource: {}\noverlays:\n- overlayRef: {kind: ¦ResourceFunction, name: f}`,
    'spec.overlays[0].overlayRef.kind: must be ValueFunction',
  ],
  [
    'a skipIf that is a constant',
    'ResourceFunction',
    `${API}\nresource: {}\noverlays:\n- overlay: {}\n  skipIf: ¦inputs.a`,
    'spec.overlays[0].skipIf: must be an expression, and so begin with =',
  ],
  [
    'an update of two forms',
    'ResourceFunction',
    `${API}\nresource: {}\nupdate: ¦{patch: {delay: 1}, never: {}}`,
    'spec.update: exactly one of patch, recreate, never is needed, and there are patch and never',
  ],
  [
    'a delete of no form',
    'ResourceFunction',
    `${API}\nresource: {}\ndelete: ¦{}`,
    'spec.delete: exactly one of abandon, destroy is needed, and there is none',
  ],
  [
    'a negative delay of create',
    'ResourceFunction',
    `${API}\nresource: {}\ncreate: {delay: ¦-5}`,
    'spec.create.delay: must be 0 or more',
  ],
  [
    'more than 20 postconditions',
    'ResourceFunction',
    `${API}\nresource: {}\npostconditions: ¦[${many(21, NOT_OK)}]`,
    'spec.postconditions: must hold no more than 20 items',
  ],
  ['no steps', 'Workflow', `¦crdRef: {apiGroup: g, version: v1, kind: X}`, "spec: 'steps' is missing"],
  ['an empty list of steps', 'Workflow', `steps: ¦[]`, 'spec.steps: must hold 1 or more items'],
  [
    'more than 100 steps',
    'Workflow',
    `steps: ¦[${many(101, `{label: aaa, ${REF}}`)}]`,
    'spec.steps: must hold no more than 100 items',
  ],
  [
    'a crdRef without version',
    'Workflow',
    `crdRef: ¦{apiGroup: g, kind: X}\nsteps:\n- {label: aaa, ${REF}}`,
    "spec.crdRef: 'version' is missing",
  ],
  ['a step without label', 'Workflow', `steps:\n- ¦${REF}`, "spec.steps[0]: 'label' is missing"],
  [
    'a label that is too short',
    'Workflow',
    `steps:\n- {label: ¦ab, ${REF}}`,
    'spec.steps[0].label: must be 3 to 45 letters, digits and underscores',
  ],
  [
    'a label that is too long',
    'Workflow',
    `steps:\n- {label: ¦aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, ${REF}}`,
    'spec.steps[0].label: must be 3 to 45 letters, digits and underscores',
  ],
  [
    'a label with a dash',
    'Workflow',
    `steps:\n- {label: ¦a-b-c, ${REF}}`,
    'spec.steps[0].label: must be 3 to 45 letters, digits and underscores',
  ],
  [
    'a label that ends in a new line',
    'Workflow',
    `steps:\n- {label: ¦"abc\\n", ${REF}}`,
    'spec.steps[0].label: must be 3 to 45 letters, digits and underscores',
  ],
  [
    'a step without Logic',
    'Workflow',
    `steps:\n- ¦{label: aaa}`,
    'spec.steps[0]: exactly one of ref, refSwitch is needed, and there is none',
  ],
  [
    'a step to an unknown kind',
    'Workflow',
    `steps:\n- {label: aaa, ref: {kind: ¦Function, name: f}}`,
    'spec.steps[0].ref.kind: must be one of ResourceFunction, ValueFunction, Workflow',
  ],
  [
    'a ref whose name is an expression',
    'Workflow',
    `steps:\n- {label: aaa, ref: {kind: Workflow, name: ¦=x}}`,
    'spec.steps[0].ref.name: must not be an expression, and so not begin with =',
  ],
  [
    'a switch without cases',
    'Workflow',
    `steps:\n- {label: aaa, refSwitch: {switchOn: =inputs.a, cases: ¦[]}}`,
    'spec.steps[0].refSwitch.cases: must hold 1 or more items',
  ],
  [
    'a switch on a constant',
    'Workflow',
    `steps:\n- {label: aaa, refSwitch: {switchOn: ¦a, cases: [{case: a, kind: Workflow, name: f}]}}`,
    'spec.steps[0].refSwitch.switchOn: must be an expression, and so begin with =',
  ],
  [
    'a case that is an expression',
    'Workflow',
    `steps:\n- {label: aaa, refSwitch: {switchOn: =inputs.a, cases: [{case: ¦=a, kind: Workflow, name: f}]}}`,
    'spec.steps[0].refSwitch.cases[0].case: must not be an expression, and so not begin with =',
  ],
  [
    'a case that is a boolean',
    'Workflow',
    `steps:\n- {label: aaa, refSwitch: {switchOn: =inputs.a, cases: [{case: ¦true, kind: Workflow, name: f}]}}`,
    'spec.steps[0].refSwitch.cases[0].case: must be a text or a whole number, not a boolean',
  ],
  [
    'a forEach without inputKey',
    'Workflow',
    `steps:\n- {label: aaa, ${REF}, forEach: ¦{itemIn: =parent.a}}`,
    "spec.steps[0].forEach: 'inputKey' is missing",
  ],
  [
    'an itemIn that is a list',
    'Workflow',
    `steps:\n- {label: aaa, ${REF}, forEach: {itemIn: ¦[1], inputKey: k}}`,
    'spec.steps[0].forEach.itemIn: must be a text, not a list',
  ],
  [
    'a condition type in lower case',
    'Workflow',
    `steps:\n- {label: aaa, ${REF}, condition: {type: ¦ready, name: n}}`,
    'spec.steps[0].condition.type: must begin with a capital letter, and hold only letters and digits',
  ],
  [
    'a condition name that is an expression',
    'Workflow',
    `steps:\n- {label: aaa, ${REF}, condition: {type: Ready, name: ¦=n}}`,
    'spec.steps[0].condition.name: must not be an expression, and so not begin with =',
  ],
  [
    'a time limit of zero',
    'Workflow',
    `steps:\n- {label: aaa, ${REF}, timeoutSeconds: ¦0}`,
    'spec.steps[0].timeoutSeconds: must be more than 0',
  ],
  ['no functionRef', 'FunctionTest', `¦testCases: []`, "spec: 'functionRef' is missing"],
  [
    'a test of a Workflow',
    'FunctionTest',
    `functionRef: {kind: ¦Workflow, name: w}`,
    'spec.functionRef.kind: must be one of ValueFunction, ResourceFunction',
  ],
  [
    'a case without expectation',
    'FunctionTest',
    `${TEST}\ntestCases:\n- ¦label: a`,
    'spec.testCases[0]: exactly one of expectResource, expectReturn, expectOutcome, expectDelete is needed, and there is none',
  ],
  [
    'a case with two expectations',
    'FunctionTest',
    `${TEST}\ntestCases:\n- ¦expectDelete: true\n  expectReturn: {}`,
    'spec.testCases[0]: exactly one of expectResource, expectReturn, expectOutcome, expectDelete is needed, and there are expectReturn and expectDelete',
  ],
  [
    'an outcome of two types',
    'FunctionTest',
    `${TEST}\ntestCases:\n- expectOutcome: ¦{ok: {}, skip: {}}`,
    'spec.testCases[0].expectOutcome: exactly one of ok, skip, depSkip, retry, permFail is needed, and there are ok and skip',
  ],
  [
    'more than 200 cases',
    'FunctionTest',
    `${TEST}\ntestCases: ¦[${many(201, '{expectReturn: {}}')}]`,
    'spec.testCases: must hold no more than 200 items',
  ],
  [
    'an expected return that is a text',
    'FunctionTest',
    `${TEST}\ntestCases:\n- expectReturn: ¦x`,
    'spec.testCases[0].expectReturn: must be a mapping, not a text',
  ],
];

for (const [what, kind, spec, problem] of wrong) {
  test(`${what} is told, and nothing beside it`, (t) => {
    const before = definitionText(kind, spec).split('¦')[0]?.split('\n') ?? [];
    const position = `${before.length}:${(before.at(-1) ?? '').length + 1}`;
    const found = problemsIn(definitionText(kind, spec.replace('¦', '')));
    // Labels are the same in long lists; what is told of that is not the question here.
    t.deepEqual(found.slice(0, 1), [`${position} ${problem}`]);
    t.true(found.length === 1 || what === 'more than 100 steps', found.join('\n'));
  });
}

test('everything that is wrong with a definition is told at once, in the order of the file', (t) => {
  const spec = `preconditions:
- assert: true
  skip: {message: 5}
- assert: =inputs.
  retry: {message: a}
locals: {a: =locals.b, b: =locals.a}
return: {x: =foo.x}
unknown: 1`;
  const found = problemsIn(definitionText('ValueFunction', spec));
  const places = found.map((problem) => problem.split(' ', 2).join(' '));
  t.deepEqual(places, [
    '6:13 spec.preconditions[0].assert:',
    '7:21 spec.preconditions[0].skip.message:',
    '8:21 spec.preconditions[1].assert:',
    '9:12 spec.preconditions[1].retry:',
    '10:15 spec.locals.a:',
    '11:15 spec.return.x:',
    '12:3 spec.unknown:',
  ]);
});

test('no problem repeats a value of the definition', (t) => {
  const secret = 'hunter2';
  for (const spec of [
    `return: ${secret}`,
    `return: {}\nlocals: ${secret}`,
    `preconditions: [{assert: ${secret}, skip: {message: [${secret}]}}]`,
    `preconditions: ${secret}`,
  ]) {
    const found = problemsIn(definitionText('ValueFunction', spec));
    t.true(found.length > 0);
    t.false(found.join().includes(secret), found.join('\n'));
  }
});

test('fields that are left empty are as good as absent', (t) => {
  const spec = `apiConfig: {apiVersion: v1, kind: X, name: n, readonly: true}\nlocals:\npreconditions:\noverlays:\ncreate:\nupdate:\ndelete:\npostconditions:\nreturn:\nresource:\nresourceTemplateRef:`;
  const prepared = preparedSpec('ResourceFunction', spec);
  t.is(prepared.base, undefined);
  t.is(prepared.return, undefined);
  t.deepEqual(prepared.update, { type: 'patch', delay: 30 });
});

test('an ok that is left empty still stands for itself', (t) => {
  const { preconditions } = preparedSpec('ValueFunction', 'preconditions:\n- assert: =inputs.a\n  ok:');
  t.is(preconditions[0]?.verdict.type, 'ok');
});

test('metadata is checked, and status is not read', (t) => {
  const text =
    'apiVersion: koreo.dev/v1beta1\nkind: ValueFunction\nmetadata: {annotations: {a: 1}}\nspec: {return: {}}\nstatus: {any: [thing]}';
  t.deepEqual(problemsIn(text), [
    "3:11 metadata: 'name' is missing",
    '3:29 metadata.annotations.a: must be a text, not a number',
  ]);
});

test('a definition without metadata or spec is a problem, and no crash', (t) => {
  for (const text of ['metadata: 5', 'metadata: [1]\nspec: x', 'metadata: {name: 5}\nspec: []', 'spec: {return: {}}']) {
    const found = problemsIn(`apiVersion: koreo.dev/v1beta1\nkind: Workflow\n${text}`);
    t.true(found.length > 0, text);
  }
});

test('a kind or version that is not of this language is told', (t) => {
  for (const head of ['apiVersion: koreo.dev/v1beta1\nkind: Flow', 'apiVersion: koreo.dev/v9\nkind: Workflow']) {
    t.deepEqual(problemsIn(`${head}\nmetadata: {name: a}\nspec: {}`), [
      '2:7 kind: is no kind of definition of this version',
    ]);
  }
});

test('problems name the definition and the store', (t) => {
  const result = prepareText(definitionText('ValueFunction', 'return: 5'));
  t.is(result.status, 'broken');
  const [problem] = result.status === 'broken' ? result.problems : [];
  t.like(problem, { code: 'schema', subject: 'ValueFunction ns/it', store: 'test' });
});

test('a definition that is no file is judged alike, with paths and without lines', (t) => {
  const { documents } = parseDocuments(definitionText('ValueFunction', 'return: 5'), { file: 'a.yaml' });
  const resource = asResource(documents[0]?.value ?? {});
  const result = prepareDefinition(resource, { store: 'cluster' }, prepareContext());
  const [problem] = result.status === 'broken' ? result.problems : [];
  t.deepEqual(problem?.location, { path: ['spec', 'return'] });
});

test('a definition that is nested too deep is refused, whatever store it comes from', (t) => {
  let deep: Json = 'x';
  for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
  const resource = asResource({
    apiVersion: 'koreo.dev/v1beta1',
    kind: 'ValueFunction',
    metadata: { name: 'deep' },
    spec: { return: { deep } },
  });
  const result = prepareDefinition(resource, { store: 'cluster' }, prepareContext());
  const [problem] = result.status === 'broken' ? result.problems : [];
  t.is(problem?.code, 'document-limit');
  t.regex(problem?.message ?? '', /limit of 100 \(limits\.documentDepth\)/);
});

/** Every schema within a schema, with a name for messages. */
function* schemasIn(schema: JsonObject, name: string): Generator<readonly [name: string, schema: JsonObject]> {
  yield [name, schema];
  for (const [key, child] of Object.entries((schema.properties ?? {}) as JsonObject)) {
    yield* schemasIn(child as JsonObject, `${name}.${key}`);
  }
  if (schema.items !== undefined) yield* schemasIn(schema.items as JsonObject, `${name}[]`);
}

test('schemas keep to what a CRD can be made of, and say what each field is for', (t) => {
  const known = new Set([
    ...['$id', '$schema', 'title', 'description', 'type', 'required', 'properties', 'additionalProperties', 'items'],
    ...['pattern', 'minLength', 'minItems', 'maxItems', 'minimum', 'exclusiveMinimum', 'enum', 'const', 'default'],
    ...['oneOf', 'anyOf'],
  ]);
  for (const kind of Object.values(definitionSchemas)) {
    for (const [name, schema] of schemasIn(kind, String(kind.title))) {
      t.is(typeof schema.description, 'string', `${name} has no description`);
      for (const keyword of Object.keys(schema)) t.true(known.has(keyword), `${name} uses ${keyword}`);
      for (const branch of [...((schema.oneOf ?? []) as Json[]), ...((schema.anyOf ?? []) as Json[])]) {
        t.deepEqual(Object.keys(branch as JsonObject), ['required'], `${name} has a branch that is more than a choice`);
      }
    }
  }
});
