import test from 'ava';
import { formatProblem, problemsOf } from 'koreo-kernel';
import {
  changesIn,
  functionTest,
  resourceFunction,
  resourceTemplate,
  valueFunction,
  WatchedCatalog,
  workflow,
} from '../../support/catalog.js';

function versions({ catalog }: WatchedCatalog): Record<string, number> {
  return Object.fromEntries(
    [...catalog.current.entries()].map(({ kind, name, version }) => [`${kind} ${name}`, version]),
  );
}

test('a definition is found by kind and name once it is set', (t) => {
  const { catalog } = new WatchedCatalog().set(valueFunction('f'));
  t.like(catalog.current.find('ValueFunction', 'f'), { kind: 'ValueFunction', name: 'f', status: 'ready', store: 's' });
  t.is(catalog.current.find('ValueFunction', 'g'), undefined);
  t.is(catalog.current.find('ResourceFunction', 'f'), undefined);
});

test('resources that are no definitions are ignored', (t) => {
  const watched = new WatchedCatalog().set('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n');
  t.deepEqual(watched.state(), {});
  t.deepEqual(watched.told(), []);
});

test('a definition that names what is missing waits for it, and is ready as soon as it is there', (t) => {
  const watched = new WatchedCatalog().set(workflow('w', ['f', 'g']));
  t.deepEqual(watched.state(), { 'Workflow w': 'waiting: ValueFunction f is missing; ValueFunction g is missing' });
  watched.set(valueFunction('f'));
  t.is(watched.state()['Workflow w'], 'waiting: ValueFunction g is missing');
  watched.set(valueFunction('g'));
  t.is(watched.state()['Workflow w'], 'ready');
  t.deepEqual(watched.told(), [['Workflow w'], ['ValueFunction f', 'Workflow w'], ['ValueFunction g', 'Workflow w']]);
});

test('a definition that breaks keeps its error, and what depends on it says so, until it is mended', (t) => {
  const watched = new WatchedCatalog().set(valueFunction('f') + workflow('w', ['f']) + workflow('w2', ['w']));
  watched.set(valueFunction('f', '=1 +'));
  const state = watched.state();
  t.regex(state['ValueFunction f'] ?? '', /^broken: /);
  t.is(state['Workflow w'], 'waiting: ValueFunction f is broken');
  t.is(state['Workflow w2'], 'waiting: Workflow w is waiting (ValueFunction f is broken)');
  watched.set(valueFunction('f', '=1 + 1'));
  t.deepEqual(Object.values(watched.state()), ['ready', 'ready', 'ready']);
});

test('at the end of a long chain the reason is still the first', (t) => {
  const chain = Array.from({ length: 30 }, (_, index) => workflow(`w${index}`, [`w${index + 1}`])).join('');
  const watched = new WatchedCatalog().set(chain);
  t.is(watched.state()['Workflow w0'], 'waiting: Workflow w1 is waiting (Workflow w30 is missing)');
});

test('a broken definition tells also what it refers to in vain, for as long as it does', (t) => {
  const broken = workflow('w', ['f', 'g']).replace('spec:', 'spec:\n  surplus: 1');
  const watched = new WatchedCatalog().set(broken);
  const codes = (): string[] => problemsOf(watched.catalog.current).map(({ code }) => code);
  t.deepEqual(codes(), ['schema', 'reference-missing', 'reference-missing']);
  watched.set(valueFunction('f'));
  t.deepEqual(codes(), ['schema', 'reference-missing']);
  watched.set(valueFunction('g'));
  t.deepEqual(codes(), ['schema']);
  t.regex(watched.state()['Workflow w'] ?? '', /^broken: /);
});

test('a definition that goes away leaves those that named it waiting', (t) => {
  const watched = new WatchedCatalog().set(valueFunction('f') + workflow('w', ['f']));
  watched.told();
  watched.remove(valueFunction('f'));
  t.deepEqual(watched.state(), { 'Workflow w': 'waiting: ValueFunction f is missing' });
  t.deepEqual(watched.told(), [['ValueFunction f', 'Workflow w']]);
});

