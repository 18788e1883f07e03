import type { StoreHealth } from '../../kernel/plugin.js';
import type { Reach } from './api/reachability.js';

/** What the calls and the watches have found, taken together. */
export function overallHealth(reach: Reach, watches: StoreHealth): StoreHealth {
  const { problems } = watches;
  if (reach.type === 'failed') return { state: 'degraded', message: reach.why, problems };
  if (watches.state !== 'healthy') return watches;
  return { state: reach.type === 'unknown' ? 'starting' : 'healthy', problems };
}

/** Whether two say the same. */
export function sameHealth(a: StoreHealth, b: StoreHealth): boolean {
  return a.state === b.state && a.message === b.message && a.problems === b.problems;
}
