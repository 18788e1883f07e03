import test from 'ava';
import { asResource, type DefinitionName, type JsonObject } from 'koreo-kernel';
import { parseAllDocuments } from 'yaml';
import { definitionSet } from '../../../cli/definitions/definition-set.js';
import { definitionUsage } from '../../../cli/prune/definition-usage.js';
import { prepareContext } from '../../support/prepare.js';

const STORE = 'definitions';

/** What is unused, with why, among definitions as `Kind name`, or `Kind namespace/name`, over their specs. */
function usage(text: string, named: readonly DefinitionName[] = []) {
  const present = parseAllDocuments(text).flatMap((document) =>
    Object.entries(document.toJS() as Record<string, JsonObject>).map(([title, spec]) => {
      const [kind = '', path = ''] = title.split(' ');
      const [name = '', namespace = 'a'] = path.split('/').reverse();
      const resource = asResource({ apiVersion: 'koreo.dev/v1beta1', kind, metadata: { name, namespace }, spec });
      return { resource, store: STORE };
    }),
  );
  const { definitions } = definitionSet({ resources: present, context: prepareContext(), sources: [{ store: STORE }] });
  const { suspected, unused } = definitionUsage({ present, definitions, named });
  return {
    unused: unused.map(({ resource, why }) => `${resource.kind} ${resource.metadata.name}: ${why}`),
    suspected: suspected.map(({ name, why }) => `${name}: ${why}`),
  };
}

const CRD_REF = 'crdRef: {apiGroup: x.example, version: v1, kind: X}';
const step = (kind: string, name: string) =>
  `{label: ${name.replaceAll('.', '_')}_1, ref: {kind: ${kind}, name: ${name}}}`;
const API = 'apiConfig: {apiVersion: v1, kind: ConfigMap, name: a, namespace: b}';

test('what a Workflow with a crdRef comes to is used, and all else is not, those that refer to others first', (t) => {
  const { unused } = usage(`
Workflow main: {${CRD_REF}, steps: [${step('Workflow', 'sub')}, ${step('ResourceFunction', 'made')}]}
Workflow sub: {steps: [${step('ValueFunction', 'value')}]}
ValueFunction value: {return: {a: 1}}
ResourceFunction made: {${API}, resourceTemplateRef: {name: base}, overlays: [{overlayRef: {kind: ValueFunction, name: over}}]}
ResourceTemplate base: {template: {apiVersion: v1, kind: ConfigMap}}
ValueFunction over: {return: {a: 1}}
Workflow alone: {steps: [${step('ValueFunction', 'helper')}]}
ValueFunction helper: {return: {a: 1}}
ValueFunction old: {return: {a: 1}}
FunctionTest old-test: {functionRef: {kind: ValueFunction, name: old}, testCases: []}
FunctionTest value-test: {functionRef: {kind: ValueFunction, name: value}, testCases: []}
FunctionTest early: {functionRef: {kind: ValueFunction, name: not-yet}, testCases: []}`);
  t.deepEqual(unused, [
    'FunctionTest old-test: tests ValueFunction old, which nothing uses',
    'Workflow alone: nothing refers to it',
    'ValueFunction helper: only what nothing uses refers to it: Workflow alone',
    'ValueFunction old: only tests refer to it',
  ]);
});

test('what triggers speak of is used', (t) => {
  const text = `
Workflow chosen: {steps: [${step('ValueFunction', 'value')}]}
ValueFunction value: {return: {a: 1}}
ResourceFunction made: {${API}, resource: {}}`;
  t.is(usage(text).unused.length, 3);
  t.deepEqual(
    usage(text, [
      { kind: 'Workflow', name: 'chosen' },
      { kind: 'ResourceFunction', name: 'made' },
    ]).unused,
    [],
  );
});

test('templates that an expression may name stay, by what the name begins with, or all', (t) => {
  const templates = ['big', 'small-a', 'small-b']
    .map((name) => `ResourceTemplate ${name}: {template: {apiVersion: v1, kind: A}}\n`)
    .join('');
  const found = (expression: string) =>
    usage(`
Workflow main: {${CRD_REF}, steps: [${step('ResourceFunction', 'made')}]}
ResourceFunction made: {${API}, resourceTemplateRef: {name: '${expression}'}}
${templates}`);
  t.deepEqual(found('="small-" + inputs.size'), {
    unused: ['ResourceTemplate big: nothing refers to it'],
    suspected: ['small-a', 'small-b'].map(
      (name) => `${name}: ResourceFunction made names its template by an expression`,
    ),
  });
  for (const any of ['=inputs.template', '="small-" + inputs.a == "small-b" ? "big" : "small-a"', '="sm" + "x" in y']) {
    t.deepEqual(found(any).unused, [], any);
  }
});

test('a broken definition uses all that it mentions, and its crdRef counts as far as it can be read', (t) => {
  const { unused } = usage(`
Workflow broken: {crdRef: {kind: 7}, steps: [{label: x, ref: {kind: ValueFunction, name: value}, bad: {deep: [other]}}]}
ValueFunction value: {return: {a: '=1 +'}}
ValueFunction other: {return: {a: 1}}
ValueFunction third: {return: {a: 1}}`);
  t.deepEqual(unused, ['ValueFunction third: nothing refers to it']);
});

test('a copy that another namespace hides stays with its name, and what it mentions too', (t) => {
  const { unused } = usage(`
Workflow main: {${CRD_REF}, steps: [${step('ValueFunction', 'value')}]}
ValueFunction value: {return: {a: 1}}
ValueFunction b/value: {return: {a: 2}}
Workflow b/main: {steps: [${step('ValueFunction', 'spare')}]}
ValueFunction spare: {return: {a: 1}}
ValueFunction old: {return: {a: 1}}
ValueFunction b/old: {return: {a: 1}}`);
  t.deepEqual(unused, ['ValueFunction old: nothing refers to it', 'ValueFunction old: nothing refers to it']);
});

test('definitions that only refer to each other in a circle are used by nothing', (t) => {
  const { unused } = usage(`
Workflow one: {steps: [${step('Workflow', 'two')}]}
Workflow two: {steps: [${step('Workflow', 'one')}]}`);
  t.deepEqual(unused, [
    'Workflow one: only what nothing uses refers to it: Workflow two',
    'Workflow two: only what nothing uses refers to it: Workflow one',
  ]);
});