test('a change concerns what depends on it, directly or not, and nothing else', (t) => {
  const watched = new WatchedCatalog().set(
    [
      resourceTemplate('t'),
      valueFunction('f'),
      valueFunction('g'),
      resourceFunction('r', 't', { f: [] }),
      `---\nkind: Workflow\nmetadata: {name: w}\nspec: {steps: [{label: one, ref: {kind: ResourceFunction, name: r}}]}\n`,
      workflow('w2', ['w']),
      workflow('w3', ['g']),
      functionTest('test-f', 'f'),
    ].join(''),
  );
  t.deepEqual([...new Set(Object.values(watched.state()))], ['ready']);
  const before = versions(watched);
  watched.told();
  watched.set(valueFunction('f', '=2'));
  const concerned = ['FunctionTest test-f', 'ResourceFunction r', 'ValueFunction f', 'Workflow w', 'Workflow w2'];
  t.deepEqual(watched.told(), [concerned]);
  const after = versions(watched);
  const bumped = Object.keys(after).filter((name) => after[name] !== before[name]);
  t.deepEqual(bumped.sort(), concerned);
  watched.set(resourceTemplate('t').replace('ConfigMap}}', 'ConfigMap, data: {}}}'));
  t.deepEqual(watched.told(), [['ResourceFunction r', 'ResourceTemplate t', 'Workflow w', 'Workflow w2']]);
});

test('what says the same again changes nothing', (t) => {
  const text = valueFunction('f') + workflow('w', ['f']);
  const watched = new WatchedCatalog().set(text);
  watched.told();
  const before = versions(watched);
  watched.set(text).set(text.replace('name: f}\nspec', 'name: f, labels: {a: b}, resourceVersion: "7"}\nspec'));
  t.deepEqual(watched.told(), []);
  t.deepEqual(versions(watched), before);
});

test('a broken definition that says the same again changes nothing', (t) => {
  const watched = new WatchedCatalog().set(valueFunction('f', '=1 +') + workflow('w', ['f']));
  watched.told();
  watched.set(valueFunction('f', '=1 +'));
  t.deepEqual(watched.told(), []);
});

test('the language that an annotation chooses is part of what a definition means', (t) => {
  const watched = new WatchedCatalog().set(valueFunction('f'));
  watched.told();
  const annotated = 'name: f, annotations: {koreo.dev/expression-language: none}}';
  watched.set(valueFunction('f').replace('name: f}', annotated));
  t.regex(watched.state()['ValueFunction f'] ?? '', /^broken: there is no expression language/);
  t.is(watched.told().length, 1);
});

test('a definition that only moved in its file has new positions, and the same meaning', (t) => {
  const watched = new WatchedCatalog().set(valueFunction('f', '=inputs.a'));
  watched.told();
  const [version] = Object.values(versions(watched));
  watched.set(`# one\n# two\n${valueFunction('f', '=inputs.a')}`);
  t.deepEqual(watched.told(), []);
  const entry = watched.catalog.current.find('ValueFunction', 'f');
  t.is(entry?.version, version);
  t.is(entry?.status === 'ready' ? entry.definition.location.line : undefined, 4);
});

test('a waiting definition that only moved in its file has its problem at the new place', (t) => {
  const watched = new WatchedCatalog().set(workflow('w', ['f']));
  watched.set(`# one\n${workflow('w', ['f'])}`);
  t.deepEqual(problemsOf(watched.catalog.current).map(formatProblem), [
    'a.koreo:7:54 Workflow w spec.steps[0].ref.name: waits for a definition: ValueFunction f is missing',
  ]);
});

