import test from 'ava';
import { DEFAULT_DOCUMENT_LIMITS, formatProblem, parseDocuments } from 'koreo-kernel';

function values(text: string, file = 'a.yaml') {
  return parseDocuments(text, { file }).documents.map(({ value }) => value);
}

function problems(text: string, file = 'a.yaml', limits = DEFAULT_DOCUMENT_LIMITS) {
  return parseDocuments(text, { file, limits }).problems.map(formatProblem);
}

test('a file may hold several documents', (t) => {
  t.deepEqual(values('a: 1\n---\nb: 2\n---\nc: 3\n'), [{ a: 1 }, { b: 2 }, { c: 3 }]);
});

test('documents without content are left out', (t) => {
  for (const text of ['', '\n', '# only a comment\n', '---\n', '---\n# c\n---\n...\n', '~\n', '\uFEFF']) {
    t.deepEqual(parseDocuments(text, { file: 'a.yaml' }), { documents: [], problems: [] }, JSON.stringify(text));
  }
});

test('a document that cannot be parsed does not spoil the others of its file', (t) => {
  const text = 'a: 1\n---\nb: [1\n---\nc: "x\n---\nd: {x\n---\ne: |\n  x\n y: 1\n---\nf: 6\n';
  const parsed = parseDocuments(text, { file: 'a.yaml' });
  t.deepEqual(
    parsed.documents.map(({ value }) => value),
    [{ a: 1 }, undefined, undefined, undefined, undefined, { f: 6 }],
  );
  t.deepEqual([...new Set(parsed.problems.map(({ code }) => code))], ['document-syntax']);
  t.deepEqual(
    parsed.documents.map((document) => document.problems.length > 0),
    [false, true, true, true, true, false],
  );
});

test('a line that begins with --- ends a document even inside quotes and block scalars', (t) => {
  t.deepEqual(values('a: |\n  x\n---\nb: 1\n'), [{ a: 'x\n' }, { b: 1 }]);
  t.deepEqual(values('a: "x\n---\nb: 1\n'), [undefined, { b: 1 }]);
  t.deepEqual(values('a: |\n  ---\n  x\n'), [{ a: '---\nx\n' }]);
});

test('a document ends with ... too, and directives belong to the document after them', (t) => {
  t.deepEqual(values('a: 1\n...\n%YAML 1.2\n---\nb: 2\n...\n# end\n'), [{ a: 1 }, { b: 2 }]);
  t.deepEqual(values('%TAG ! tag:example.com,2000:\n---\na: 1\n'), [{ a: 1 }]);
});

test('start and end say where each document stands in the text', (t) => {
  const text = '\uFEFF# first\na: 1\n---\nb: 2\n';
  const parsed = parseDocuments(text, { file: 'a.yaml' });
  t.deepEqual(
    parsed.documents.map(({ start, end }) => text.slice(start, end)),
    ['# first\na: 1\n', '---\nb: 2\n'],
  );
});

test('values follow the core schema of YAML 1.2', (t) => {
  const text =
    'a: yes\nb: on\nc: 012\nd: 0o14\ne: 0x1F\nf: 1e3\ng: 2001-01-01\nh: ~\ni: True\nj: "5"\nk:\nl: 1_000\nm: !!str 5';
  t.deepEqual(values(text), [
    {
      a: 'yes',
      b: 'on',
      c: 12,
      d: 12,
      e: 31,
      f: 1000,
      g: '2001-01-01',
      h: null,
      i: true,
      j: '5',
      k: null,
      l: '1_000',
      m: '5',
    },
  ]);
  t.deepEqual(values(`%YAML 1.1\n---\na: yes\nb: 2001-01-01\n`), [{ a: 'yes', b: '2001-01-01' }]);
});

test('keys are texts, as they are written', (t) => {
  const [value] = values('1: a\n1.0: b\ntrue: c\nnull: d\n~: e\n"x y": f\n0x10: g\n: h\n? k\n: i\n');
  t.deepEqual(Object.entries(value ?? {}), [
    ['1', 'a'],
    ['1.0', 'b'],
    ['true', 'c'],
    ['null', 'd'],
    ['~', 'e'],
    ['x y', 'f'],
    ['0x10', 'g'],
    ['', 'h'],
    ['k', 'i'],
  ]);
});

