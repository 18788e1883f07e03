import test from 'ava';
import { annotations, type Expression, RunBudget, type Template } from 'koreo-kernel';
import { laterEngine } from '../../support/async-engine.js';
import { definitionText, prepareContext, preparedSpec, prepareText, problemsIn } from '../../support/prepare.js';

const API = 'apiConfig: {apiVersion: v1, kind: Thing, name: =inputs.name, namespace: ns}';

function sourcesOf(parts: readonly (Expression | undefined)[]): readonly (string | undefined)[] {
  return parts.map((part) => part?.program.source);
}

function constantsOf(parts: readonly (Template | undefined)[]): readonly unknown[] {
  return parts.map((part) => part?.constant);
}

test('a ValueFunction has its checks in order, its locals and its return', (t) => {
  const prepared = preparedSpec(
    'ValueFunction',
    `preconditions:
- {assert: =inputs.a, ok: {}}
- {assert: =inputs.b, skip: {message: s}}
- {assert: =inputs.c, depSkip: {message: d}}
- {assert: =inputs.d, retry: {message: r, delay: 7}}
- {assert: =inputs.e, permFail: {message: ="p" + inputs.f}}
locals: {x: 1}
return: {y: =locals.x}`,
  );
  t.like(prepared, { kind: 'ValueFunction', name: 'it', namespace: 'ns', store: 'test', language: 'cel' });
  t.deepEqual(
    prepared.preconditions.map(({ verdict }) => verdict.type),
    ['ok', 'skip', 'depSkip', 'retry', 'permFail'],
  );
  t.deepEqual(sourcesOf(prepared.preconditions.map(({ assert }) => assert)), [
    'inputs.a',
    'inputs.b',
    'inputs.c',
    'inputs.d',
    'inputs.e',
  ]);
  t.like(prepared.preconditions[3]?.verdict, { type: 'retry', delay: 7 });
  t.deepEqual(prepared.location, { path: [], file: 'a.koreo', line: 1, column: 1 });
  t.deepEqual(prepared.references, []);
});

test('input names are those that the whole function reads', (t) => {
  const prepared = preparedSpec(
    'ValueFunction',
    `preconditions: [{assert: =inputs.a, skip: {message: =inputs.b}}]
locals: {x: '=inputs["c d"]'}
return: {y: [=inputs.e.f, {z: =locals.x}]}`,
  );
  t.deepEqual(prepared.inputNames, ['a', 'b', 'c d', 'e']);
});

test('an input that the function asks for by has is optional, wherever it is read', (t) => {
  const prepared = preparedSpec(
    'ValueFunction',
    `preconditions: [{assert: '=!has(inputs.a) || inputs.a > 1', skip: {message: m}}]
locals: {x: '=has(inputs.b.c) ? inputs.b.c : 1'}
return: {y: =inputs.a, z: =inputs.d}`,
  );
  // Whether b.c is there is asked of b, which must be there for that.
  t.deepEqual(prepared.inputNames, ['b', 'd']);
});

test('a read of the inputs as a whole demands no name', (t) => {
  t.deepEqual(preparedSpec('ValueFunction', 'return: {y: =inputs, z: "=inputs[inputs.key]"}').inputNames, ['key']);
});

test('locals are ordered by what they need, and else as they are written', (t) => {
  const prepared = preparedSpec(
    'ValueFunction',
    'locals: {c: =locals.a + locals.b, b: {x: [=locals.a]}, a: 1, d: null, e: =locals.c}\nreturn: {}',
  );
  t.deepEqual(
    prepared.locals.entries.map(({ name }) => name),
    ['a', 'b', 'c', 'd', 'e'],
  );
  t.deepEqual(constantsOf(prepared.locals.entries.map(({ template }) => template)).slice(0, 4), [
    1,
    undefined,
    undefined,
    null,
  ]);
});

test('a local that reads the locals as a whole comes after all others', (t) => {
  const prepared = preparedSpec('ValueFunction', 'locals: {all: =locals, a: 1, b: =locals.a}\nreturn: {}');
  t.deepEqual(
    prepared.locals.entries.map(({ name }) => name),
    ['a', 'b', 'all'],
  );
});