test('a member of a circle that only moved in its file stays in the circle', (t) => {
  const watched = new WatchedCatalog().set(workflow('w1', ['w2']) + workflow('w2', ['w1']));
  watched.set(`# one\n${workflow('w1', ['w2'])}`);
  t.is(watched.state()['Workflow w1'], 'broken: refers to itself: w1 → w2 → w1');
});

test('a batch links once and tells once, whatever the order in it', (t) => {
  const watched = new WatchedCatalog();
  watched.set(workflow('w', ['f', 'w2']) + workflow('w2', ['f']) + valueFunction('f'));
  t.deepEqual(watched.told(), [['ValueFunction f', 'Workflow w', 'Workflow w2']]);
  t.deepEqual([...new Set(Object.values(versions(watched)))].length, 1);
});

test('what comes and goes within a batch was never there', (t) => {
  const watched = new WatchedCatalog().set(valueFunction('f'));
  watched.told();
  const set = changesIn(valueFunction('g') + valueFunction('f', '=2'));
  const remove = changesIn(valueFunction('g')).map(
    ({ resource }) => ({ type: 'remove', resource, store: 's' }) as const,
  );
  watched.catalog.apply([...set, ...remove, ...changesIn(valueFunction('f'))]);
  t.deepEqual(watched.told(), []);
  t.deepEqual(Object.keys(watched.state()), ['ValueFunction f']);
});

test('a definition that is removed and set again in a batch, as when its file is renamed, means what it meant', (t) => {
  const watched = new WatchedCatalog().set(valueFunction('f') + workflow('w', ['f']));
  watched.told();
  const [old] = changesIn(valueFunction('f'));
  if (old === undefined) return t.fail();
  const renamed = changesIn(valueFunction('f'), { file: 'b.koreo' });
  watched.catalog.apply([{ type: 'remove', resource: old.resource, store: 's' }, ...renamed]);
  t.deepEqual(watched.told(), []);
  const entry = watched.catalog.current.find('ValueFunction', 'f');
  t.is(entry?.status === 'ready' ? entry.definition.location.file : undefined, 'b.koreo');
});

test('a snapshot does not change when the catalog does', (t) => {
  const watched = new WatchedCatalog().set(valueFunction('f'));
  const before = watched.catalog.current;
  watched.remove(valueFunction('f')).set(valueFunction('g'));
  t.deepEqual(
    [...before.entries()].map(({ name }) => name),
    ['f'],
  );
  t.is(before.find('ValueFunction', 'f')?.status, 'ready');
});

test('a change is told after the catalog shows it', (t) => {
  const watched = new WatchedCatalog();
  const seen: boolean[] = [];
  watched.catalog.changes.subscribe(({ definitions }) => {
    seen.push(definitions === watched.catalog.current, definitions.find('ValueFunction', 'f') !== undefined);
  });
  watched.set(valueFunction('f'));
  t.deepEqual(seen, [true, true]);
});

test('a circle is an error of all its members that names it, and what leads into it waits', (t) => {
  const watched = new WatchedCatalog().set(
    workflow('w1', ['w2']) +
      workflow('w2', ['w3']) +
      workflow('w3', ['w1', 'f']) +
      workflow('w4', ['w2']) +
      valueFunction('f'),
  );
  t.deepEqual(watched.state(), {
    'ValueFunction f': 'ready',
    'Workflow w1': 'broken: refers to itself: w1 → w2 → w3 → w1',
    'Workflow w2': 'broken: refers to itself: w2 → w3 → w1 → w2',
    'Workflow w3': 'broken: refers to itself: w3 → w1 → w2 → w3',
    'Workflow w4': 'waiting: Workflow w2 is broken',
  });
  const problems = problemsOf(watched.catalog.current);
  t.deepEqual([...new Set(problems.map(({ code }) => code))].sort(), ['cycle', 'reference-broken']);
  watched.set(workflow('w3', ['f']));
  t.deepEqual([...new Set(Object.values(watched.state()))], ['ready']);
});

