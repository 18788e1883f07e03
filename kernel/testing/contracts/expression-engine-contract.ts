import { type ContractCase, contractCase } from './contract-case.js';
import { budgets } from './expression-engine/budgets.js';
import type { Dialect } from './expression-engine/dialect.js';
import { failing } from './expression-engine/failing.js';
import { type Contract, EngineUnderTest } from './expression-engine/harness.js';
import { isolation } from './expression-engine/isolation.js';
import { library } from './expression-engine/library.js';
import { purity } from './expression-engine/purity.js';
import { reading } from './expression-engine/reading.js';
import { shared } from './expression-engine/shared.js';

/**
 * A case for every promise of {@link ExpressionEngine}, spelled in one language. Each entry of the dialect is a case; there is
 * none for what the language lacks, and what differs is held to what is said of it.
 *
 *     for (const { title, run } of expressionEngineContract(dialect)) test(title, run);
 */
export function expressionEngineContract(dialect: Dialect): readonly ContractCase[] {
  const cases: ContractCase[] = [];
  const makeEngine = async () => ({ engine: new EngineUnderTest(dialect), dispose: async () => undefined });
  const contract: Contract = {
    dialect,
    test: (title, run) => cases.push(contractCase(title, (t, { engine }) => run(t, engine), makeEngine)),
  };
  for (const register of [shared, reading, failing, budgets, purity, isolation, library]) register(contract);
  return cases;
}
