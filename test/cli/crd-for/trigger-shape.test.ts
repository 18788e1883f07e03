import test from 'ava';
import { isObject, type Json, type JsonObject } from 'koreo-kernel';
import { parseAllDocuments } from 'yaml';
import { triggerShape } from '../../../cli/crd-for/trigger-shape.js';
import { CaseDefinitions } from '../../language/support/case-definitions.js';

/** The schema of the trigger's spec for the Workflow `main` of a text: definitions as `Kind name` over their specs. */
function specSchema(text: string): Json {
  const definitions = new CaseDefinitions();
  for (const document of parseAllDocuments(text)) {
    for (const [title, spec] of Object.entries(document.toJS() as Record<string, JsonObject>)) {
      const [kind = '', name = ''] = title.split(' ');
      definitions.addMapping({ apiVersion: 'koreo.dev/v1beta1', kind, metadata: { name }, spec });
    }
  }
  return short(triggerShape(definitions.workflow('main'), definitions.lookup).field('spec')?.schema() ?? null);
}

/** A schema in short: fields by name, `?` after those that may be missing, `*` where fields of other names stay, lists in brackets. */
function short(schema: Json): Json {
  if (!isObject(schema)) return schema;
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
  if (isObject(schema.properties)) {
    const required = (schema.required ?? []) as readonly string[];
    const fields = Object.entries(schema.properties).map(([name, field]) => [
      required.includes(name) ? name : `${name}?`,
      short(field),
    ]);
    return { ...Object.fromEntries(fields), ...(open ? { '*': 'any' } : {}) };
  }
  if (schema.type === 'array') return [short(schema.items ?? null)];
  if (schema['x-kubernetes-int-or-string'] === true) return 'int-or-string';
  return open ? 'any' : (schema.type ?? null);
}

const ECHO = 'ValueFunction echo: {return: {all: =inputs.all}}';

test('what a step reads is required, and what it asks after may be missing, with all on the way to it', (t) => {
  const schema = specSchema(`
Workflow main:
  steps:
    - label: one
      ref: {kind: ValueFunction, name: echo}
      inputs:
        all: '=parent.spec.a.b + (has(parent.spec.c.d) ? parent.spec.c.d.e : 1) + parent.metadata.generation'
${ECHO}`);
  t.deepEqual(schema, { a: { b: 'any' }, 'c?': { 'd?': { e: 'any', '*': 'any' } } });
});

test('reads are followed through inputs, locals, returns and later steps, as far as values are passed on', (t) => {
  const schema = specSchema(`
Workflow main:
  steps:
    - {label: first, ref: {kind: ValueFunction, name: first}, inputs: {whole: =parent.spec, size: =parent.spec.size}}
    - {label: second, ref: {kind: ValueFunction, name: second}, inputs: {given: =steps.first.config, sum: =steps.first.sum}}
ValueFunction first:
  locals: {config: =inputs.whole.config}
  return: {config: {nested: =locals.config, name: =inputs.whole.name}, sum: =inputs.size + 1}
ValueFunction second:
  return: {a: =inputs.given.nested.port + 1, b: '=has(inputs.given.name.first) ? 1 : inputs.sum.unknown'}`);
  t.deepEqual(schema, { config: { port: 'any' }, name: { 'first?': 'any' }, size: 'any' });
});

test('an item of forEach is an item of the list, with what the Logic reads of it', (t) => {
  const schema = specSchema(`
Workflow main:
  steps:
    - label: each
      ref: {kind: Workflow, name: sub}
      forEach: {itemIn: '=has(parent.spec.ports) ? parent.spec.ports : []', inputKey: port}
    - {label: names, ref: {kind: ValueFunction, name: echo}, forEach: {itemIn: =parent.spec.names, inputKey: all}}
    - {label: after, ref: {kind: ValueFunction, name: number}, inputs: {port: '=steps.each[0].last'}}
Workflow sub:
  steps:
    - {label: number, ref: {kind: ValueFunction, name: number}, inputs: {port: =parent.port}, state: {last: =value.port}}
ValueFunction number:
  return: {n: =inputs.port.number + 1, port: =inputs.port}
${ECHO}`);
  t.deepEqual(schema, { names: ['any'], 'ports?': [{ number: 'any', '*': 'any' }] });
});

