import { asResource, formatPath, type JsonObject, prepareDefinition } from 'koreo-kernel';
import { parse } from 'yaml';
import { arbitraryMutation } from '../support/arbitrary-mutation.js';
import { installCrds, refusals } from '../support/cluster/server-judgement.js';
import { useOwnCluster } from '../support/cluster/use-cluster.js';
import { prepareContext } from '../support/prepare.js';
import { formalProblems, projectDefinitions } from '../support/project-definitions.js';
import { fc } from '../support/property.js';

const { test } = useOwnCluster({ modern: true });
const context = prepareContext();

test('a server takes the CRDs, and judges every definition of the project as it is judged without a cluster', async (t, cluster) => {
  await installCrds(cluster);
  const judged = projectDefinitions();
  t.true(judged.length > 300);
  for (const { title, resource, refused } of judged) {
    const found = await refusals(cluster, resource);
    t.is(found.length > 0, refused, `${title}: ${JSON.stringify(found)}`);
  }
});

/** A definition with one mistake: kind, `spec` in YAML, and where the server says what of it. */
type Mistake = readonly [kind: string, spec: string, path: string, message: string];

const API = 'apiConfig: {apiVersion: v1, kind: ConfigMap, name: a, namespace: b}';
const REF = 'ref: {kind: ValueFunction, name: a}';
const EXPRESSION = 'must be an expression, and so begin with =';
const CONSTANT = 'must not be an expression, and so not begin with =';
const PREDICATE = 'exactly one of ok, skip, depSkip, retry, permFail is needed';

const MISTAKES: readonly Mistake[] = [
  ['ValueFunction', 'preconditions: [{assert: a, ok: {}}]', 'spec.preconditions[0].assert', EXPRESSION],
  ['ValueFunction', 'preconditions: [{ok: {}}]', 'spec.preconditions[0].assert', 'Required'],
  ['ValueFunction', 'preconditions: [{assert: =a, ok: {}, skip: {message: a}}]', 'spec.preconditions[0]', PREDICATE],
  [
    'ValueFunction',
    'preconditions: [{assert: =a, skip: {message: 7}}]',
    'spec.preconditions[0].skip.message',
    'string',
  ],
  [
    'ValueFunction',
    'preconditions: [{assert: =a, retry: {message: a, delay: -1}}]',
    'spec.preconditions[0].retry.delay',
    'greater than or equal to 0',
  ],
  ['ValueFunction', 'return: text', 'spec.return', 'match'],
  ['ValueFunction', 'return: [1]', 'spec.return', 'Too many'],
  ['ResourceFunction', 'resource: {}', 'spec.apiConfig', 'Required'],
  [
    'ResourceFunction',
    'apiConfig: {apiVersion: v1, kind: =inputs.kind, name: a}\nresource: {}',
    'spec.apiConfig.kind',
    CONSTANT,
  ],
  ['ResourceFunction', `${API}\nresource: {}\nupdate: {patch: {}, never: {}}`, 'spec.update', 'exactly one of patch'],
  [
    'ResourceFunction',
    `${API}\nresource: {}\ndelete: {abandon: {}, destroy: {}}`,
    'spec.delete',
    'exactly one of abandon',
  ],
  [
    'ResourceFunction',
    `${API}\nresource: {}\noverlays: [{overlayRef: {kind: Workflow, name: a}}]`,
    'spec.overlays[0].overlayRef.kind',
    'supported values: "ValueFunction"',
  ],
  [
    'ResourceFunction',
    `${API}\nresource: {}\noverlays: [{overlay: {}, skipIf: a}]`,
    'spec.overlays[0].skipIf',
    EXPRESSION,
  ],
  ['ResourceTemplate', 'template: {apiVersion: v1}', 'spec.template.kind', 'Required'],
  ['Workflow', 'steps: []', 'spec.steps', 'at least 1 items'],
  ['Workflow', `steps: [{label: a-b, ${REF}}]`, 'spec.steps[0].label', '3 to 45 letters, digits and underscores'],
  ['Workflow', 'steps: [{label: none}]', 'spec.steps[0]', 'exactly one of ref, refSwitch is needed'],
  [
    'Workflow',
    `steps: [{label: both, ${REF}, refSwitch: {switchOn: =a, cases: [{case: a, kind: Workflow, name: a}]}}]`,
    'spec.steps[0]',
    'exactly one of ref, refSwitch is needed',
  ],
  ['Workflow', `steps: [{label: skip, ${REF}, skipIf: a}]`, 'spec.steps[0].skipIf', EXPRESSION],
  [
    'Workflow',
    `steps: [{label: each, ${REF}, forEach: {itemIn: a, inputKey: a}}]`,
    'spec.steps[0].forEach.itemIn',
    EXPRESSION,
  ],
  [
    'Workflow',
    `steps: [{label: condition, ${REF}, condition: {type: a b, name: a}}]`,
    'spec.steps[0].condition.type',
    'must begin with a capital letter, and hold only letters and digits',
  ],
  ['Workflow', `steps: [{label: late, ${REF}, timeoutSeconds: 0}]`, 'spec.steps[0].timeoutSeconds', 'greater than 0'],
  [
    'Workflow',
    'steps: [{label: switch, refSwitch: {switchOn: a, cases: [{case: a, kind: Workflow, name: a}]}}]',
    'spec.steps[0].refSwitch.switchOn',
    EXPRESSION,
  ],
  ['FunctionTest', 'testCases: []', 'spec.functionRef', 'Required'],
  [
    'FunctionTest',
    'functionRef: {kind: ValueFunction, name: a}\ntestCases: [{expectReturn: {}, expectDelete: true}]',
    'spec.testCases[0]',
    'exactly one of expectResource, expectReturn, expectOutcome, expectDelete is needed',
  ],
  [
    'FunctionTest',
    'functionRef: {kind: ValueFunction, name: a}\ntestCases: [{expectOutcome: {ok: {}, skip: {message: a}}}]',
    'spec.testCases[0].expectOutcome',
    PREDICATE,
  ],
];

