import assert from 'node:assert/strict';
import { RunBudget } from 'koreo-kernel';
import { type FunctionTestResult, runFunctionTest } from 'koreo-kernel/testing';
import { runValueFunction } from '../../kernel/runtime/value-function.js';
import { catalogOf, definitionOf, definitionsIn } from '../definitions/catalog.js';
import type { Group } from '../harness/group.js';
import { atLeastTimes } from '../harness/target.js';
import type { Work } from '../harness/work.js';
import { resourceWorks } from './resource-works.js';

const CASES = ['create', 'match', 'patch'].map((name) => `ResourceFunction ${name}`);
const TESTS = ['FunctionTest of 4 cases', 'FunctionTest of 8 cases'];

/** Functions by themselves, and the tests of functions. */
export const functions: Group = {
  name: 'functions',
  title: 'Functions',
  targets: [
    atLeastTimes(100, 'ValueFunction'),
    atLeastTimes(100, 'ResourceFunction create; match; patch', CASES),
    atLeastTimes(100, 'FunctionTests of 4 and 8 cases', TESTS),
  ],
  measure: async (meter) =>
    meter.rates([
      valueWork(),
      ...(await resourceWorks()),
      testWork('functions/delivery-plan.koreo', 'delivery-plan.v1', 4),
      testWork('functions/print-spool.koreo', 'print-spool.v1', 8),
    ]),
};

function valueWork(): Work {
  const catalog = catalogOf(definitionsIn('functions/delivery-plan.koreo'));
  const definition = definitionOf(catalog, 'ValueFunction', 'delivery-plan.v1');
  const inputs = { manned: true, batch: { parcels: 4 } };
  const value = { plan: { min: 2, max: 8 }, regions: ['eu', 'us', 'ap', 'sa'] };
  return {
    work: 'ValueFunction',
    by: 'koreo',
    run: () => runValueFunction(definition, inputs, new RunBudget()),
    check: (outcome) => assert.deepEqual(outcome, { type: 'Ok', value }),
  };
}

function testWork(file: string, name: string, count: number): Work {
  const definitions = catalogOf(definitionsIn(file)).current;
  const test = definitionOf({ current: definitions }, 'FunctionTest', name);
  return {
    work: `FunctionTest of ${count} cases`,
    by: 'koreo',
    run: () => runFunctionTest(test, { definitions }),
    check: (result) => {
      const { cases } = result as FunctionTestResult;
      assert.deepEqual(
        cases.map((one) => one.result),
        Array.from({ length: count }, () => 'pass'),
      );
    },
  };
}
