import test from 'ava';
import { equalJson, isObject, type Json, type JsonObject, mergePatch, parseDocuments } from 'koreo-kernel';
import { type DocumentFormat, editDocument, newDocument } from '../../../adapters/file-system/document-edit.js';
import { fc } from '../../support/property.js';

const DEPLOYMENT = `# Who: team shop
---
# The web server.
apiVersion: apps/v1
kind: Deployment   # of pods
metadata:
    name: "web"
    labels:
        app: 'web'   # the selector needs it

        tier: front
spec:
    replicas: 2 # at night
    template:
        spec:
            containers:
            # the server itself
            - name: nginx
              image: "nginx:1.27"   # pinned
              args: [ "-g", 'daemon off;' ]
            - name: sidecar # logs
              image: fluent
    script: |
        echo hello
        # no comment, but text

    empty:
# the end
`;

/** The document with a patch made to it. */
function patched(text: string, patch: JsonObject, format: DocumentFormat = 'yaml'): string {
  return editDocument(text, mergePatch(read(text, format), patch), format);
}

function read(text: string, format: DocumentFormat = 'yaml'): JsonObject {
  const { documents, problems } = parseDocuments(text, { file: `x.${format}` });
  const value = documents[0]?.value;
  if (value === undefined || documents.length !== 1) throw new Error(JSON.stringify(problems));
  return value;
}

/** The lines of `after` that `before` does not have, and the other way round. */
function difference(before: string, after: string): readonly string[] {
  const [old, young] = [before.split('\n'), after.split('\n')];
  return [
    ...old.filter((line) => !young.includes(line)).map((line) => `-${line}`),
    ...young.filter((line) => !old.includes(line)).map((line) => `+${line}`),
  ];
}

test('a scalar changes on its line, and its comment, quotes and neighbours stay', (t) => {
  const after = patched(DEPLOYMENT, {
    metadata: { labels: { app: 'site' } },
    spec: { replicas: 3 },
  });
  t.is(after, DEPLOYMENT.replace("'web'", "'site'").replace('replicas: 2', 'replicas: 3'));
});

test('a string keeps its quotes where it can, and gets them where it must have them', (t) => {
  const text = 'plain: a\nsingle: \'b\'\ndouble: "c"\n';
  t.is(
    patched(text, { plain: 'true', single: "it's", double: 'x' }),
    'plain: "true"\nsingle: \'it\'\'s\'\ndouble: "x"\n',
  );
  t.is(patched('yes: plain\n', { yes: 'no' }), 'yes: "no"\n');
  t.is(patched('a: "text"\n', { a: 5 }), 'a: 5\n');
});

test('a new key goes behind the last of its mapping, indented as its neighbours', (t) => {
  const after = patched(DEPLOYMENT, { metadata: { labels: { team: 'shop' }, annotations: { note: 'x: y' } } });
  t.deepEqual(difference(DEPLOYMENT, after), ['+        team: shop', '+    annotations:', '+        note: "x: y"']);
  t.true(after.includes('        tier: front\n        team: shop\n    annotations:\n        note: "x: y"\nspec:\n'));
});

test('a new key goes behind a block of text without changing the text', (t) => {
  const text = 'script: |+\n  one\n\n\n';
  const after = patched(text, { other: 1 });
  t.is(after, 'script: |+\n  one\n\n\nother: 1\n');
});

test('a removed key takes its lines with it, and nothing else', (t) => {
  t.is(patched(DEPLOYMENT, { metadata: { labels: { tier: null } } }), DEPLOYMENT.replace('        tier: front\n', ''));
  const without = patched(DEPLOYMENT, { spec: { script: null } });
  t.is(without, DEPLOYMENT.replace(/ {4}script: \|\n.*\n.*\n/, ''));
});

test('the last key of a mapping leaves an empty mapping', (t) => {
  t.is(patched('a:\n  b: 1 # one\nc: 2\n', { a: { b: null } }), 'a: {} # one\nc: 2\n');
});

test('an empty value gets its value on its line', (t) => {
  t.true(patched(DEPLOYMENT, { spec: { empty: 'full' } }).endsWith('    empty: full\n# the end\n'));
  t.true(patched(DEPLOYMENT, { spec: { empty: { a: 1 } } }).endsWith('    empty:\n        a: 1\n# the end\n'));
});

