import { type Assertions, nodeAssertions } from './assertions.js';
import { concurrency } from './store/concurrency.js';
import { deletion } from './store/deletion.js';
import {
  type Contract,
  type ContractTest,
  DEFAULT_CAPABILITIES,
  type MakeStoreHarness,
  type StoreCapabilities,
} from './store/harness.js';
import { hostileInput } from './store/hostile-input.js';
import { lifecycle } from './store/lifecycle.js';
import { reading } from './store/reading.js';
import { status } from './store/status.js';
import { watching } from './store/watching.js';
import { writing } from './store/writing.js';

/** One promise of a contract, as a test for whatever test runner there is. */
export interface ContractCase {
  /** The promise in a sentence, different from that of every other case. */
  readonly title: string;
  /** Rejects when the promise is broken, with what was seen in place of what was promised. */
  readonly run: () => Promise<void>;
  /** The same with the assertions of the runner, for runners that count them, as AVA does. */
  readonly runWith: (assertions: Assertions) => Promise<void>;
}

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
    test: (title, test) => cases.push(toCase(title, test, makeHarness)),
  };
  for (const register of [reading, writing, status, deletion, watching, concurrency, hostileInput, lifecycle])
    register(contract);
  return cases;
}

function toCase(title: string, test: ContractTest, makeHarness: MakeStoreHarness): ContractCase {
  const runWith = async (assertions: Assertions): Promise<void> => {
    const harness = await makeHarness();
    try {
      await test(assertions, harness);
    } finally {
      await harness.dispose();
    }
  };
  return { title, run: () => runWith(nodeAssertions), runWith };
}