function definition(kind: string, spec: string) {
  return asResource({
    apiVersion: 'koreo.dev/v1beta1',
    kind,
    metadata: { name: 'judged', namespace: 'default' },
    spec: parse(spec) as JsonObject,
  });
}

/** Where the kernel finds formal mistakes; one that is about a missing field it tells of the mapping around it. */
function problemPaths(kind: string, spec: string): readonly string[] {
  const result = prepareDefinition(definition(kind, spec), { store: 'test' }, context);
  const problems = result.status === 'broken' ? result.problems : [];
  return problems
    .filter(({ code }) => code !== 'unknown-name')
    .map(({ location, message }) => {
      const missing = /^'(\w+)' is missing/.exec(message)?.[1];
      return formatPath([...(location?.path ?? []), ...(missing === undefined ? [] : [missing])]);
    });
}

test('a server refuses a mistake at the place at which the kernel finds it, and says what is wanted', async (t, cluster) => {
  for (const [kind, spec, path, message] of MISTAKES) {
    t.deepEqual([...new Set(problemPaths(kind, spec))], [path], spec);
    const found = await refusals(cluster, definition(kind, spec));
    const there = found.find((one) => one.path === path && one.message.includes(message));
    t.truthy(there, `${kind} ${spec}: ${JSON.stringify(found)}`);
  }
});

/** Mistakes that a server finds, but tells only of the mapping or list around them, or not where. */
const ELSEWHERE: readonly Mistake[] = [
  ['ValueFunction', 'locals: {}', '<nil>', '"spec" must validate at least one schema (anyOf)'],
  ['ValueFunction', 'return: {}\nretrun: {}', '', 'unknown field "spec.retrun"'],
  ['ValueFunction', 'preconditions: [{assert: =a}]', '<nil>', '"spec.preconditions[0]" must validate one and only one'],
  ['ResourceFunction', API, '<nil>', '"spec" must validate at least one schema (anyOf)'],
  ['ResourceFunction', `${API}\nresource: {}\nresourceTemplateRef: {name: a}`, '<nil>', '"spec" must not validate'],
  [
    'ResourceFunction',
    `${API}\nresource: {}\noverlays: [{}]`,
    '<nil>',
    '"spec.overlays[0]" must validate one and only one',
  ],
  [
    'ResourceFunction',
    `${API}\nresource: {}\noverlays: [{overlay: {}, inputs: {}}]`,
    '<nil>',
    '"spec.overlays[0]" must not validate',
  ],
  ['Workflow', `steps: [{label: same, ${REF}}, {label: same, ${REF}}]`, 'spec.steps', 'labels are unique'],
  [
    'Workflow',
    'steps: [{label: two, refSwitch: {switchOn: =a, cases: [{case: a, kind: Workflow, name: a, default: true}, {case: b, kind: Workflow, name: b, default: true}]}}]',
    'spec.steps[0].refSwitch.cases',
    'only one case may be the default',
  ],
];