test('a field of a list item changes alone', (t) => {
  const spec = read(DEPLOYMENT).spec as { template: { spec: { containers: JsonObject[] } } };
  const [nginx, sidecar] = spec.template.spec.containers;
  const containers = [
    { ...nginx, image: 'nginx:1.28' },
    { ...sidecar, args: ['-v'] },
  ] as Json;
  const after = patched(DEPLOYMENT, { spec: { template: { spec: { containers } } } });
  t.deepEqual(difference(DEPLOYMENT, after), [
    '-              image: "nginx:1.27"   # pinned',
    '+              image: "nginx:1.28"   # pinned',
    '+              args:',
    '+              - -v',
  ]);
});

test('list items come and go with their own lines', (t) => {
  const spec = read(DEPLOYMENT).spec as { template: { spec: { containers: JsonObject[] } } };
  const [nginx, sidecar] = spec.template.spec.containers as [JsonObject, JsonObject];
  const give = (containers: Json): string => patched(DEPLOYMENT, { spec: { template: { spec: { containers } } } });
  t.deepEqual(difference(DEPLOYMENT, give([nginx, { name: 'new', image: 'i' }, sidecar])), [
    '+            - name: new',
    '+              image: i',
  ]);
  t.deepEqual(difference(DEPLOYMENT, give([nginx])), [
    '-            - name: sidecar # logs',
    '-              image: fluent',
  ]);
  t.deepEqual(difference(DEPLOYMENT, give([sidecar])), [
    '-            - name: nginx',
    '-              image: "nginx:1.27"   # pinned',
    '-              args: [ "-g", \'daemon off;\' ]',
  ]);
});

test('flow collections are edited inside', (t) => {
  const text = 'a: { b: 1, "c": [1, 2, 3] } # flow\n';
  t.is(patched(text, { a: { b: 2 } }), 'a: { b: 2, "c": [1, 2, 3] } # flow\n');
  t.is(patched(text, { a: { c: [1, 3] } }), 'a: { b: 1, "c": [1, 3] } # flow\n');
  t.is(patched(text, { a: { c: [1, 2, 3, 'x, y'] } }), 'a: { b: 1, "c": [1, 2, 3, "x, y"] } # flow\n');
  t.is(patched(text, { a: { b: null } }), 'a: { "c": [1, 2, 3] } # flow\n');
  t.is(patched(text, { a: { c: null, d: { e: 1 } } }), 'a: { b: 1, "d": { e: 1 } } # flow\n');
});

test('a multi-line text stays a block, and becomes one', (t) => {
  t.true(
    patched(DEPLOYMENT, { spec: { script: 'echo bye\nexit\n' } }).includes(
      '    script: |\n        echo bye\n        exit\n\n    empty:',
    ),
  );
  t.is(patched('a: short # why\nb: 1\n', { a: 'one\ntwo\n' }), 'a: | # why\n  one\n  two\nb: 1\n');
});

test('what an alias or a merge gives is written out where it changes, and only there', (t) => {
  const text = 'base: &base\n  cpu: 1 # cores\n  mem: 2\none: *base\ntwo:\n  <<: *base\n  mem: 3\n';
  t.is(patched(text, { one: { cpu: 5 } }), text.replace('one: *base', 'one:\n  cpu: 5\n  mem: 2'));
  t.is(patched(text, { two: { cpu: 7 } }), `${text}  cpu: 7\n`);
  const changedBase = patched(text, { base: { cpu: 9 } });
  t.deepEqual(read(changedBase), { base: { cpu: 9, mem: 2 }, one: { cpu: 1, mem: 2 }, two: { cpu: 1, mem: 3 } });
  t.true(changedBase.includes('cpu: 9 # cores'));
});

test('a removed merged key is removed, and comments stay', (t) => {
  const text = 'base: &base {cpu: 1, mem: 2}\ntwo: # second\n  <<: *base\n  disk: 3 # GB\n';
  const after = patched(text, { two: { cpu: null } });
  t.deepEqual(read(after), { base: { cpu: 1, mem: 2 }, two: { mem: 2, disk: 3 } });
  t.true(after.includes('# GB'));
  t.true(after.includes('# second'));
});

test('line breaks of Windows stay, and new lines get them too', (t) => {
  const text = 'a: 1\r\nb:\r\n  c: 2\r\n';
  t.is(patched(text, { a: 2, b: { d: { e: 3 } } }), 'a: 2\r\nb:\r\n  c: 2\r\n  d:\r\n    e: 3\r\n');
});

test('a text without a last line break gets none', (t) => {
  t.is(patched('a: 1\nb: 2', { c: 3 }), 'a: 1\nb: 2\nc: 3');
  t.is(patched('a: 1\nb: 2', { b: null }), 'a: 1');
});

