import test from 'ava';
import type { JsonObject } from 'koreo-kernel';
import { MemoryStore } from 'koreo-kernel/testing';
import { definitionsOf, notReady } from '../../support/definitions.js';
import { type ResourceRun, runResource, widgetFunction } from '../../support/resource-run.js';

const TEMPLATE = `
kind: ResourceTemplate
metadata: {name: base}
spec:
  template:
    apiVersion: any/v1
    kind: Any
    metadata: {labels: {from: template}}
    spec: {size: 1, text: =not.evaluated, list: [1, 2]}
---
`;
const OVERLAY_FUNCTION = `
kind: ValueFunction
metadata: {name: sized}
spec:
  preconditions: [{assert: =inputs.size > 0, skip: {message: nothing to size}}]
  locals: {twice: =inputs.size * 2}
  return: {spec: {size: =locals.twice, was: =resource.spec.size}}
---
`;

/** Runs the function in an empty store, and gives what it made along with the run. */
async function made(
  text: string,
  inputs: JsonObject = {},
): Promise<ResourceRun & { readonly resource: JsonObject | undefined }> {
  const store = new MemoryStore();
  const run = await runResource(text, { store, inputs });
  return { ...run, resource: store.resources[0] as JsonObject | undefined };
}

test('a template is a constant base: its expressions are text', async (t) => {
  const { resource, used } = await made(`${TEMPLATE}${widgetFunction('resourceTemplateRef: {name: base}')}`);
  t.like(resource, {
    apiVersion: 'example/v1',
    kind: 'Widget',
    spec: { size: 1, text: '=not.evaluated', list: [1, 2] },
  });
  t.like(resource, { metadata: { name: 'w', labels: { from: 'template' } } });
  t.deepEqual(used, ['ResourceTemplate base']);
});

test('a template may be named by an expression; one that is missing or unhealthy is a Retry that says so', async (t) => {
  const definitions = definitionsOf(
    `${TEMPLATE}${widgetFunction('resourceTemplateRef: {name: =inputs.template}')}`,
  ).with(notReady('ResourceTemplate', 'sick', 'kind is missing'));
  const run = (template: string) => runResource(definitions, { inputs: { template } });
  t.like((await run('base')).outcome, { message: 'Creating Widget shop/w.' });
  const missing = await run('gone');
  t.like(missing.outcome, { type: 'Retry', delay: 30, message: 'ResourceTemplate gone is missing' });
  t.deepEqual(missing.used, ['ResourceTemplate gone']);
  t.like(missing.managed, { name: 'w' });
  t.like((await run('sick')).outcome, { type: 'Retry', message: 'ResourceTemplate sick is broken: kind is missing' });
});

test('overlays are laid on in order, each seeing the target that those before it made', async (t) => {
  const text = widgetFunction(`
resource: {spec: {n: 1, keep: true}}
overlays:
- overlay: {spec: {n: =resource.spec.n + 1}}
- overlay: {spec: {n: =resource.spec.n * 10, more: =inputs.more}}`);
  t.like((await made(text, { more: 'x' })).resource, { spec: { n: 20, keep: true, more: 'x' } });
});

test('an overlay whose skipIf is true is left out, and its expressions are not evaluated', async (t) => {
  const text = widgetFunction(`
resource: {spec: {n: 1}}
overlays:
- {skipIf: =inputs.skip, overlay: {spec: {n: =inputs.boom}}}
- {skipIf: =inputs.skip, overlay: {spec: {n: 3}}}`);
  t.like((await made(text, { skip: true })).resource, { spec: { n: 1 } });
  t.like((await made(text, { skip: false, boom: 2 })).resource, { spec: { n: 3 } });
  t.like((await made(text, { skip: 'no' })).outcome, {
    type: 'PermFail',
    message: 'spec.overlays[0].skipIf must give a boolean, but it gives a string',
  });
});

test('an overlay merges maps that are written out, and replaces lists, empty maps and what expressions give', async (t) => {
  const text = widgetFunction(`
resource: {spec: {list: [1, 2], emptied: {a: 1}, computed: {a: 1}, merged: {a: 1, b: {c: 1}}, asked: {a: 1}}}
overlays:
- overlay:
    spec:
      list: [3]
      emptied: {}
      computed: =inputs.map
      merged: {b: {d: 2}}
      asked: =resource.spec.asked.overlay(inputs.map)`);
  t.like((await made(text, { map: { z: 9 } })).resource, {
    spec: {
      list: [3],
      emptied: {},
      computed: { z: 9 },
      merged: { a: 1, b: { c: 1, d: 2 } },
      asked: { a: 1, z: 9 },
    },
  });
});

test('an overlay function lays its return over the target, which it sees as resource', async (t) => {
  const text = widgetFunction(`
resource: {spec: {size: 5, keep: 1}}
overlays: [{overlayRef: {kind: ValueFunction, name: sized}, inputs: {size: =inputs.size}}]`);
  const { resource, used } = await made(`${OVERLAY_FUNCTION}${text}`, { size: 4 });
  t.like(resource, { spec: { size: 8, was: 5, keep: 1 } });
  t.deepEqual(used, ['ValueFunction sized']);
});

test('when an overlay function does not give Ok, its outcome is the function’s, and nothing is written', async (t) => {
  const text = widgetFunction(`
resource: {spec: {size: 5}}
overlays:
- {overlayRef: {kind: ValueFunction, name: sized}, inputs: {size: 0}}
- overlay: {spec: {never: =inputs.looked.at}}`);
  const { outcome, resource, action, managed } = await made(`${OVERLAY_FUNCTION}${text}`);
  t.like(outcome, { type: 'Skip', message: 'nothing to size' });
  t.regex((outcome as { location: string }).location, /^ValueFunction sized /);
  t.is(resource, undefined);
  t.is(action?.type, 'none');
  t.like(managed, { name: 'w' });
});

test('an overlay function that cannot run is a Retry that says why', async (t) => {
  const text = widgetFunction(`
resource: {spec: {}}
overlays: [{overlayRef: {kind: ValueFunction, name: sized}, inputs: {size: 1}}]`);
  t.like((await runResource(definitionsOf(text))).outcome, {
    type: 'Retry',
    message: 'ValueFunction sized is missing',
  });
  const sick = definitionsOf(text).with(notReady('ValueFunction', 'sized', 'it is odd'));
  t.like((await runResource(sick)).outcome, { type: 'Retry', message: 'ValueFunction sized is broken: it is odd' });
});

test('an overlay changes no template and no constant that others share', async (t) => {
  const text = `${TEMPLATE}${widgetFunction('resourceTemplateRef: {name: base}\noverlays: [{overlay: {spec: {list: [9], size: =inputs.n}}}]')}`;
  const definitions = definitionsOf(text);
  const before = JSON.stringify(definitions.get('ResourceTemplate', 'base').template);
  await runResource(definitions, { inputs: { n: 2 } });
  t.is(JSON.stringify(definitions.get('ResourceTemplate', 'base').template), before);
});
