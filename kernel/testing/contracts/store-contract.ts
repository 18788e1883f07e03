import { type ContractCase, contractCase } from './contract-case.js';
import { concurrency } from './store/concurrency.js';
import { deletion } from './store/deletion.js';
import { type Contract, DEFAULT_CAPABILITIES, type MakeStoreHarness, type StoreCapabilities } from './store/harness.js';
import { hostileInput } from './store/hostile-input.js';
import { lifecycle } from './store/lifecycle.js';
import { reading } from './store/reading.js';
import { status } from './store/status.js';
import { watching } from './store/watching.js';
import { writing } from './store/writing.js';

/**
 * A case for every promise of {@link Store}. Each gets a harness of its own, around an empty store, and disposes of it.
 * Capabilities say where stores may differ; there is no case for what a store cannot do. Run them one after the other: some
 * count what keeps the process alive.
 *
 *     for (const { title, run } of storeContract(makeHarness)) test(title, run);
 */
export function storeContract(
  makeHarness: MakeStoreHarness,
  capabilities: Partial<StoreCapabilities> = {},
): readonly ContractCase[] {
  const cases: ContractCase[] = [];
  const contract: Contract = {
    capabilities: { ...DEFAULT_CAPABILITIES, ...capabilities },
    test: (title, test) => cases.push(contractCase(title, test, makeHarness)),
  };
  for (const register of [reading, writing, status, deletion, watching, concurrency, hostileInput, lifecycle])
    register(contract);
  return cases;
}