test('JSON keeps its indentation, order and last line break', (t) => {
  const text = '{\n\t"b": 1,\n\t"a": [1, 2],\n\t"c": {"d": true}\n}\n';
  t.is(patched(text, { b: 2 }, 'json'), text.replace('1,', '2,'));
  t.is(patched(text, { c: { d: false } }, 'json'), text.replace('true', 'false'));
  t.is(patched(text, { a: null }, 'json'), '{\n\t"b": 1,\n\t"c": {"d": true}\n}\n');
  t.is(
    patched(text, { e: { f: 1 } }, 'json'),
    '{\n\t"b": 1,\n\t"a": [1, 2],\n\t"c": {"d": true},\n\t"e": {"f": 1}\n}\n',
  );
});

test('what cannot be read back is refused', (t) => {
  let deep: Json = 1;
  for (let level = 0; level < 150; level += 1) deep = { deep };
  t.throws(() => newDocument({ deep }, 'yaml'), { code: 'invalid-resource' });
  t.throws(() => editDocument('a: 1\n', { deep }, 'yaml'), { code: 'invalid-resource' });
  t.throws(() => newDocument({ text: 'x'.repeat(4 * 1024 * 1024) }, 'json'), { code: 'invalid-resource' });
});

const key = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'name',
    'x-y',
    '1',
    'true',
    'null',
    '<<',
    '',
    'k v',
    '__proto__',
    'a: b',
    '#',
    '- x',
    "it's",
    'two\nlines',
    '~',
    'é',
  ),
  fc.string({ maxLength: 5 }),
);
const scalar = fc.oneof(
  fc.constantFrom<Json[]>(
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e21,
    '',
    'x',
    'true',
    '1',
    'a: b',
    '# c',
    ' lead',
    'trail ',
    'l1\nl2',
    'l1\nl2\n\n',
    '\n',
    'a\tb',
    '- a',
    '"',
    "'",
    '---',
    '...',
    '{}',
    '[',
    '&a',
    '*a',
    '!t',
    '|',
    '> x',
    '%',
    '@',
    '\u0000',
    '\u2028',
    '\ufeff',
    '=x',
  ),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
  fc.string({ unit: 'grapheme' }),
);
const { json } = fc.letrec<{ json: Json; object: JsonObject }>((tie) => ({
  json: fc.oneof({ maxDepth: 4 }, scalar, fc.array(tie('json'), { maxLength: 4 }), tie('object')),
  object: fc.array(fc.tuple(key, tie('json')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
}));
const object = fc
  .array(fc.tuple(key, json), { minLength: 1, maxLength: 4 })
  .map((entries) => Object.fromEntries(entries) as JsonObject);

for (const format of ['yaml', 'json'] as const) {
  test(`whatever is written as ${format} reads back the same`, (t) => {
    fc.assert(
      fc.property(object, (value) => {
        t.true(equalJson(read(newDocument(value, format), format), value));
      }),
      { numRuns: 500 },
    );
  });

  test(`whatever a ${format} document is changed to, it reads back so`, (t) => {
    fc.assert(
      fc.property(object, object, (before, after) => {
        t.true(equalJson(read(editDocument(newDocument(before, format), after, format), format), after));
      }),
      { numRuns: 500 },
    );
  });

  test(`a merge patch of a ${format} document reads back so, and no patch changes no byte`, (t) => {
    fc.assert(
      fc.property(object, object, (before, patch) => {
        const text = newDocument(before, format);
        t.is(editDocument(text, before, format), text);
        const wanted = mergePatch(before, patch);
        t.true(equalJson(read(editDocument(text, wanted, format), format), wanted));
      }),
      { numRuns: 300 },
    );
  });
}

test('each comment of a document outlives any change of scalars', (t) => {
  const paths: readonly (readonly string[])[] = [
    ['metadata', 'name'],
    ['metadata', 'labels', 'app'],
    ['metadata', 'labels', 'tier'],
    ['spec', 'replicas'],
    ['spec', 'empty'],
  ];
  fc.assert(
    fc.property(
      fc.subarray([...paths], { minLength: 1 }),
      scalar.filter((value) => value !== null),
      (changed, value) => {
        const patch = changed.reduce<JsonObject>((whole, path) => mergePatch(whole, nest(path, value)), {});
        const after = patched(DEPLOYMENT, patch);
        for (const comment of DEPLOYMENT.match(/# .*/g) ?? []) t.true(after.includes(comment), comment);
      },
    ),
    { numRuns: 300 },
  );
});

function nest(path: readonly string[], value: Json): JsonObject {
  const [first = '', ...rest] = path;
  const inner = rest.length === 0 ? value : nest(rest, value);
  return isObject(inner) || rest.length === 0 ? { [first]: inner } : {};
}
