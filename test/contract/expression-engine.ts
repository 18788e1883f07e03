import test from 'ava';
import { type Dialect, expressionEngineContract as engineCases } from 'koreo-kernel/testing/contracts';
import { functionCases } from './expression-engine/function-cases.js';

/** Registers a test for every case of the contract of expression engines, and for every function of the library. */
export function expressionEngineContract(dialect: Dialect): void {
  for (const { title, runWith } of engineCases(dialect)) test(`${dialect.name}: ${title}`, runWith);
  functionCases(dialect);
}
