import test from 'ava';
import { type Problem, parseDocuments } from 'koreo-kernel';
import { CaseDefinitions } from './support/case-definitions.js';
import { type SourceFile, sourceFiles } from './support/source-files.js';

/**
 * The files of definitions that are wrong carry their own expectations. `#! 7 schema: part of the message` at the end of a
 * line stands for a problem in column 7 of that line; where no comment can stand, `#! 12:7 …` says the line too.
 */
const MARK = /#! (?:(\d+):)?(\d+) ([a-z-]+)(?:: ([^#]*[^# ]))?/g;

interface Mark {
  readonly line: number;
  readonly column: number;
  readonly code: string;
  /** What the message must hold. */
  readonly message: string;
}

for (const file of sourceFiles('test/language/invalid', '.koreo')) {
  test(`${file.name}: everything that is wrong is told at once, each at its place, and nothing else`, (t) => {
    const definitions = new CaseDefinitions();
    definitions.add(file.documents);
    const found = [...file.problems, ...definitions.problems].sort(byPlace);
    const expected = marksIn(file);
    t.true(expected.length > 0);
    t.deepEqual(found.map(placed), expected.map(placed));
    for (const [index, { message }] of expected.entries()) {
      const told = found[index]?.message ?? '';
      t.true(told.includes(message), `${file.name}:${expected[index]?.line} says: ${told}`);
    }
  });
}

test('documents that are wrong keep none of their neighbours from being used', (t) => {
  const definitions = new CaseDefinitions();
  for (const file of sourceFiles('test/language/invalid', '.koreo')) definitions.add(file.documents);
  for (const name of ['good-before.v1', 'good-after.v1', 'there.v1']) {
    t.is(definitions.lookup.find('ValueFunction', name)?.status, 'ready', name);
  }
});

test('a message holds nothing of what is written in the data', (t) => {
  const secret = 'correct-horse-battery-staple';
  const text = [
    'apiVersion: koreo.dev/v1beta1',
    'kind: ValueFunction',
    'metadata: {name: secret.v1}',
    'spec:',
    `  preconditions: ${secret}`,
    `  locals: [${secret}]`,
    `  return: {a: 1, b: {c: ${secret}, c: ${secret}}}`,
  ].join('\n');
  for (const source of [text, text.replace(', c: ', ', d: ')]) {
    const { documents, problems } = parseDocuments(source, { file: 'secret.koreo' });
    const definitions = new CaseDefinitions();
    definitions.add(documents);
    const told = [...problems, ...definitions.problems].map(({ message }) => message);
    t.true(told.length > 0);
    for (const message of told) t.false(message.includes(secret), message);
  }
});

function marksIn({ text }: SourceFile): readonly Mark[] {
  return text
    .split('\n')
    .flatMap((line, index) => [...line.matchAll(MARK)].map((match) => markOf(match, index + 1)))
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

function markOf([, line, column, code = '', message = '']: RegExpMatchArray, own: number): Mark {
  return { line: line === undefined ? own : Number(line), column: Number(column), code, message };
}

function byPlace(a: Problem, b: Problem): number {
  const lines = (a.location?.line ?? 0) - (b.location?.line ?? 0);
  return lines || (a.location?.column ?? 0) - (b.location?.column ?? 0);
}

function placed(one: Problem | Mark): string {
  const { line, column } = 'location' in one ? (one.location ?? {}) : (one as Mark);
  return `${line}:${column} ${one.code}`;
}
