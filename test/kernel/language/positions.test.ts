import test from 'ava';
import { getAt, type Origin, type Path, type Position, parseDocuments } from 'koreo-kernel';
import { stringify } from 'yaml';
import { fc } from '../../support/property.js';

function originOf(text: string, file = 'a.yaml', index = 0): Origin {
  const origin = parseDocuments(text, { file }).documents[index]?.origin;
  if (origin === undefined) throw new Error('no document');
  return origin;
}

function at(text: string, path: Path, within?: Position): string {
  const { line, column } = originOf(text).locate?.(path, within) ?? { line: 0, column: 0 };
  return (text.split('\n')[line - 1] ?? '').slice(column - 1);
}

const DOCUMENT = `# a comment
apiVersion: v1
metadata:
  name: it
  "quoted key": 'x'
spec:
  steps:
  - label: one
    inputs: {a: 1, b: [2, 3]}
  - label: two
  empty:
  map:
    deep: true
`;

test('a value is found by its path', (t) => {
  t.is(at(DOCUMENT, ['apiVersion']), 'v1');
  t.is(at(DOCUMENT, ['metadata', 'quoted key']), "'x'");
  t.is(at(DOCUMENT, ['spec', 'steps', 1, 'label']), 'two');
  t.is(at(DOCUMENT, ['spec', 'steps', 0, 'inputs', 'b', 1]), '3]}');
  t.is(at(DOCUMENT, ['spec', 'steps', 1]), 'label: two');
  t.is(at(DOCUMENT, ['spec', 'map']), 'deep: true');
  t.is(at(DOCUMENT, []), 'apiVersion: v1');
});

test('a value that is left empty is found at its key', (t) => {
  t.is(at(DOCUMENT, ['spec', 'empty']), 'empty:');
});

test('what is not there is found at its nearest ancestor', (t) => {
  t.is(at(DOCUMENT, ['spec', 'steps', 1, 'inputs', 'x']), 'label: two');
  t.is(at(DOCUMENT, ['spec', 'steps', 7]), '- label: one');
  t.is(at(DOCUMENT, ['metadata', 'name', 'x']), 'it');
  t.is(at(DOCUMENT, ['none']), 'apiVersion: v1');
});

test('a key is found by the path of its value', (t) => {
  const origin = originOf(DOCUMENT);
  t.deepEqual(origin.locateKey?.(['metadata', 'quoted key']), { line: 5, column: 3 });
  t.deepEqual(origin.locateKey?.(['spec', 'map']), { line: 12, column: 3 });
  t.deepEqual(origin.locateKey?.(['spec', 'steps', 1]), { line: 10, column: 5 });
  t.deepEqual(origin.locateKey?.(['spec', 'map', 'none']), { line: 13, column: 5 });
});

test('positions are those of the file, whichever document of it', (t) => {
  const text = 'a: 1\n---\n# c\nb:\n  c: 2\n---\nd: 3\n';
  t.deepEqual(originOf(text, 'a.yaml', 1).locate?.(['b', 'c']), { line: 5, column: 6 });
  t.deepEqual(originOf(text, 'a.yaml', 2).locate?.(['d']), { line: 7, column: 4 });
});

test('a value behind an alias or a merge is found where it is written', (t) => {
  const text = 'base: &b\n  x: 1\nit: *b\nmerged:\n  <<: *b\n  y: 2\n';
  t.is(at(text, ['it']), '*b');
  t.is(at(text, ['it', 'x']), '1');
  t.is(at(text, ['merged', 'x']), '1');
});

test('JSON documents find their values and keys too', (t) => {
  const text = '{\n  "a": [1, {"b": "x"}],\n  "c": "=\\"x\\" + y"\n}\n';
  const origin = originOf(text, 'a.json');
  t.deepEqual(origin.locate?.(['a', 1, 'b']), { line: 2, column: 18 });
  t.deepEqual(origin.locateKey?.(['a', 1, 'b']), { line: 2, column: 13 });
  t.deepEqual(origin.locate?.(['a', 5]), { line: 2, column: 8 });
  t.deepEqual(origin.locate?.(['c'], { line: 1, column: 6 }), { line: 3, column: 16 });
});

test('a position inside a string is found in every way to write the string', (t) => {
  const text = `plain: =aa + bb
single: '=''aa'' + bb'
double: "=\\"aa\\" + \\u0062b"
literal: |

    =aa
      + bb
folded: >-
    =aa
    + bb
several: =aa
  + bb
quoted: "=aa
  \\
  + bb"
`;
  t.is(at(text, ['plain'], { line: 1, column: 7 }), 'bb');
  t.is(at(text, ['single'], { line: 1, column: 9 }), "bb'");
  t.is(at(text, ['double'], { line: 1, column: 9 }), '\\u0062b"');
  t.is(at(text, ['literal'], { line: 3, column: 5 }), 'bb');
  t.is(at(text, ['folded'], { line: 1, column: 7 }), 'bb');
  t.is(at(text, ['several'], { line: 1, column: 7 }), 'bb');
  t.is(at(text, ['quoted'], { line: 1, column: 7 }), 'bb"');
});

test('a position beyond the string is at its end', (t) => {
  t.is(at('a: xyz # c\n', ['a'], { line: 1, column: 99 }), ' # c');
  t.is(at('a: xyz # c\n', ['a'], { line: 9, column: 1 }), ' # c');
});

const styles = ['PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'] as const;
const word = fc.constantFrom(
  '=a',
  'b',
  '"',
  "'",
  '\\',
  '+',
  'has(x)',
  'é',
  '\t',
  ' ',
  '\n',
  '\n  ',
  '#',
  ': ',
  '{',
  ']',
  '😀',
);

test('wherever in a string, and however it is written, a visible character is found where it stands', (t) => {
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 12 }),
      fc.array(word, { maxLength: 12 }),
      fc.constantFrom(...styles),
      fc.integer({ min: 20, max: 80 }),
      (before, after, style, lineWidth) => {
        const written = `${before.join('')}§${after.join('')}`;
        const text = stringify({ x: { y: written } }, { defaultStringType: style, lineWidth });
        // What was read counts: the library does not write every string so that it reads the same.
        const value = String(getAt(parseDocuments(text, { file: 'a.yaml' }).documents[0]?.value, ['x', 'y']));
        const lines = value.slice(0, value.indexOf('§')).split('\n');
        const within = { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
        return at(text, ['x', 'y'], within).startsWith('§');
      },
    ),
    { numRuns: 500 },
  );
  t.pass();
});
