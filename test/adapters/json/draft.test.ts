import test from 'ava';
import {
  AlreadyExistsError,
  asResource,
  InvalidResourceError,
  type JsonObject,
  type Resource,
  type ResourceRef,
} from 'koreo-kernel';
import type { CollectionOptions } from 'koreo-kernel/adapters/json';
import { printJson } from '../../../adapters/files/json-printer.js';
import { JsonText } from '../../../adapters/files/json-text.js';
import { type Collection, toCollections } from '../../../adapters/json/collection.js';
import { Draft } from '../../../adapters/json/draft.js';
import { FileContent } from '../../../adapters/json/file-content.js';
import { Snapshot } from '../../../adapters/json/snapshot.js';
import { fc } from '../../support/property.js';

const ORDER = { apiVersion: 'shop.example/v1', kind: 'Order' };
const MAX_DEPTH = 20;

/** A document under change. */
class Bench {
  readonly document: JsonText;
  readonly draft: Draft;
  readonly collection: Collection;

  constructor(text: string, options: Partial<CollectionOptions> = {}) {
    const collections = toCollections([{ at: '/orders', ...ORDER, name: 'id', ...options }], undefined);
    const [collection] = collections;
    if (collection === undefined) throw new Error('there is one collection');
    this.collection = collection;
    this.document = JsonText.parse(text, MAX_DEPTH);
    const content = new FileContent('orders.json', { document: this.document }, undefined, new Map());
    this.draft = new Draft(new Snapshot({ store: 'orders', document: 'orders', collections }, content), MAX_DEPTH);
  }

  create(name: string, spec: JsonObject = {}): void {
    this.draft.create(this.collection, this.resource(name, spec));
  }

  replace(name: string, spec: JsonObject): void {
    const entry = this.draft.find(this.ref(name));
    if (entry === undefined) throw new Error(`there is no ${name}`);
    this.draft.replace(entry, this.resource(name, spec));
  }

  remove(name: string): void {
    const entry = this.draft.find(this.ref(name));
    if (entry !== undefined) this.draft.remove(entry, '2026-01-01T00:00:00Z');
  }

  /** The document's text after all of it. */
  get text(): string {
    const change = this.draft.change();
    return change === undefined ? this.document.written : printJson(this.document, change.value, change.plans);
  }

  ref(name: string): ResourceRef {
    return { ...ORDER, name };
  }

  resource(name: string, spec: JsonObject): Resource {
    return asResource({ ...ORDER, metadata: { name }, spec });
  }
}

const LIST = '{"orders": [\n  {"id": "a", "n": 1.0},\n  {"id": "b", "n": 2.0},\n  {"id": "c", "n": 3.0}\n]}\n';

test('a draft without writes changes nothing', (t) => {
  t.is(new Bench(LIST).draft.change(), undefined);
});

test('what is made and taken back again is no change', (t) => {
  const bench = new Bench(LIST);
  bench.create('d');
  bench.remove('d');
  bench.replace('a', { id: 'a', n: 7 });
  bench.replace('a', { id: 'a', n: 1 });
  t.is(bench.draft.change(), undefined);
});

test('each write sees those before it', (t) => {
  const bench = new Bench(LIST);
  bench.create('d', { n: 4 });
  t.throws(() => bench.create('d'), { instanceOf: AlreadyExistsError });
  bench.replace('d', { n: 5 });
  bench.remove('b');
  t.is(bench.draft.find(bench.ref('b')), undefined);
  bench.replace('a', { id: 'a', n: 7 });
  t.is(bench.text, '{"orders": [\n  {"id": "a", "n": 7},\n  {"id": "c", "n": 3.0},\n  {"id": "d", "n": 5}\n]}\n');
});

test('an item that is removed and made again stands at the end', (t) => {
  const bench = new Bench(LIST);
  bench.remove('a');
  bench.create('a', { n: 1 });
  t.is(bench.text, '{"orders": [\n  {"id": "b", "n": 2.0},\n  {"id": "c", "n": 3.0},\n  {"id": "a", "n": 1}\n]}\n');
});

test('new items have numbers for names where all others have', (t) => {
  const bench = new Bench('{"orders": [{"id": 1}, {"id": 2}]}');
  for (const name of ['3', '04', 'x', '1e3', '-5', '9007199254740993']) bench.create(name);
  const ids = (JSON.parse(bench.text) as { orders: { id: unknown }[] }).orders.map(({ id }) => id);
  t.deepEqual(ids, [1, 2, 3, '04', 'x', '1e3', -5, '9007199254740993']);
});

