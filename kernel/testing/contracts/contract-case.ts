import { type Assertions, nodeAssertions } from './assertions.js';

/** One promise of a contract, as a test for whatever test runner there is. */
export interface ContractCase {
  /** The promise in a sentence, different from that of every other case. */
  readonly title: string;
  /** Rejects when the promise is broken, with what was seen in place of what was promised. */
  readonly run: () => Promise<void>;
  /** The same with the assertions of the runner, for runners that count them, as AVA does. */
  readonly runWith: (assertions: Assertions) => Promise<void>;
}

/** What a case is run in: made for it alone, and disposed of afterwards. */
interface Disposable {
  dispose(): Promise<void>;
}

/** A case that gets a harness of its own. */
export function contractCase<Harness extends Disposable>(
  title: string,
  test: (t: Assertions, harness: Harness) => Promise<void>,
  makeHarness: () => Promise<Harness>,
): ContractCase {
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