test('a circle of locals is named', (t) => {
  t.deepEqual(
    problemsIn(
      definitionText(
        'ValueFunction',
        'return: {}\nlocals:\n  z: 1\n  a: =locals.b\n  b: [=locals.c]\n  c: =locals.a\n  d: =locals.d',
      ),
    ),
    [
      '8:8 spec.locals.a: locals need one another in a circle: a → b → c → a',
      '11:8 spec.locals.d: locals need one another in a circle: d → d',
    ],
  );
});

test('what reads a name out of scope is a warning: the definition is prepared, for a branch that may never be taken', (t) => {
  const result = prepareText(definitionText('ValueFunction', 'return: {x: "=inputs.a ? 1 : nobody.b"}'));
  t.is(result.status, 'prepared');
  t.like(result, { warnings: [{ code: 'unknown-name', location: { line: 5 } }] });
});

test('a local that does not exist is a problem, unless the expression asks whether it does', (t) => {
  const spec = "locals: {a: 1}\nreturn: {x: =locals.b, y: '=has(locals.c) ? locals.c : 1'}";
  t.deepEqual(problemsIn(definitionText('ValueFunction', spec)), [
    "6:15 spec.return.x: there is no local 'b'; there are: a",
  ]);
});

/** Where each name may be read, and what is told where it may not. */
const scopes: readonly (readonly [
  where: string,
  kind: string,
  spec: (expression: string) => string,
  inScope: string,
])[] = [
  ['preconditions', 'ValueFunction', (e) => `return: {}\npreconditions: [{assert: ${e}, ok: {}}]`, 'inputs'],
  [
    'messages of preconditions',
    'ValueFunction',
    (e) => `preconditions: [{assert: =true, skip: {message: ${e}}}]`,
    'inputs',
  ],
  ['locals', 'ValueFunction', (e) => `return: {}\nlocals: {a: 1, b: ${e}}`, 'inputs, locals'],
  [
    'return of a ValueFunction',
    'ValueFunction',
    (e) => `locals: {a: 1}\nreturn: {x: ${e}}`,
    'inputs, locals, resource',
  ],
  [
    'apiConfig',
    'ResourceFunction',
    (e) => `locals: {a: 1}\nresource: {}\napiConfig: {apiVersion: v1, kind: X, name: ${e}}`,
    'inputs, locals',
  ],
  [
    'namespace',
    'ResourceFunction',
    (e) => `locals: {a: 1}\nresource: {}\napiConfig: {apiVersion: v1, kind: X, name: n, namespace: ${e}}`,
    'inputs, locals',
  ],
  ['resource', 'ResourceFunction', (e) => `locals: {a: 1}\n${API}\nresource: {x: ${e}}`, 'inputs, locals'],
  [
    'resourceTemplateRef',
    'ResourceFunction',
    (e) => `locals: {a: 1}\n${API}\nresourceTemplateRef: {name: ${e}}`,
    'inputs, locals',
  ],
  [
    'skipIf of an overlay',
    'ResourceFunction',
    (e) => `locals: {a: 1}\n${API}\nresource: {}\noverlays: [{skipIf: ${e}, overlay: {}}]`,
    'inputs, locals',
  ],
  [
    'inputs of an overlay',
    'ResourceFunction',
    (e) =>
      `locals: {a: 1}\n${API}\nresource: {}\noverlays: [{overlayRef: {kind: ValueFunction, name: f}, inputs: {x: ${e}}}]`,
    'inputs, locals',
  ],
  [
    'overlay',
    'ResourceFunction',
    (e) => `locals: {a: 1}\n${API}\nresource: {}\noverlays: [{overlay: {x: ${e}}}]`,
    'inputs, locals, resource',
  ],
  [
    'create.overlay',
    'ResourceFunction',
    (e) => `locals: {a: 1}\n${API}\nresource: {}\ncreate: {overlay: {x: ${e}}}`,
    'inputs, locals, resource',
  ],
  [
    'postconditions',
    'ResourceFunction',
    (e) => `locals: {a: 1}\n${API}\nresource: {}\npostconditions: [{assert: ${e}, ok: {}}]`,
    'inputs, locals, resource',
  ],
  [
    'return of a ResourceFunction',
    'ResourceFunction',
    (e) => `locals: {a: 1}\n${API}\nresource: {}\nreturn: {x: ${e}}`,
    'inputs, locals, resource',
  ],
  [
    'inputs of a step',
    'Workflow',
    (e) => `steps: [{label: aaa, ref: {kind: Workflow, name: w}, inputs: {x: ${e}}}]`,
    'parent, steps',
  ],
  [
    'skipIf of a step',
    'Workflow',
    (e) => `steps: [{label: aaa, ref: {kind: Workflow, name: w}, skipIf: ${e}}]`,
    'parent, steps',
  ],
  [
    'itemIn',
    'Workflow',
    (e) => `steps: [{label: aaa, ref: {kind: Workflow, name: w}, forEach: {inputKey: k, itemIn: ${e}}}]`,
    'parent, steps',
  ],
  [
    'switchOn',
    'Workflow',
    (e) => `steps: [{label: aaa, refSwitch: {switchOn: ${e}, cases: [{case: a, kind: Workflow, name: w}]}}]`,
    'inputs, parent, steps',
  ],
  ['state', 'Workflow', (e) => `steps: [{label: aaa, ref: {kind: Workflow, name: w}, state: {x: ${e}}}]`, 'value'],
  ['inputs of a test', 'FunctionTest', (e) => `functionRef: {kind: ValueFunction, name: f}\ninputs: {x: ${e}}`, ''],
  [
    'inputOverrides',
    'FunctionTest',
    (e) => `functionRef: {kind: ValueFunction, name: f}\ntestCases: [{expectReturn: {}, inputOverrides: {x: ${e}}}]`,
    'inputs',
  ],
  [
    'overlayResource',
    'FunctionTest',
    (e) => `functionRef: {kind: ValueFunction, name: f}\ntestCases: [{expectReturn: {}, overlayResource: {x: ${e}}}]`,
    'inputs, resource',
  ],
];