test('new items have texts for names where others have, or nobody has', (t) => {
  for (const text of ['{"orders": [{"id": 1}, {"id": "b"}]}', '{"orders": []}', '{}']) {
    const bench = new Bench(text);
    bench.create('3');
    t.is((JSON.parse(bench.text) as { orders: { id: unknown }[] }).orders.at(-1)?.id, '3');
  }
});

test('a collection that is missing is made as it is configured', (t) => {
  const list = new Bench('{}\n', { at: '/data/orders' });
  list.create('a');
  t.is(list.text, '{\n  "data": {\n    "orders": [\n      {\n        "id": "a"\n      }\n    ]\n  }\n}\n');
  const { name: _, ...unnamed } = { at: '/orders', name: undefined };
  const mapping = new Bench('{"x":1}', { ...unnamed, container: 'mapping', name: 'id' });
  mapping.create('a');
  t.is(mapping.text, '{"x":1,"orders":{"a":{"id":"a"}}}');
});

test('a key that something else has is not taken', (t) => {
  const mapping = { container: 'mapping', name: 'id' } as const;
  const bench = new Bench('{"orders": {"a": {"id": "x"}, "b": 5, "c": {"id": "c"}}}', mapping);
  t.throws(() => bench.create('a'), { instanceOf: InvalidResourceError, message: /another item's/ });
  t.throws(() => bench.create('b'), { instanceOf: InvalidResourceError, message: /another item's/ });
  bench.remove('x');
  t.notThrows(() => bench.create('a'));
});

test('a collection whose place something else has takes no items', (t) => {
  t.throws(() => new Bench('{"orders": "none"}').create('a'), {
    instanceOf: InvalidResourceError,
    message: /a string stands/,
  });
});

test('an item that would be nested too deep is refused', (t) => {
  const nested = (depth: number): JsonObject => (depth === 1 ? {} : { x: nested(depth - 1) });
  const bench = new Bench('{"orders": []}');
  t.notThrows(() => bench.create('a', nested(MAX_DEPTH - 2)));
  t.throws(() => bench.create('b', nested(MAX_DEPTH - 1)), { instanceOf: InvalidResourceError, message: /maxDepth/ });
  t.notThrows(() => JsonText.parse(bench.text, MAX_DEPTH));
});

/** Items as somebody may have written them, each in a way of its own. */
const anyItemText = fc
  .record({
    space: fc.constantFrom('', ' ', '\n', '\r\n\t', '  \n    '),
    number: fc.constantFrom('1.0', '1e3', '12345678901234567890', '-0', '0.10', '1E+2'),
    text: fc.constantFrom('"\\u0041"', '"a\\/b"', '"ü"', '""'),
  })
  .map(({ space, number, text }) => (id: string) => {
    return `{${space}"n":${space}${number},${space}"id"${space}:"${id}", "t":${text}, "x":[${space}]${space}}`;
  });

test('whatever becomes of some items, the text of all others stays, character by character', (t) => {
  const anyGap = fc.constantFrom(',', ', ', ',\n  ', ' ,\r\n\t');
  const anyFate = fc.constantFrom('stays', 'changes', 'goes');
  const anyItems = fc.array(fc.tuple(anyItemText, anyGap, anyFate), { minLength: 1, maxLength: 6 });
  t.notThrows(() =>
    fc.assert(
      fc.property(anyItems, fc.nat({ max: 2 }), (items, news) => {
        const texts = items.map(([print], index) => print(`i${index}`));
        const list = texts.map((text, index) => (index === 0 ? text : `${items[index]?.[1]}${text}`)).join('');
        const bench = new Bench(`\ufeff{ "before": 1.50, "orders": [ ${list} ],\n"after": [1.0 ,2] }\n\n`);
        items.forEach(([, , fate], index) => {
          if (fate === 'changes') bench.replace(`i${index}`, { id: `i${index}`, n: 2, t: 'A' });
          if (fate === 'goes') bench.remove(`i${index}`);
        });
        for (let index = 0; index < news; index++) bench.create(`new${index}`, { n: index });
        const after = bench.text;
        const orders = (JSON.parse(after.slice(1)) as { orders: { id: string; n: number }[] }).orders;
        const expected = items.flatMap(([, , fate], index) => (fate === 'goes' ? [] : [`i${index}`]));
        t.deepEqual(
          orders.map(({ id }) => id),
          [...expected, ...Array.from({ length: news }, (_, index) => `new${index}`)],
        );
        t.true(after.startsWith('\ufeff{ "before": 1.50, "orders": ['));
        t.true(after.endsWith(']' + ',\n"after": [1.0 ,2] }\n\n'));
        items.forEach(([, , fate], index) => {
          if (fate === 'stays') t.true(after.includes(texts[index] ?? ''));
        });
      }),
      { numRuns: 300 },
    ),
  );
});
