import fc from 'fast-check';

const { KOREO_TEST_SEED = '20261' } = process.env;

/**
 * What is left to chance in tests follows from this number, and so is the same each time: a change is judged by what it does,
 * and not by luck. `KOREO_TEST_SEED` gives another one, and `random` a new one for each test.
 */
export const testSeed = KOREO_TEST_SEED === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(KOREO_TEST_SEED);
if (!Number.isInteger(testSeed))
  throw new RangeError(`KOREO_TEST_SEED=${KOREO_TEST_SEED} is neither a whole number nor random`);

if (KOREO_TEST_SEED !== 'random') fc.configureGlobal({ seed: testSeed });

export { fc };