test('a Workflow that is its own step is a circle', (t) => {
  const watched = new WatchedCatalog().set(workflow('w', ['w']));
  t.deepEqual(watched.state(), { 'Workflow w': 'broken: refers to itself: w → w' });
});

test('an overlay function must be given every input that it reads', (t) => {
  const watched = new WatchedCatalog().set(
    resourceTemplate('t') +
      valueFunction('f', '=inputs.a + inputs.b + inputs.c') +
      resourceFunction('r', 't', { f: ['b'] }),
  );
  t.is(watched.state()['ResourceFunction r'], 'broken: ValueFunction f reads inputs that it is not given: a, c');
  t.like(problemsOf(watched.catalog.current)[0], { code: 'missing-inputs', location: { line: 16 } });
  watched.set(valueFunction('f', '=inputs.b'));
  t.is(watched.state()['ResourceFunction r'], 'ready');
  watched.set(valueFunction('f', '=has(inputs.a) ? inputs.a : inputs.b'));
  t.is(watched.state()['ResourceFunction r'], 'ready');
});

test('a template that is missing is waited for', (t) => {
  const watched = new WatchedCatalog().set(resourceFunction('r', 't'));
  t.is(watched.state()['ResourceFunction r'], 'waiting: ResourceTemplate t is missing');
});

test('a FunctionTest waits for its function', (t) => {
  const watched = new WatchedCatalog().set(functionTest('x', 'f'));
  t.is(watched.state()['FunctionTest x'], 'waiting: ValueFunction f is missing');
});

test('a thing that is named twice is waited for once, where it is named first', (t) => {
  const watched = new WatchedCatalog().set(workflow('w', ['f', 'f']));
  t.is(watched.state()['Workflow w'], 'waiting: ValueFunction f is missing');
  t.is(problemsOf(watched.catalog.current).length, 1);
});

test('Workflows are found by the kind of their triggers, ready, waiting and broken', (t) => {
  const { catalog } = new WatchedCatalog().set(
    workflow('w1', ['f'], 'Thing') +
      workflow('w2', ['missing'], 'Thing') +
      workflow('w3', ['f', 'f'], 'Thing').replace('step_1', 'step_0') +
      workflow('w4', ['f'], 'Other') +
      workflow('w5', ['w5'], 'Thing') +
      workflow('w6', ['f']) +
      valueFunction('f'),
  );
  const found = catalog.current.workflowsFor({ apiVersion: 'example.com/v1', kind: 'Thing' });
  t.deepEqual(
    found.map(({ name, status }) => `${name} ${status}`),
    ['w1 ready', 'w2 waiting', 'w3 broken', 'w5 broken'],
  );
  t.deepEqual(catalog.current.workflowsFor({ apiVersion: 'example.com/v2', kind: 'Thing' }), []);
});

test('all that is wrong is told with file, line and column', (t) => {
  const { catalog } = new WatchedCatalog().set(workflow('w', ['f']) + valueFunction('g', '=1 +'));
  t.deepEqual(
    problemsOf(catalog.current).map((problem) => formatProblem(problem).replace(/(return\.v:).*/, '$1')),
    [
      'a.koreo:6:54 Workflow w spec.steps[0].ref.name: waits for a definition: ValueFunction f is missing',
      'a.koreo:10:25 ValueFunction g spec.return.v:',
    ],
  );
});

test('one function that 500 Workflows use is reloaded without preparing them again', (t) => {
  const watched = new WatchedCatalog().set(
    Array.from({ length: 500 }, (_, index) => workflow(`w${index}`, ['f'])).join('') + valueFunction('f'),
  );
  const definitionOf = (name: string): unknown => {
    const entry = watched.catalog.current.find('Workflow', name);
    return entry?.status === 'ready' ? entry.definition : undefined;
  };
  const before = definitionOf('w250');
  watched.told();
  watched.set(valueFunction('f', '=2'));
  t.is(watched.told()[0]?.length, 501);
  t.not(before, undefined);
  t.is(definitionOf('w250'), before);
});
