import test from 'ava';
import { equalJson, type Json, type JsonObject, mergePatch } from 'koreo-kernel';
import { fieldsFrom, fieldsInto } from '../../../plugins/http/mapping/field-table.js';
import { valueAt, withValueAt } from '../../../plugins/http/mapping/pointer.js';
import { updateBody } from '../../../plugins/http/mapping/request-body.js';
import { fc } from '../../support/property.js';

/** Fields at the top, and two that share mappings with what is somebody else's. */
const TABLE = { size: 'size', colour: '/paint/colour', coats: '/paint/coats/count', note: '/note~1s' };
const FRAME = { mapping: TABLE, variables: {} };

/** JSON without null, which a merge patch cannot say, in which some keys are likely to meet. */
const value: fc.Arbitrary<Json> = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom('red', 'blue', '', 0, 1, true),
    fc.array(tie('json'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), tie('json'), { maxKeys: 2 }),
  ),
})).json;

const spec = fc.record(
  { size: value, colour: value, coats: value, note: value },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

/** What an item holds beside the fields that are mapped. */
const OTHERS: JsonObject = { id: 7, paint: { gloss: true, coats: { by: 'ada' } }, owner: { name: 'eve' } };

/** An item with the fields, and what is not ours as well. */
function itemWith(fields: JsonObject): JsonObject {
  return fieldsInto(OTHERS, fields, TABLE);
}

/** What of an item is not ours. */
function othersIn(item: JsonObject): Json {
  return ['id', '/paint/gloss', '/paint/coats/by', 'owner'].map((property) => valueAt(item, property) ?? null);
}

const sendsTo: Readonly<Record<'changes' | 'fields' | 'item', (item: JsonObject, body: JsonObject) => JsonObject>> = {
  changes: (item, body) => mergePatch(item, body),
  // An API that merges only what is outermost.
  fields: (item, body) => {
    const kept = Object.entries({ ...item, ...body }).filter(([, one]) => one !== null);
    return Object.fromEntries(kept);
  },
  item: (_item, body) => body,
};

for (const [sends, apply] of Object.entries(sendsTo)) {
  test(`whatever a spec becomes, what is sent as \`${sends}\` makes the item so, and leaves what is not ours`, (t) => {
    fc.assert(
      fc.property(spec, spec, (before, after) => {
        const item = itemWith(before);
        const options = { url: '/', sends: sends as keyof typeof sendsTo };
        const body = updateBody(options, { item, before, after }, FRAME) as JsonObject;
        const changed = apply(item, body);
        t.true(equalJson(fieldsFrom(changed, TABLE) ?? {}, after), JSON.stringify({ before, after, body, changed }));
        t.deepEqual(othersIn(changed), othersIn(item));
      }),
    );
    t.pass();
  });
}

test('what is sent as `spec` holds all of it, and nothing else', (t) => {
  fc.assert(
    fc.property(spec, spec, (before, after) => {
      const body = updateBody(
        { method: 'PUT', url: '/' },
        { item: itemWith(before), before, after },
        FRAME,
      ) as JsonObject;
      return equalJson(fieldsFrom(body, TABLE) ?? {}, after) && valueAt(body, 'owner') === undefined;
    }),
  );
  t.pass();
});

test('a value is found where it was put, and nothing beside it has changed', (t) => {
  const property = fc.constantFrom('a', '/a/b', '/a/b/c', '/x~1y', '/__proto__/a');
  fc.assert(
    fc.property(property, value, (at, one) => {
      const base: JsonObject = { z: 1, a: { q: 2 } };
      const made = withValueAt(base, at, one);
      t.deepEqual(base, { z: 1, a: { q: 2 } });
      return equalJson(valueAt(made, at), one) && valueAt(made, 'z') === 1;
    }),
  );
  t.is(({} as Record<string, unknown>).a, undefined);
});

test('items of lists are reached by their numbers, and by nothing else', (t) => {
  const json: Json = { list: ['a', { b: 1 }] };
  t.is(valueAt(json, '/list/0'), 'a');
  t.is(valueAt(json, '/list/1/b'), 1);
  for (const property of ['/list/01', '/list/length', '/list/-1', '/list/2', '/list/constructor'])
    t.is(valueAt(json, property), undefined);
});
