import { setTimeout as after } from 'node:timers/promises';

/**
 * Asks again and again until the answer is neither undefined nor false, and gives it: for what lives in other processes
 * and tells nobody. An ask that rejects is asked again. @throws Error that says what did not come, after `timeoutMs`
 */
export async function eventually<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = 45_000,
): Promise<T> {
  const limit = Date.now() + timeoutMs;
  let last: unknown;
  while (Date.now() < limit) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await after(50);
  }
  const why = last instanceof Error ? `; last: ${last.message}` : '';
  throw new Error(`not within ${timeoutMs} ms: ${what}${why}`);
}
