import type { Assertions } from './assertions.js';
import { type ContractCase, contractCase } from './contract-case.js';
import { calling } from './resource-handler/calling.js';
import { concurrency } from './resource-handler/concurrency.js';
import { guarding } from './resource-handler/guarding.js';
import {
  DEFAULT_HANDLER_CAPABILITIES,
  type HandlerCapabilities,
  type HandlerContract,
  type HandlerHarness,
  HandlerSubject,
  type MakeHandlerHarness,
} from './resource-handler/harness.js';
import { hostileInput } from './resource-handler/hostile-input.js';
import { kinds } from './resource-handler/kinds.js';
import { reading } from './resource-handler/reading.js';
import { watching } from './resource-handler/watching.js';
import { writing } from './resource-handler/writing.js';

/**
 * A case for every promise of {@link ResourceHandler}, for one of its kinds. Each gets a harness of its own, around an empty
 * world, and disposes of it. Capabilities say where handlers may differ; there is no case for what a handler cannot do. Run
 * them one after the other: some count what keeps the process alive.
 *
 *     for (const { title, run } of resourceHandlerContract(makeHarness, { watches: false })) test(title, run);
 */
export function resourceHandlerContract(
  makeHarness: MakeHandlerHarness,
  capabilities: Partial<HandlerCapabilities> = {},
): readonly ContractCase[] {
  const cases: ContractCase[] = [];
  const contract: HandlerContract = {
    capabilities: { ...DEFAULT_HANDLER_CAPABILITIES, ...capabilities },
    test: (title, test) => {
      const run = async (t: Assertions, harness: HandlerHarness): Promise<void> => {
        const subject = new HandlerSubject(harness);
        await test(t, subject).finally(() => subject.end());
      };
      cases.push(contractCase(title, run, makeHarness));
    },
  };
  for (const register of [kinds, reading, writing, guarding, calling, concurrency, hostileInput, watching])
    register(contract);
  return cases;
}