test('a server refuses what it can only tell of as a whole', async (t, cluster) => {
  for (const [kind, spec, path, message] of ELSEWHERE) {
    t.true(problemPaths(kind, spec).length > 0, spec);
    const found = await refusals(cluster, definition(kind, spec));
    const there = found.find((one) => one.path === path && one.message.includes(message));
    t.truthy(there, `${kind} ${spec}: ${JSON.stringify(found)}`);
  }
});

/** Mistakes that a CRD has no words for: the kernel tells them as the definition's condition Ready. */
const UNSAID: readonly (readonly [kind: string, spec: string])[] = [
  // Where an expression may stand in a mapping's place, only texts and lists can be told apart from it.
  ['ValueFunction', 'return: 5'],
  ['ValueFunction', 'return: true'],
  ['ValueFunction', 'return: []'],
  // A server takes null for a field that is not there, wherever the schema has no null.
  ['ResourceFunction', `${API}\nresource: {}\ncreate: {delay: null}`],
  ['ResourceFunction', `${API}\nresource: null`],
  // A rule that compares texts of any length costs more than a server allows.
  [
    'Workflow',
    'steps: [{label: same, refSwitch: {switchOn: =a, cases: [{case: a, kind: Workflow, name: a}, {case: a, kind: Workflow, name: b}]}}]',
  ],
  // What needs the language of expressions, or other definitions.
  ['Workflow', `steps: [{label: first, ${REF}, inputs: {a: =steps.second.a}}, {label: second, ${REF}}]`],
  ['ValueFunction', 'locals: {a: =locals.a}\nreturn: {}'],
];

test('what a server cannot say, the kernel does', async (t, cluster) => {
  for (const [kind, spec] of UNSAID) {
    t.true(problemPaths(kind, spec).length > 0, spec);
    t.deepEqual(await refusals(cluster, definition(kind, spec)), [], spec);
  }
});

/** What only the kernel tells; see above. */
const TOLD_BY_KERNEL =
  /\(or an expression that gives one\)|not null|one of resource and resourceTemplateRef|another case/;

test('a definition that is changed anywhere is judged alike: a server never refuses what the kernel takes', async (t, cluster) => {
  const good = projectDefinitions().filter(({ refused }) => !refused);
  const changed = fc.constantFrom(...good).chain(({ resource, title }) =>
    arbitraryMutation(resource.spec ?? null).map(({ value, what }) => {
      return { title: `${title}: ${what}`, resource: { ...resource, spec: value } };
    }),
  );
  const property = fc.asyncProperty(changed, async ({ resource, title }) => {
    const problems = formalProblems(resource);
    const found = await refusals(cluster, resource);
    if (found.length > 0) t.true(problems.length > 0, `${title}: ${JSON.stringify(found)}`);
    else
      t.deepEqual(
        problems.filter((message) => !TOLD_BY_KERNEL.test(message)),
        [],
        title,
      );
  });
  await fc.assert(property, { numRuns: 400 });
});

/** What the kernel takes, and a schema of Kubernetes easily refuses. */
const TAKEN: readonly (readonly [kind: string, spec: string])[] = [
  ['ValueFunction', 'preconditions: [{assert: "\\n  =a", ok: null}]\nlocals: null'],
  ['ValueFunction', 'preconditions: null\nreturn: =inputs.all'],
  ['ResourceFunction', `${API}\nresource: =inputs.all\nupdate: null\ndelete: {destroy: null}\noverlays: null`],
  ['ResourceFunction', 'apiConfig: {apiVersion: v1, kind: A, name: =inputs.a, readonly: true}'],
  ['ResourceFunction', `${API}\nresourceTemplateRef: {name: ="a" + inputs.b}\nupdate: {recreate: null}\ncreate: null`],
  [
    'Workflow',
    `crdRef: {apiGroup: "", version: v1, kind: ConfigMap}\nsteps: [{label: one, ${REF}, inputs: =parent.spec}]`,
  ],
  ['Workflow', 'steps: [{label: one, refSwitch: {switchOn: =a, cases: [{case: 1, kind: Workflow, name: a}]}}]'],
  ['FunctionTest', 'functionRef: {kind: ValueFunction, name: a}\ntestCases: null\ninputs: null'],
  ['FunctionTest', 'functionRef: {kind: ValueFunction, name: a}\ntestCases: [{expectOutcome: {ok: null}}]'],
];

test('a server takes what the kernel takes: null for a mapping left empty, and an expression for a whole one', async (t, cluster) => {
  for (const [kind, spec] of TAKEN) {
    t.deepEqual(problemPaths(kind, spec), [], spec);
    t.deepEqual(await refusals(cluster, definition(kind, spec)), [], spec);
  }
});
