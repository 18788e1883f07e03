import { freezeDeep, isObject, type JsonObject } from '../model/json.js';
import type { Expectation, PreparedFunctionTest, PreparedTestCase } from './definition.js';
import type { DefinitionSource } from './definition-source.js';
import type { Field } from './field.js';

/** Prepares a FunctionTest; undefined when the function under test cannot be told. */
export function prepareFunctionTest(source: DefinitionSource): PreparedFunctionTest | undefined {
  const { spec } = source;
  const reference = spec.at('functionRef');
  const kind = reference.at('kind').text();
  const name = reference.at('name').text();
  const inputs = spec.at('inputs').template({ inScope: [] });
  const currentResource = constantMapping(spec.at('currentResource'));
  const cases = spec.at('testCases').items().flatMap(prepareCase);
  if (name === undefined || (kind !== 'ValueFunction' && kind !== 'ResourceFunction')) return undefined;
  return {
    kind: 'FunctionTest',
    ...source.prepared([{ kind, name, location: reference.at('name').location }]),
    functionRef: { kind, name },
    ...(inputs === undefined ? {} : { inputs }),
    ...(currentResource === undefined ? {} : { currentResource }),
    cases,
  };
}

function prepareCase(field: Field, index: number): readonly PreparedTestCase[] {
  const inputOverrides = field.at('inputOverrides').template({ inScope: ['inputs'] });
  const overlayResource = field.at('overlayResource').template({ inScope: ['inputs', 'resource'] });
  const currentResource = constantMapping(field.at('currentResource'));
  const expectation = prepareExpectation(field);
  if (expectation === undefined) return [];
  return [
    {
      label: field.at('label').text() ?? `case ${index + 1}`,
      location: field.location,
      variant: field.at('variant').flag({ default: false }),
      skip: field.at('skip').flag({ default: false }),
      ...(inputOverrides === undefined ? {} : { inputOverrides }),
      ...(currentResource === undefined ? {} : { currentResource }),
      ...(overlayResource === undefined ? {} : { overlayResource }),
      expectation,
    },
  ];
}

function prepareExpectation(field: Field): Expectation | undefined {
  const resource = constantMapping(field.at('expectResource'));
  if (resource !== undefined) return { type: 'resource', resource };
  const value = constantMapping(field.at('expectReturn'));
  if (value !== undefined) return { type: 'return', value };
  const deleted = field.at('expectDelete').value;
  if (typeof deleted === 'boolean') return { type: 'delete', deleted };
  return prepareOutcome(field.at('expectOutcome'));
}

const OUTCOMES = [
  ['ok', 'Ok'],
  ['skip', 'Skip'],
  ['depSkip', 'DepSkip'],
  ['retry', 'Retry'],
  ['permFail', 'PermFail'],
] as const;

function prepareOutcome(field: Field): Expectation | undefined {
  const found = OUTCOMES.find(([key]) => field.at(key).value !== undefined);
  if (found === undefined) return undefined;
  const [key, outcome] = found;
  const message = field.at(key).at('message').text() ?? '';
  return { type: 'outcome', outcome, message, delay: field.at(key).at('delay').number() ?? 0 };
}

function constantMapping({ value }: Field): JsonObject | undefined {
  return isObject(value) ? freezeDeep(value) : undefined;
}
