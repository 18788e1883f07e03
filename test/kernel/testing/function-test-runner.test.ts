import test from 'ava';
import { runFunctionTest } from 'koreo-kernel/testing';
import { definitionsOf, notReady } from '../../support/definitions.js';
import { complaints, runCases, verdicts } from '../../support/function-tests.js';
import { widgetFunction } from '../../support/resource-run.js';

const PLAN = `
kind: ValueFunction
metadata: {name: f}
spec:
  preconditions:
  - {assert: =inputs.order.units > 0, permFail: {message: Units must be above zero}}
  - {assert: =inputs.open, retry: {message: Closed, delay: 8}}
  return: {low: =inputs.order.units / 2, kind: =inputs.order.kind}`;
const PLAN_INPUTS = 'inputs: {open: true, order: {units: 4, kind: plain}}';

const WIDGET = widgetFunction(`
resource:
  metadata: {labels: {team: a}}
  spec: {size: =inputs.size, tags: [a, b]}
postconditions: [{assert: "=has(resource.status.ready) && resource.status.ready", retry: {message: not ready yet, delay: 5}}]
return: {size: =resource.spec.size}`);
const CREATED = `
  expectResource:
    apiVersion: example/v1
    kind: Widget
    metadata: {name: w, namespace: shop, labels: {team: a}}
    spec: {size: 3, tags: [a, b]}`;
const SIZE_3 = 'inputs: {size: 3}';

test('the result names the test, its function, its cases and where they stand', async (t) => {
  const result = await runCases(PLAN, '- {label: first, expectReturn: {low: 2, kind: plain}}', PLAN_INPUTS);
  t.like(result, { name: 'checks', namespace: 'tests', function: 'f', functionKind: 'ValueFunction' });
  t.like(result.cases[0], {
    label: 'first',
    variant: false,
    result: 'pass',
    outcome: { type: 'Ok', value: { low: 2, kind: 'plain' } },
    differences: [],
    location: { file: 'test.koreo', path: ['spec', 'testCases', 0] },
  });
});

test('inputs carry over from each case that is no variant, overrides being laid over them', async (t) => {
  const result = await runCases(
    PLAN,
    `
- expectReturn: {low: 2, kind: plain}
- {variant: true, inputOverrides: {order: {units: 10}}, expectReturn: {low: 5, kind: plain}}
- expectReturn: {low: 2, kind: plain}
- {inputOverrides: {order: {units: 20}}, expectReturn: {low: 10, kind: plain}}
- {inputOverrides: {order: {kind: '=inputs.order.kind + "er"'}}, expectReturn: {low: 10, kind: plainer}}
- {skip: true, inputOverrides: {open: false}, expectReturn: {low: 77}}
- expectReturn: {low: 10, kind: plainer}`,
    PLAN_INPUTS,
  );
  t.deepEqual(verdicts(result), ['pass', 'pass', 'pass', 'pass', 'pass', 'skipped', 'pass']);
});

test('a failing case that is no variant ends the test; a failing variant does not', async (t) => {
  const result = await runCases(
    PLAN,
    `
- {variant: true, expectReturn: {low: 1}}
- expectReturn: {low: 2, kind: plain}
- {label: wrong, expectReturn: {low: 3, kind: plain}}
- expectReturn: {low: 2, kind: plain}
- {skip: true, expectReturn: {}}
- {variant: true, expectReturn: {low: 2, kind: plain}}`,
    PLAN_INPUTS,
  );
  t.deepEqual(verdicts(result), ['fail', 'pass', 'fail', 'not-run', 'skipped', 'not-run']);
  t.deepEqual(result.cases[2]?.differences, [{ path: 'low', expected: 3, actual: 2 }]);
  t.is(result.cases[3]?.outcome, undefined);
});

