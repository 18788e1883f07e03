import {
  Budget,
  equalJson,
  type Json,
  KoreoError,
  type MutableJsonObject,
  setKey,
  standardLibrary,
} from 'koreo-kernel';
import { celJsEngine } from 'koreo-kernel/plugins/cel-js';
import { needsProtobuf, type OfficialCase, officialCases } from '../cel/conformance/official-case.js';
import type { OfficialValue } from '../cel/conformance/official-value.js';

/** How many official cases there are, and how many pass: of those that expect a value, and of those that expect an error. */
export interface SuiteFigures {
  readonly suite: string;
  readonly values: number;
  readonly valuesPassed: number;
  readonly errors: number;
  readonly errorsPassed: number;
}

/** The dialect held to CEL's own cases, but for those about protocol buffers. Numbers count as equal by value. */
export function measureConformance(): readonly SuiteFigures[] {
  const engine = celJsEngine();
  const figures = new Map<string, SuiteFigures>();
  for (const official of officialCases().filter((each) => !needsProtobuf(each))) {
    const [suite = ''] = official.id.split('/');
    const before = figures.get(suite) ?? { suite, values: 0, valuesPassed: 0, errors: 0, errorsPassed: 0 };
    const passed = passes(official, (source, scope) =>
      engine.compile(source, standardLibrary()).evaluate(scope, new Budget()),
    );
    const expectsError = official.test.resultMatcher.case === 'evalError';
    figures.set(suite, {
      suite,
      values: before.values + (expectsError ? 0 : 1),
      valuesPassed: before.valuesPassed + (!expectsError && passed ? 1 : 0),
      errors: before.errors + (expectsError ? 1 : 0),
      errorsPassed: before.errorsPassed + (expectsError && passed ? 1 : 0),
    });
  }
  return [...figures.values()];
}

type Evaluate = (source: string, scope: Readonly<Record<string, Json>>) => unknown;

function passes({ test: { bindings, expr, resultMatcher } }: OfficialCase, evaluate: Evaluate): boolean {
  const scope: MutableJsonObject = {};
  for (const [name, { kind }] of Object.entries(bindings)) {
    const value = kind.case === 'value' ? toJson(kind.value) : undefined;
    if (value === undefined) return false;
    setKey(scope, name, value);
  }
  const expected = resultMatcher.case === 'value' ? toJson(resultMatcher.value) : true;
  try {
    const value = evaluate(expr, scope) as Json;
    return resultMatcher.case !== 'evalError' && expected !== undefined && equalJson(value, expected);
  } catch (error) {
    if (error instanceof KoreoError) return resultMatcher.case === 'evalError';
    throw error;
  }
}

/** An official value as JSON; undefined for what JSON cannot hold. */
function toJson({ kind }: OfficialValue): Json | undefined {
  switch (kind.case) {
    case 'int64Value':
    case 'uint64Value':
      return Number.isSafeInteger(Number(kind.value)) ? Number(kind.value) : undefined;
    case 'doubleValue':
      return Number.isFinite(kind.value) ? kind.value : undefined;
    case 'boolValue':
    case 'stringValue':
      return kind.value;
    case 'nullValue':
      return null;
    case 'listValue': {
      const items = kind.value.values.map(toJson);
      const known = items.filter((item) => item !== undefined);
      return known.length === items.length ? known : undefined;
    }
    case 'mapValue':
      return mappingOf(kind.value.entries);
    default:
      return undefined;
  }
}

function mappingOf(
  entries: readonly { key?: OfficialValue | undefined; value?: OfficialValue | undefined }[],
): Json | undefined {
  const mapping: MutableJsonObject = {};
  for (const { key, value } of entries) {
    const item = value === undefined ? undefined : toJson(value);
    if (key?.kind.case !== 'stringValue' || item === undefined) return undefined;
    setKey(mapping, key.kind.value, item);
  }
  return mapping;
}