const names = ['inputs', 'locals', 'resource', 'steps', 'parent', 'value', 'foo'];

for (const [where, kind, spec, inScope] of scopes) {
  test(`in ${where} these names are in scope, and no others: ${inScope || 'none'}`, (t) => {
    const known = inScope === '' ? [] : inScope.split(', ');
    for (const name of names) {
      const found = problemsIn(definitionText(kind, spec(`=${name} == 1`)));
      const told = known.length === 0 ? 'nothing is' : `in scope: ${inScope}`;
      if (known.includes(name)) t.deepEqual(found, [], name);
      else t.regex(found.join('\n'), new RegExp(`^\\S+ spec\\.\\S+: '${name}' is not in scope here; ${told}$`));
    }
  });
}

test('names that an expression binds itself are its own', (t) => {
  t.deepEqual(problemsIn(definitionText('ValueFunction', 'return: {x: "=inputs.list.map(foo, foo + 1)"}')), []);
});

test('an expression that does not parse is a problem at the place in the file', (t) => {
  const [one = ''] = problemsIn(definitionText('ValueFunction', 'return:\n  a: =inputs.a +'));
  t.regex(one, /^6:\d+ spec\.return\.a: /);
  const [two = ''] = problemsIn(
    definitionText('ValueFunction', 'return:\n  a: |\n    =inputs.a\n      + ) 1\n    + 2'),
  );
  t.regex(two, /^8:11 spec\.return\.a: /);
});

test('an expression that is too long is a problem that names the limit', (t) => {
  const context = prepareContext();
  const limited = { ...context, limits: { ...context.limits, expressionCharacters: 10 } };
  t.deepEqual(problemsIn(definitionText('ValueFunction', 'return: {a: "=12345 + 12", b: "=12345 + 123"}'), limited), [
    '5:33 spec.return.b: the expression is longer than the limit of 10 characters (limits.expressionCharacters)',
  ]);
});

test('a definition may choose its language, and one that there is not is a problem at the annotation', (t) => {
  const text = (language: string) =>
    `apiVersion: koreo.dev/v1beta1\nkind: ValueFunction\nmetadata:\n  name: a\n  annotations: {${annotations.expressionLanguage}: ${language}}\nspec: {return: {x: =inputs.a}}`;
  const context = prepareContext([laterEngine()]);
  const result = prepareText(text('later'), context);
  t.is(result.status === 'prepared' && result.definition.language, 'later');
  t.deepEqual(problemsIn(text('javascript'), context), [
    `5:48 metadata.annotations["${annotations.expressionLanguage}"]: there is no expression language 'javascript'; there are: cel, later`,
  ]);
});