test('a return is expected exactly: nothing missing, nothing more, null being a value', async (t) => {
  const result = await runCases(
    PLAN,
    `
- {variant: true, expectReturn: {low: 2}}
- {variant: true, expectReturn: {low: 2, kind: plain, more: 1}}
- {variant: true, expectReturn: {low: "2", kind: plain}}
- {variant: true, expectReturn: {low: 2, kind: plain, none: null}}
- {variant: true, inputOverrides: {open: false}, expectReturn: {low: 2}}`,
    PLAN_INPUTS,
  );
  t.deepEqual(complaints(result), [
    'the return value is not as expected; kind: undefined ≠ "plain"',
    'the return value is not as expected; more: 1 ≠ undefined',
    'the return value is not as expected; low: "2" ≠ 2',
    'the return value is not as expected; none: null ≠ undefined',
    'a return value was expected, but nothing was changed, and the outcome is Retry: Closed',
  ]);
});

test('an outcome is expected by type, part of its message in any case, and delay, 0 matching all', async (t) => {
  const result = await runCases(
    PLAN,
    `
- {variant: true, expectOutcome: {ok: {}}}
- {variant: true, inputOverrides: {order: {units: 0}}, expectOutcome: {permFail: {message: ABOVE}}}
- {variant: true, inputOverrides: {order: {units: 0}}, expectOutcome: {permFail: {message: ""}}}
- {variant: true, inputOverrides: {open: false}, expectOutcome: {retry: {message: closed, delay: 8}}}
- {variant: true, inputOverrides: {open: false}, expectOutcome: {retry: {message: "", delay: 0}}}
- {variant: true, inputOverrides: {open: false}, expectOutcome: {retry: {message: open, delay: 9}}}
- {variant: true, inputOverrides: {open: false}, expectOutcome: {skip: {message: ""}}}
- {variant: true, inputOverrides: {open: false}, expectOutcome: {ok: {}}}
- {variant: true, expectOutcome: {depSkip: {message: ""}}}`,
    PLAN_INPUTS,
  );
  t.deepEqual(verdicts(result).slice(0, 5), ['pass', 'pass', 'pass', 'pass', 'pass']);
  t.deepEqual(complaints(result), [
    'the outcome is not as expected; message: "open" ≠ "Closed"; delay: 9 ≠ 8',
    'the outcome was to be Skip, but it is Retry: Closed; type: "Skip" ≠ "Retry"',
    'the outcome was to be Ok, but it is Retry: Closed; type: "Ok" ≠ "Retry"',
    'the outcome was to be DepSkip, but it is Ok; type: "DepSkip" ≠ "Ok"',
  ]);
  t.deepEqual(result.cases[3]?.outcome, { type: 'Retry', message: 'Closed', delay: 8 });
});

test('a resource lives through its cases: created, waited for, ready, drifted, patched', async (t) => {
  const result = await runCases(
    WIDGET,
    `
- label: created${CREATED}
- {label: waits, expectOutcome: {retry: {message: not ready, delay: 5}}}
- {label: ready, overlayResource: {status: {ready: true}}, expectReturn: {size: 3}}
- {label: not for long, variant: true, overlayResource: {status: {ready: false}}, expectOutcome: {retry: {message: "", delay: 0}}}
- {label: still ready, expectReturn: {size: 3}}
- label: an input changes
  inputOverrides: {size: =inputs.size + 1}
  expectResource:
    apiVersion: example/v1
    kind: Widget
    metadata: {name: w, namespace: shop, labels: {team: a}}
    spec: {size: 4, tags: [a, b]}
    status: {ready: true}
- {label: ready again, expectReturn: {size: 4}}
- label: someone changes it
  overlayResource: {spec: {size: =resource.spec.size * inputs.size}}
  expectOutcome: {retry: {message: "'spec' -> 'size' -> <target:[4], resource:[16]>", delay: 30}}
- {label: put right, expectReturn: {size: 4}}
- label: someone replaces it
  currentResource: {apiVersion: example/v1, kind: Widget, metadata: {name: w, namespace: shop, labels: {team: a}}, spec: {size: 1, tags: []}}
  expectResource:
    apiVersion: example/v1
    kind: Widget
    metadata: {name: w, namespace: shop, labels: {team: a}}
    spec: {size: 4, tags: [a, b]}
- {label: no status left, expectOutcome: {retry: {message: not ready, delay: 0}}}`,
    SIZE_3,
  );
  t.deepEqual(complaints(result), []);
  t.true(verdicts(result).every((verdict) => verdict === 'pass'));
});

