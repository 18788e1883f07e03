import test from 'ava';
import { budgets } from './expression-engine/budgets.js';
import type { Dialect } from './expression-engine/dialect.js';
import { failing } from './expression-engine/failing.js';
import { type Contract, EngineUnderTest } from './expression-engine/harness.js';
import { isolation } from './expression-engine/isolation.js';
import { library } from './expression-engine/library.js';
import { purity } from './expression-engine/purity.js';
import { reading } from './expression-engine/reading.js';
import { shared } from './expression-engine/shared.js';

export type { Dialect } from './expression-engine/dialect.js';

/**
 * Registers a test for every promise of kernel/contracts/expression-engine.ts, spelled in one language. Each entry of the
 * dialect is a case; those that it lacks are not registered, and those that differ are held to what they say.
 */
export function expressionEngineContract(dialect: Dialect): void {
  const contract: Contract = {
    dialect,
    test: (title, run) => test(`${dialect.name}: ${title}`, async (t) => run(t, new EngineUnderTest(dialect))),
  };
  for (const register of [shared, reading, failing, budgets, purity, isolation, library]) register(contract);
}