test('a default language that there is not is told with where it is configured', (t) => {
  const context = { ...prepareContext(), defaultLanguage: 'none' };
  t.deepEqual(problemsIn(definitionText('ValueFunction', 'return: {}'), context), [
    "1:1 : there is no expression language 'none'; there are: cel (language in the configuration)",
  ]);
});

test('equal expressions of different definitions share one program', (t) => {
  const context = prepareContext();
  const first = preparedSpec('ValueFunction', 'return: {a: =inputs.a}', context);
  const second = preparedSpec(
    'ResourceFunction',
    `${API}\nresource: {}\npostconditions: [{assert: =inputs.a, ok: {}}]`,
    context,
  );
  const third = preparedSpec('ValueFunction', 'preconditions: [{assert: "= inputs.a ", ok: {}}]', context);
  t.is(second.postconditions[0]?.assert.program, third.preconditions[0]?.assert.program);
  t.deepEqual(first.return?.reads, [['inputs', 'a']]);
});

test('a ResourceFunction has its defaults', (t) => {
  const prepared = preparedSpec('ResourceFunction', `${API}\nresource: {spec: {}}`);
  t.like(prepared.apiConfig, {
    apiVersion: 'v1',
    kind: 'Thing',
    namespaced: true,
    owned: true,
    readonly: false,
    deleteIfExists: false,
  });
  t.false('plural' in prepared.apiConfig || 'store' in prepared.apiConfig);
  t.deepEqual(prepared.create, { enabled: true, delay: 30 });
  t.deepEqual(prepared.update, { type: 'patch', delay: 30 });
  t.is(prepared.onRelease, 'destroy');
  t.deepEqual([prepared.overlays, prepared.preconditions, prepared.postconditions], [[], [], []]);
});

test('a ResourceFunction has what it says', (t) => {
  const prepared = preparedSpec(
    'ResourceFunction',
    `apiConfig: {apiVersion: g/v1, kind: Thing, plural: thingies, name: n, namespaced: false, owned: false, store: s}
resourceTemplateRef: {name: t}
overlays:
- overlay: {a: 1}
- skipIf: =inputs.skip
  overlayRef: {kind: ValueFunction, name: f}
  inputs: {x: =inputs.y}
create: {enabled: false, delay: 0, overlay: {b: 2}}
update: {recreate: {delay: 5}}
delete: {destroy: {}}
return: {r: =resource.x}`,
  );
  t.like(prepared.apiConfig, { plural: 'thingies', namespaced: false, owned: false, store: 's' });
  t.is(prepared.base?.type === 'template' && prepared.base.name.constant, 't');
  t.deepEqual(
    prepared.overlays.map(({ body }) => body.type),
    ['inline', 'function'],
  );
  t.deepEqual(sourcesOf(prepared.overlays.map(({ skipIf }) => skipIf)), [undefined, 'inputs.skip']);
  t.like(prepared.create, { enabled: false, delay: 0 });
  t.deepEqual(prepared.create.overlay?.constant, { b: 2 });
  t.deepEqual(prepared.update, { type: 'recreate', delay: 5 });
  t.is(prepared.onRelease, 'destroy');
  t.deepEqual(prepared.inputNames, ['skip', 'y']);
});

test('what a ResourceFunction names by constants is known when it is prepared', (t) => {
  const spec = `${API}
resourceTemplateRef: {name: t}
overlays:
- overlayRef: {kind: ValueFunction, name: f}
  inputs: {x: 1, y: =inputs.a}
- overlayRef: {kind: ValueFunction, name: g}
- overlayRef: {kind: ValueFunction, name: h}
  inputs: =inputs.all`;
  const { references } = preparedSpec('ResourceFunction', spec);
  t.deepEqual(
    references.map(({ kind, name, givenInputs }) => [kind, name, givenInputs]),
    [
      ['ResourceTemplate', 't', undefined],
      ['ValueFunction', 'f', ['x', 'y']],
      ['ValueFunction', 'g', []],
      ['ValueFunction', 'h', undefined],
    ],
  );
  t.like(references[1]?.location, { line: 8, column: 45 });
});

