import test from 'ava';
import {
  asResource,
  equalJson,
  isObject,
  type JsonObject,
  parseDocuments,
  prepareDefinition,
  type Resource,
  setKey,
} from 'koreo-kernel';
import { stringify } from 'yaml';
import { anyJson, anyMapping } from '../../support/json-arbitraries.js';
import { definitionText, prepareContext } from '../../support/prepare.js';
import { fc } from '../../support/property.js';

const pieces = fc.constantFrom(
  ...[
    'a',
    ': ',
    ':',
    '- ',
    '-',
    '\n',
    '\n  ',
    '\n    ',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ',',
    '#',
    ' # c',
    '|',
    '>',
    '|-',
    '>+2',
  ],
  ...[
    '&a ',
    '*a',
    '<<: ',
    '!!str ',
    '!x ',
    '? ',
    '---',
    '\n---\n',
    '\n...\n',
    '%YAML 1.2',
    '%',
    '@',
    '`',
    '~',
    '1',
    '.inf',
  ],
  ...[
    '0x',
    '\t',
    '\r\n',
    '\r',
    '\u0000',
    '\uFEFF',
    '\u2028',
    '\uD800',
    '😀',
    '\\',
    '\\x',
    '\\u12',
    '=',
    '__proto__',
    '//',
    '/*',
  ],
);
const anyText = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''));

test('no text makes parsing throw, and each document is a mapping or has problems with positions', (t) => {
  fc.assert(
    fc.property(anyText, fc.constantFrom('a.yaml', 'a.json'), (text, file) => {
      const { documents } = parseDocuments(text, { file });
      return documents.every(({ origin, problems, value }) => {
        const found = origin.locate?.(['a', 0, 'b'], { line: 2, column: 2 }) ?? { line: 0, column: 0 };
        const placed = problems.every(({ location }) => (location?.line ?? 0) > 0 && (location?.column ?? 0) > 0);
        return found.line > 0 && found.column > 0 && placed && (value === undefined) === problems.length > 0;
      });
    }),
    { numRuns: 2000 },
  );
  t.pass();
});

test('what is written as YAML or JSON is read as it was', (t) => {
  fc.assert(
    fc.property(anyMapping, fc.constantFrom('yaml', 'json'), (mapping, format) => {
      const text = format === 'json' ? JSON.stringify(mapping, null, 2) : stringify(mapping);
      const [document] = parseDocuments(text, { file: `a.${format}` }).documents;
      return equalJson(document?.value, mapping);
    }),
  );
  t.pass();
});

const specs: Readonly<Record<string, string>> = {
  ValueFunction:
    'preconditions: [{assert: =inputs.a, retry: {message: m, delay: 1}}]\nlocals: {a: =inputs.b}\nreturn: {x: =locals.a}',
  ResourceTemplate: 'template: {apiVersion: v1, kind: X, metadata: {labels: {a: b}}}',
  ResourceFunction:
    'apiConfig: {apiVersion: v1, kind: X, name: =inputs.n, owned: false}\nresourceTemplateRef: {name: t}\noverlays: [{overlayRef: {kind: ValueFunction, name: f}, inputs: {a: 1}}, {overlay: {x: =resource.y}}]\nupdate: {patch: {delay: 1}}\ndelete: {abandon: {}}\npostconditions: [{assert: =resource.ok, ok: {}}]',
  Workflow:
    'crdRef: {apiGroup: g, version: v1, kind: X}\nsteps: [{label: aaa, ref: {kind: ValueFunction, name: f}, forEach: {itemIn: =parent.x, inputKey: k}}, {label: bbb, refSwitch: {switchOn: =inputs.a, cases: [{case: a, kind: Workflow, name: w}]}, state: {x: =value.a}, condition: {type: Ready, name: n}}]',
  FunctionTest:
    'functionRef: {kind: ValueFunction, name: f}\ninputs: {a: 1}\ntestCases: [{inputOverrides: {a: =inputs.a}, expectReturn: {}}, {expectOutcome: {retry: {delay: 1}}}, {overlayResource: {a: 1}, expectDelete: true}]',
};

const wholes: readonly JsonObject[] = Object.entries(specs).map(([kind, spec]) => {
  const [document] = parseDocuments(definitionText(kind, spec), { file: 'a.yaml' }).documents;
  if (document?.value === undefined) throw new Error(kind);
  return document.value;
});

/** Every path into a value. */
function pathsIn(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  const children = Array.isArray(value) ? [...value.entries()] : isObject(value) ? Object.entries(value) : [];
  return [path, ...children.flatMap(([key, child]) => pathsIn(child, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly (string | number)[], by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? replaced(item, rest, by) : item));
  const result = {};
  for (const [name, child] of Object.entries((value ?? {}) as JsonObject)) {
    setKey(result, name, name === key ? (replaced(child, rest, by) as never) : child);
  }
  return result;
}

const anyBroken: fc.Arbitrary<Resource> = fc
  .constantFrom(...wholes)
  .chain((whole) =>
    fc
      .tuple(
        fc.constantFrom(...pathsIn(whole).slice(1)),
        fc.oneof(anyJson, fc.constantFrom<string>('=', '=(', '= x y', '\n')),
      )
      .map(([path, by]) => asResource(replaced(whole, path, by) as JsonObject)),
  );

test('no definition makes preparing throw, whatever stands anywhere in it', (t) => {
  const context = prepareContext();
  fc.assert(
    fc.property(anyBroken, (resource) => {
      const result = prepareDefinition(resource, { store: 's' }, context);
      return result.status === 'prepared' || result.problems.length > 0;
    }),
    { numRuns: 3000 },
  );
  t.pass();
});
