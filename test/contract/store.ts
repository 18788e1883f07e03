import test from 'ava';
import { concurrency } from './store/concurrency.js';
import { deletion } from './store/deletion.js';
import { type Contract, DEFAULT_CAPABILITIES, type MakeStoreHarness, type StoreCapabilities } from './store/harness.js';
import { hostileInput } from './store/hostile-input.js';
import { lifecycle } from './store/lifecycle.js';
import { reading } from './store/reading.js';
import { status } from './store/status.js';
import { watching } from './store/watching.js';
import { writing } from './store/writing.js';

export { GADGET, type OutsideWorld, type StoreCapabilities, type StoreHarness, WIDGET } from './store/harness.js';

/**
 * Registers a test for every promise of kernel/contracts/store.ts. Each test gets a harness of its own, around an empty
 * store, and disposes of it. Capabilities say where stores may differ; tests of what a store cannot do are not registered.
 */
export function storeContract(
  name: string,
  makeHarness: MakeStoreHarness,
  capabilities: Partial<StoreCapabilities> = {},
): void {
  const contract: Contract = {
    capabilities: { ...DEFAULT_CAPABILITIES, ...capabilities },
    // Serial: tests that count the handles of the process must not see each other's.
    test: (title, run) =>
      test.serial(`${name}: ${title}`, async (t) => {
        const harness = await makeHarness();
        try {
          await run(t, harness);
        } finally {
          await harness.dispose();
        }
      }),
  };
  for (const register of [reading, writing, status, deletion, watching, concurrency, hostileInput, lifecycle])
    register(contract);
}