test('a template whose name is computed is no reference', (t) => {
  const { references, base } = preparedSpec(
    'ResourceFunction',
    `${API}\nresourceTemplateRef: {name: ="t-" + inputs.kind}`,
  );
  t.deepEqual(references, []);
  t.is(base?.type, 'template');
});

for (const [policy, spec, expected] of [
  ['an owned resource is destroyed', '', 'destroy'],
  ['an owned resource may be abandoned', 'delete: {abandon: {}}', 'abandon'],
  ['a resource that is not owned is abandoned', 'owned: false', 'abandon'],
  ['a resource that is not owned may be destroyed', 'owned: false\ndelete: {destroy: {}}', 'destroy'],
  ['a resource that is only read is never destroyed', 'readonly: true\ndelete: {destroy: {}}', 'abandon'],
] as const) {
  test(`once it is no longer wanted, ${policy}`, (t) => {
    const [first = '', ...rest] = spec.split('\n');
    const flags = first.startsWith('delete') || first === '' ? '' : `, ${first}`;
    const more = flags === '' ? spec : rest.join('\n');
    const text = `apiConfig: {apiVersion: v1, kind: X, name: n${flags}}\nresource: {}\n${more}`;
    t.is(preparedSpec('ResourceFunction', text).onRelease, expected);
  });
}

test('a function that only reads or deletes needs no target', (t) => {
  for (const flag of ['readonly', 'deleteIfExists']) {
    const text = `apiConfig: {apiVersion: v1, kind: X, name: n, ${flag}: true}`;
    t.is(preparedSpec('ResourceFunction', text).base, undefined);
  }
});

test('a ResourceTemplate is constant, frozen, and never evaluated', (t) => {
  const { template } = preparedSpec(
    'ResourceTemplate',
    'template: {apiVersion: v1, kind: X, spec: {a: =inputs.a, b: "=("}}',
  );
  t.deepEqual(template.spec, { a: '=inputs.a', b: '=(' });
  t.true(Object.isFrozen(template) && Object.isFrozen(template.spec));
});

test('a FunctionTest has its cases', (t) => {
  const prepared = preparedSpec(
    'FunctionTest',
    `functionRef: {kind: ResourceFunction, name: f}
inputs: {a: 1, b: "=1 + 1"}
currentResource: {apiVersion: v1, kind: X, spec: {x: =y}}
testCases:
- expectResource: {spec: {x: =y}}
- label: second
  variant: true
  skip: true
  inputOverrides: {a: =inputs.a + 1}
  overlayResource: {status: {x: =resource.spec.x}}
  currentResource: {spec: {}}
  expectReturn: {a: =b}
- expectDelete: false
- expectOutcome: {ok:}
- expectOutcome: {retry: {delay: 5, message: wait}}
- expectOutcome: {permFail: {}}`,
  );
  t.deepEqual(prepared.functionRef, { kind: 'ResourceFunction', name: 'f' });
  t.deepEqual(prepared.inputs?.evaluate({}, new RunBudget()), { a: 1, b: 2 });
  t.deepEqual(prepared.currentResource, { apiVersion: 'v1', kind: 'X', spec: { x: '=y' } });
  t.deepEqual(
    prepared.cases.map(({ label }) => label),
    ['case 1', 'second', 'case 3', 'case 4', 'case 5', 'case 6'],
  );
  t.deepEqual(
    prepared.cases.map(({ expectation }) => expectation),
    [
      { type: 'resource', resource: { spec: { x: '=y' } } },
      { type: 'return', value: { a: '=b' } },
      { type: 'delete', deleted: false },
      { type: 'outcome', outcome: 'Ok', message: '', delay: 0 },
      { type: 'outcome', outcome: 'Retry', message: 'wait', delay: 5 },
      { type: 'outcome', outcome: 'PermFail', message: '', delay: 0 },
    ],
  );
  t.like(prepared.cases[1], { variant: true, skip: true, currentResource: { spec: {} } });
  t.like(prepared.cases[0], { variant: false, skip: false, location: { line: 9 } });
  t.deepEqual(
    prepared.references.map(({ kind, name }) => [kind, name]),
    [['ResourceFunction', 'f']],
  );
});