test('fields that nobody names stay where a mapping is taken as a whole', (t) => {
  const schema = specSchema(`
Workflow main:
  steps:
    - {label: made, ref: {kind: ResourceFunction, name: made}, inputs: {labels: =parent.spec.labels, port: =parent.spec.port}}
ResourceFunction made:
  apiConfig: {apiVersion: v1, kind: ConfigMap, name: =inputs.labels.app, namespace: '=inputs.labels["team"]'}
  resource: {metadata: {labels: =inputs.labels}, data: {number: =inputs.port.number}}`);
  t.deepEqual(schema, { labels: { app: 'string', team: 'string', '*': 'any' }, port: { number: 'any' } });
});

test('a type is told where the use of a value tells it', (t) => {
  const schema = specSchema(`
Workflow main:
  steps:
    - {label: skipped, skipIf: =parent.spec.off, ref: {kind: ValueFunction, name: echo}, inputs: {all: =parent.spec.late}}
    - label: choice
      refSwitch: {switchOn: =parent.spec.size, cases: [{case: small, kind: ValueFunction, name: echo}, {case: big, kind: ValueFunction, name: check}]}
      inputs: {all: =parent.spec}
      state: =value
ValueFunction check:
  preconditions: [{assert: =inputs.all.ok, permFail: {message: =inputs.all.why}}]
  return: {big: =inputs.all.big}
${ECHO}`);
  const { '*': whole, ...fields } = schema as JsonObject;
  t.is(whole, 'any', 'the first case keeps all of it');
  t.deepEqual(fields, {
    off: 'boolean',
    'late?': 'any',
    size: 'int-or-string',
    'ok?': 'boolean',
    'why?': 'string',
    'big?': 'any',
  });
});

test('of several that an expression may give, none is required', (t) => {
  const schema = specSchema(`
Workflow main:
  steps:
    - label: one
      ref: {kind: ValueFunction, name: named}
      inputs: {it: '=parent.spec.kind == "a" ? parent.spec.a : parent.spec.b'}
ValueFunction named:
  return: {name: '=inputs.it.name'}`);
  t.deepEqual(schema, { kind: 'any', 'a?': { name: 'any' }, 'b?': { name: 'any' } });
});

test('overlay functions and templates named by expressions are read as well', (t) => {
  const schema = specSchema(`
Workflow main:
  steps:
    - {label: made, ref: {kind: ResourceFunction, name: made}, inputs: {spec: =parent.spec}}
ResourceFunction made:
  apiConfig: {apiVersion: v1, kind: ConfigMap, name: a, namespace: b}
  resourceTemplateRef: {name: =inputs.spec.template}
  overlays:
    - {overlayRef: {kind: ValueFunction, name: laid}, inputs: {tier: =inputs.spec.tier}}
    - {skipIf: =inputs.spec.plain, overlay: {data: {extra: =inputs.spec.extra}}}
  create: {overlay: {data: {first: =inputs.spec.first}}}
  postconditions: [{assert: =resource.status.ready, retry: {message: =inputs.spec.message, delay: 1}}]
ValueFunction laid:
  return: {data: {tier: =inputs.tier.name + "x"}}`);
  t.deepEqual(schema, {
    template: 'string',
    tier: { name: 'any' },
    plain: 'boolean',
    'extra?': 'any',
    'first?': 'any',
    message: 'string',
  });
});

test('a chain in which each step may give either of two that the step before gave is not walked twice as often with each', (t) => {
  const steps = Array.from(
    { length: 90 },
    (_, index) =>
      `    - {label: step_${index}, ref: {kind: ValueFunction, name: two}, inputs: {a: '=${index === 0 ? 'parent.spec.a' : `steps.step_${index - 1}.a`}', b: '=${index === 0 ? 'parent.spec.b' : `steps.step_${index - 1}.b`}'}}`,
  ).join('\n');
  const schema = specSchema(`
Workflow main:
  steps:
${steps}
ValueFunction two:
  return: {a: '=inputs.a > inputs.b ? inputs.a : inputs.b', b: '=inputs.a > inputs.b ? inputs.b : inputs.a'}`);
  t.deepEqual(schema, { a: 'any', b: 'any' });
});