test('keys that are dangerous in JavaScript are data', (t) => {
  for (const [text, file] of [
    ['__proto__: {polluted: true}\nconstructor: 1\nprototype: 2\n', 'a.yaml'],
    ['{"__proto__": {"polluted": true}, "constructor": 1, "prototype": 2}', 'a.json'],
  ] as const) {
    const [value] = values(text, file);
    t.deepEqual(Object.keys(value ?? {}), ['__proto__', 'constructor', 'prototype']);
    t.is(Object.getPrototypeOf(value), Object.prototype);
    t.false('polluted' in {});
  }
});

test('values are frozen throughout', (t) => {
  for (const [text, file] of [
    ['a: [{b: 1}]\n', 'a.yaml'],
    ['{"a": [{"b": 1}]}', 'a.json'],
  ] as const) {
    const [value] = values(text, file) as [{ a: [object] }];
    t.true(Object.isFrozen(value) && Object.isFrozen(value.a) && Object.isFrozen(value.a[0]));
  }
});

test('a byte order mark and CRLF line ends change neither values nor positions', (t) => {
  const text = '\uFEFFa: 1\r\nb: |\r\n  x\r\n  y\r\n';
  const [document] = parseDocuments(text, { file: 'a.yaml' }).documents;
  t.deepEqual(document?.value, { a: 1, b: 'x\ny\n' });
  t.deepEqual(document?.origin.locate?.(['a']), { line: 1, column: 4 });
  t.deepEqual(values('\uFEFF{"a": 1}', 'a.json'), [{ a: 1 }]);
  t.deepEqual(problems('\uFEFFa: @x\n'), [
    'a.yaml:1:4: The document has a plain value that begins with a reserved character; put it in quotes.',
  ]);
});

test('merge keys are read as Kubernetes tools read them', (t) => {
  const text =
    'base: &b {x: 1, y: 2}\nother: &o {x: 9, z: 3}\nit: {<<: *b, y: 5}\nboth: {<<: [*b, *o]}\nquoted: {"<<": 1}\n';
  const [value] = values(text);
  t.deepEqual(value?.it, { y: 5, x: 1 });
  t.deepEqual(value?.both, { x: 1, y: 2, z: 3 });
  t.deepEqual(value?.quoted, { '<<': 1 });
  t.deepEqual(problems('a: {<<: 1}\n'), [
    'a.yaml:1:5: The document has a merge key (<<) whose value is not a mapping.',
  ]);
});

const malformed: readonly (readonly [what: string, text: string, problem: string])[] = [
  ['an unclosed list', 'a: [1\nb: 2\n', 'a.yaml:2:1: The document is not valid YAML: '],
  ['an unclosed quote', 'a: "x\nb: 2\n', 'a.yaml:3:1: The document is not valid YAML: Missing closing "quote'],
  ['a tab as indentation', 'a:\n\tb: 1\n', 'a.yaml:2:1: The document is indented with a tab; YAML allows only spaces.'],
  ['a mapping in a plain value', 'a: b: c\n', 'a.yaml:1:4: The document is not valid YAML: Nested mappings'],
  ['a reserved character', 'a: `x`\n', 'a.yaml:1:4: The document has a plain value that begins with a reserved'],
  ['a bad escape', 'a: "\\q"\n', 'a.yaml:1:5: The document has an escape sequence in double quotes'],
  ['an unknown tag', 'a: !secret x\n', 'a.yaml:1:4: The document has a tag other than those of JSON data'],
  ['a tag of YAML 1.1', 'a: !!binary aGk=\n', 'a.yaml:1:4: The document has a tag other than those of JSON data'],
  ['a set', 'a: !!set {x}\n', 'a.yaml:1:4: The document has a tag other than those of JSON data'],
  ['an unknown directive', '%FOO bar\n---\na: 1\n', 'a.yaml:1:1: The document has a directive other than'],
  ['a key twice', 'a: 1\nb: 2\na: 3\n', 'a.yaml:3:1: The document has the same key twice in one mapping.'],
  ['a key twice in other words', '1: 1\n"1": 2\n', 'a.yaml:2:1: The document has the same key twice in one mapping.'],
  ['a key that is a list', '[a]: 1\n', 'a.yaml:1:1: The document has a key that is a list or mapping; keys are texts.'],
  ['an alias without anchor', 'a: *x\n', 'a.yaml:1:4: The document has an alias whose anchor is not before it'],
  ['an alias inside its anchor', 'a: &a [*a]\n', 'a.yaml:1:8: The document has an alias whose anchor is not before it'],
  ['infinity', 'a: .inf\n', 'a.yaml:1:4: The document has a number that JSON does not have'],
  ['not a number', 'a: .nan\n', 'a.yaml:1:4: The document has a number that JSON does not have'],
  ['a list', '- a: 1\n', 'a.yaml:1:1: The document is not a mapping but a list'],
  ['a text', '\njust words\n', 'a.yaml:2:1: The document is not a mapping but a string'],
  ['a number', '42\n', 'a.yaml:1:1: The document is not a mapping but a number'],
  ['wrong indentation', 'a:\n    b: 1\n  c: 2\n', 'a.yaml:3:1: The document is not valid YAML: '],
];