test('what is sent is expected exactly: every difference is told with its path', async (t) => {
  const result = await runCases(
    WIDGET,
    `
- variant: true
  expectResource: {apiVersion: example/v1, kind: Widget, metadata: {name: w, namespace: shop}, spec: {size: 3, tags: [a], colour: red}}
- variant: true
  expectResource: {apiVersion: example/v1, kind: Widget, metadata: {name: w, namespace: shop, labels: {team: a}}}`,
    SIZE_3,
  );
  t.deepEqual(complaints(result), [
    'the resource is not as expected; metadata.labels: undefined ≠ {"team":"a"}; spec.tags[1]: undefined ≠ "b"; spec.colour: "red" ≠ undefined',
    'the resource is not as expected; spec: undefined ≠ {"size":3,"tags":["a","b"]}',
  ]);
});

test('of a patch, fields that the function sends count as sent, the others as carried over', async (t) => {
  const current = `
currentResource:
  apiVersion: example/v1
  kind: Widget
  metadata: {name: w, namespace: shop, labels: {old: x}, annotations: {by: someone}}
  spec: {size: 1, extra: 1}
  status: {ready: true}
  data: {kept: 1}`;
  const expected = `
- expectResource:
    apiVersion: example/v1
    kind: Widget
    metadata: {name: w, namespace: shop, labels: {team: a}}
    spec: {size: 3, tags: [a, b]}
    status: {ready: true}
    data: {kept: 1}
- overlayResource: {metadata: {labels: {seen: "=resource.metadata.labels.old + resource.metadata.annotations.by + string(resource.spec.extra)"}}}
  expectReturn: {size: 3}`;
  t.deepEqual(complaints(await runCases(WIDGET, expected, `${SIZE_3}\n${current.trim()}`)), []);
});

test('when nothing was created or patched, a case that expects a resource says what happened instead', async (t) => {
  const result = await runCases(
    WIDGET,
    `
- expectOutcome: {retry: {message: creating, delay: 30}}
- variant: true
  overlayResource: {status: {ready: true}}
  expectResource: {spec: {size: 3}}
- {variant: true, expectReturn: {size: 3}}`,
    SIZE_3,
  );
  t.deepEqual(complaints(result), [
    'the resource was to be created or patched, but nothing was changed, and the outcome is Ok',
    'a return value was expected, but nothing was changed, and the outcome is Retry: not ready yet',
  ]);
});

test('compare directives in an expectation hold', async (t) => {
  const result = await runCases(
    widgetFunction('resource: {spec: {tags: [a, b], env: [{name: x, value: 1}, {name: y, value: 2}]}}'),
    `
- variant: true
  expectResource:
    apiVersion: example/v1
    kind: Widget
    metadata: {name: w, namespace: shop}
    spec:
      x-koreo-compare-as-set: [tags]
      x-koreo-compare-as-map: {env: [name]}
      tags: [b, a]
      env: [{name: y, value: 2}]
- variant: true
  expectResource:
    apiVersion: example/v1
    kind: Widget
    metadata: {name: w, namespace: shop}
    spec: {x-koreo-compare-as-set: [tags], tags: [b, a], env: [{name: y, value: 2}]}`,
  );
  t.deepEqual(verdicts(result), ['pass', 'fail']);
});

test('a null that is sent to remove a field equals a field that is not there', async (t) => {
  const result = await runCases(
    widgetFunction('resource: {spec: {size: 1, gone: null}}'),
    `
- currentResource: {spec: {gone: 1}}
  expectResource: {apiVersion: example/v1, kind: Widget, metadata: {name: w, namespace: shop}, spec: {size: 1}}
- overlayResource: {spec: {more: '=has(resource.spec.gone) ? "there" : "gone"'}}
  expectOutcome: {ok: {}}`,
  );
  t.deepEqual(complaints(result), []);
});

