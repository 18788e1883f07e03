import { getConformanceSuite, type IncrementalTest } from '@bufbuild/cel-spec/testdata/tests.js';

/** The suites that an engine without protocol buffers can be held to. */
const SUITES: ReadonlySet<string> = new Set([
  'basic',
  'comparisons',
  'conversions',
  'fields',
  'fp_math',
  'integer_math',
  'lists',
  'logic',
  'macros',
  'namespace',
  'parse',
  'plumbing',
  'string',
  'string_ext',
  'timestamps',
]);

/** One case of CEL's own conformance tests. */
export interface OfficialCase {
  /** `suite/section/name`; a number is added where a section has a name twice. */
  readonly id: string;
  readonly test: IncrementalTest['original'];
}

/** All cases of the suites. */
export function officialCases(): readonly OfficialCase[] {
  const seen = new Map<string, number>();
  const cases: OfficialCase[] = [];
  for (const suite of getConformanceSuite().suites) {
    if (!SUITES.has(suite.name)) continue;
    for (const section of suite.suites) {
      for (const { name, original } of section.tests) {
        const id = `${suite.name}/${section.name}/${name}`;
        const count = (seen.get(id) ?? 0) + 1;
        seen.set(id, count);
        cases.push({ id: count === 1 ? id : `${id}#${count}`, test: original });
      }
    }
  }
  return cases;
}

/**
 * Whether a case is about protocol buffers, by what it holds: names are resolved in a container (a package); the
 * expression builds a message, of the test types or of the wrappers; a message or an enum is bound, declared or
 * expected.
 */
export function needsProtobuf({ test }: OfficialCase): boolean {
  if (test.container !== '') return true;
  if (/TestAllTypes|google\.protobuf\.\w+\s*\{/.test(test.expr)) return true;
  const text = JSON.stringify([test.bindings, test.typeEnv, test.resultMatcher], (_, value) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  return /"(?:objectValue|enumValue|messageType|wellKnown|wrapper)"/.test(text);
}