for (const [what, text, problem] of malformed) {
  test(`${what} is a problem with line and column`, (t) => {
    const [first = ''] = problems(text);
    t.true(first.startsWith(problem), first);
  });
}

const malformedJson: readonly (readonly [what: string, text: string, problem: string])[] = [
  ['a trailing comma', '{"a": 1,}', 'a.json:1:9: The document is not valid JSON: property name expected.'],
  ['a comment', '{\n  // c\n  "a": 1}', 'a.json:2:3: The document is not valid JSON: invalid comment token.'],
  ['single quotes', "{'a': 1}", 'a.json:1:2: The document is not valid JSON: invalid symbol.'],
  ['two values', '{"a": 1} {"b": 2}', 'a.json:1:10: The document is not valid JSON: end of file expected.'],
  ['an open bracket', '{"a": [1', 'a.json:1:9: The document is not valid JSON: close bracket expected.'],
  ['a key twice', '{"a": 1,\n "a": 2}', 'a.json:2:2: The document has the same key twice in one mapping.'],
  ['a number too large', '{"a": 1e999}', 'a.json:1:7: The document has a number that is too large.'],
  ['a list', '[{"a": 1}]', 'a.json:1:1: The document is not a mapping but a list'],
  ['YAML', 'a: 1\n', 'a.json:1:1: The document is not valid JSON: invalid symbol.'],
];

for (const [what, text, problem] of malformedJson) {
  test(`${what} in JSON is a problem with line and column`, (t) => {
    const found = problems(text, 'a.json');
    t.true(
      found.some((one) => one.startsWith(problem)),
      found.join('\n'),
    );
  });
}

test('all problems of a document are told, not the first', (t) => {
  t.is(problems('a: .inf\nb: {x: 1, x: 2}\nc: *none\n').length, 3);
});

test('what follows from the first mistake in YAML is not told', (t) => {
  const found = problems('a: {x: =inputs["a"]}\nb: 1\nc: [1, {d: 2}]\n');
  t.is(found[0], 'a.yaml:1:15: The document is not valid YAML: Unexpected flow-seq-start at node end.');
  t.deepEqual(
    found.filter((problem) => !problem.startsWith('a.yaml:1:')),
    [],
  );
});

test('of very many problems the first hundred are told, and how many more there are', (t) => {
  const found = problems(Array.from({ length: 250 }, () => 'a: .inf\n').join('---\n'));
  t.is(found.length, 250);
  const inOne = problems(`a: [${Array.from({ length: 250 }, () => '.inf').join(',')}]\n`);
  t.is(inOne.length, 101);
  t.true(inOne.at(-1)?.endsWith('there are 150 more problems, from here on'));
});

test('no problem repeats what the document holds', (t) => {
  const secret = 'hunter2';
  const texts = [
    `a: "${secret}\nb: 1`,
    `a: ${secret}: ${secret}: x\n`,
    `a: |${secret}\n  x\n`,
    `a: \`${secret}\`\n`,
    `a: !${secret} ${secret}\n`,
    `a: *${secret}\n`,
    `{a: ${secret}, a: ${secret}}\n`,
    `a: "\\q${secret}"\n`,
    `a: [x] ${secret}\n`,
    `"a" ${secret}: 1\n`,
    `%${secret}\n---\na: 1\n`,
    `${secret}\n`,
    `a: [1]\n ${secret}\n`,
    `a: {\n${secret}\n]: 1`,
    `- ${secret}\n? ${secret}\n`,
  ];
  for (const text of texts) {
    const found = problems(text);
    t.true(found.length > 0, text);
    t.false(found.join('\n').includes(secret), found.join('\n'));
  }
});