test('expectDelete tells whether it was deleted, and after that nothing is there', async (t) => {
  const result = await runCases(
    widgetFunction('resource: {}\nreturn: {left: =size(resource)}', 'deleteIfExists: true'),
    `
- {variant: true, expectDelete: false}
- {variant: true, expectDelete: true}
- {currentResource: {spec: {}}, expectDelete: true}
- expectReturn: {left: 0}
- {variant: true, currentResource: {spec: {}}, expectDelete: false}`,
  );
  t.deepEqual(verdicts(result), ['pass', 'fail', 'pass', 'pass', 'fail']);
  t.deepEqual(complaints(result), [
    'the resource was to be deleted, but nothing was changed, and the outcome is Ok',
    'the resource was not to be deleted, but it was deleted, and the outcome is Retry: Deleting Widget shop/w.',
  ]);
});

test('a resource that is recreated is deleted first, and made anew by the next case', async (t) => {
  const result = await runCases(
    widgetFunction('resource: {spec: {size: 3}}\nupdate: {recreate: {delay: 1}}'),
    `
- {currentResource: {spec: {size: 1}}, expectDelete: true}
- expectResource: {apiVersion: example/v1, kind: Widget, metadata: {name: w, namespace: shop}, spec: {size: 3}}
- expectOutcome: {ok: {}}`,
  );
  t.deepEqual(complaints(result), []);
});

test('an overlay without a resource is an error of its case', async (t) => {
  const result = await runCases(WIDGET, '- {overlayResource: {spec: {}}, expectOutcome: {ok: {}}}', SIZE_3);
  t.deepEqual(complaints(result), [
    'overlayResource needs a resource to be laid over: give a currentResource, or let an earlier case create one',
  ]);
});

test('overrides and overlays that fail are errors of their case', async (t) => {
  const result = await runCases(
    PLAN,
    `
- {variant: true, inputOverrides: {a: =inputs.nope.deep}, expectOutcome: {ok: {}}}
- {variant: true, currentResource: {a: 1}, overlayResource: {a: =resource.nope.deep}, expectOutcome: {ok: {}}}`,
    PLAN_INPUTS,
  );
  t.deepEqual(verdicts(result), ['fail', 'fail']);
  t.regex(complaints(result)[0] ?? '', /^spec\.testCases\[0\]\.inputOverrides\.a \(test\.koreo:\d+:\d+\): /);
  t.regex(complaints(result)[1] ?? '', /^spec\.testCases\[1\]\.overlayResource\.a /);
});

test('a resource of another name is not there for the function', async (t) => {
  const result = await runCases(
    WIDGET,
    `- currentResource: {metadata: {name: other}, spec: {size: 9}}${CREATED}`,
    SIZE_3,
  );
  t.deepEqual(complaints(result), []);
});

test('a function that is missing or broken fails the first case that would run, and the others do not run', async (t) => {
  const text = `
kind: FunctionTest
metadata: {name: checks}
spec:
  functionRef: {kind: ValueFunction, name: f}
  testCases:
  - {skip: true, expectOutcome: {ok: {}}}
  - expectOutcome: {ok: {}}
  - expectOutcome: {ok: {}}`;
  const missing = definitionsOf(text);
  for (const [definitions, why] of [
    [missing, 'ValueFunction f is missing'],
    [missing.with(notReady('ValueFunction', 'f', 'it is odd')), 'ValueFunction f is broken: it is odd'],
  ] as const) {
    const result = await runFunctionTest(definitions.get('FunctionTest', 'checks'), { definitions });
    t.deepEqual(verdicts(result), ['skipped', 'fail', 'not-run']);
    t.deepEqual(complaints(result), [why]);
  }
});

test('a test changes nothing that it was given', async (t) => {
  const definitions = definitionsOf(
    `${WIDGET}\n---\nkind: FunctionTest\nmetadata: {name: checks}\nspec:\n  functionRef: {kind: ResourceFunction, name: f}\n  inputs: {size: 3}\n  currentResource: {spec: {size: 1}}\n  testCases:\n  - {inputOverrides: {size: 4}, expectOutcome: {retry: {message: Patching, delay: 0}}}\n`,
  );
  const prepared = definitions.get('FunctionTest', 'checks');
  const [first, second] = [
    await runFunctionTest(prepared, { definitions }),
    await runFunctionTest(prepared, { definitions }),
  ];
  t.deepEqual(verdicts(first), ['pass']);
  t.deepEqual(first, second);
  t.deepEqual(prepared.currentResource, { spec: { size: 1 } });
});