test('a document over 3 MiB is refused with the limit named, and the others of its file are not', (t) => {
  const text = `a: ${'x'.repeat(3 * 1024 * 1024)}\n---\nb: 1\n`;
  t.deepEqual(values(text), [undefined, { b: 1 }]);
  t.deepEqual(problems(text), [
    'a.yaml:1:1: The document is larger than the limit of 3145728 bytes (limits.documentBytes).',
  ]);
  t.is(problems(`{"a": "${'x'.repeat(3 * 1024 * 1024)}"}`, 'a.json').length, 1);
});

test('the size of a document is counted in bytes, not in characters', (t) => {
  const limits = { ...DEFAULT_DOCUMENT_LIMITS, documentBytes: 20 };
  t.is(problems('a: äöüäöü\n', 'a.yaml', limits).length, 0);
  t.is(problems('a: äöüäöüäöü\n', 'a.yaml', limits).length, 1);
});

test('a document of depth 100 is read, and a deeper one is refused with the limit named', (t) => {
  const nested = (depth: number) => `${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}`;
  t.deepEqual(problems(`a: ${nested(100)}`), []);
  t.deepEqual(problems(`{"a": ${nested(100)}}`, 'a.json'), []);
  const [yaml = ''] = problems(`a: ${nested(101)}`);
  const [json = ''] = problems(`{"a": ${nested(101)}}`, 'a.json');
  t.regex(yaml, /nested deeper than the limit of 100 \(limits\.documentDepth\)/);
  t.regex(json, /nested deeper than the limit of 100 \(limits\.documentDepth\)/);
});

for (const [what, unit] of [
  ['brackets', '['],
  ['braces', '{a: '],
  ['dashes', '- '],
  ['question marks', '? '],
  ['keys', 'a: '],
] as const) {
  test(`a million nested ${what} are refused before they cost anything`, (t) => {
    const [problem = ''] = problems(`a: ${unit.repeat(1_000_000 / unit.length)}`);
    t.regex(problem, /limit of 100|not valid YAML/);
  });
}

test('aliases are counted as they are written out', (t) => {
  const limits = { ...DEFAULT_DOCUMENT_LIMITS, documentAliases: 3 };
  t.deepEqual(problems('a: &a 1\nb: [*a, *a, *a]\n', 'a.yaml', limits), []);
  const message = 'The document has more aliases than the limit of 3 (limits.documentAliases).';
  t.deepEqual(problems('a: &a 1\nb: [*a, *a, *a, *a]\n', 'a.yaml', limits), [`a.yaml:2:17: ${message}`]);
  t.deepEqual(problems('a: &a 1\nb: &b [*a, *a]\nc: *b\n', 'a.yaml', limits), [`a.yaml:3:4: ${message}`]);
});

test('an alias bomb is refused', (t) => {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 10; level += 1) {
    lines.push(`a${level}: &a${level} [${Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ')}]`);
  }
  const [problem = ''] = problems(lines.join('\n'));
  t.regex(problem, /more aliases than the limit of 1000/);
});

test('a large value with few aliases is refused for the size that it comes to', (t) => {
  const text = `a: &a "${'x'.repeat(1_000_000)}"\nb: [*a, *a, *a, *a]\n`;
  t.deepEqual(problems(text), [
    'a.yaml:2:13: The document is, with its aliases written out, larger than the limit of 3145728 bytes (limits.documentBytes).',
  ]);
});

test('aliases cannot make a document deeper than the limit', (t) => {
  const limits = { ...DEFAULT_DOCUMENT_LIMITS, documentDepth: 4 };
  t.deepEqual(problems('a: &a [[1]]\nb: [*a]\n', 'a.yaml', limits), []);
  t.deepEqual(problems('a: &a [[1]]\nb: [[*a]]\n', 'a.yaml', limits), [
    'a.yaml:2:6: The document is, with its aliases written out, nested deeper than the limit of 4 (limits.documentDepth).',
  ]);
});
