import { equalJson, type Json, type StoreHealth } from '../../kernel/plugin.js';
import type { Reach } from './api/reachability.js';

/** What the calls and the watches of a store have found, taken together. */
export function overallHealth(store: string, reach: Reach, watches: StoreHealth): StoreHealth {
  const problems = watches.problems.map((problem) => ({ ...problem, store }));
  // Watches that fail know more than the last call does: since when, and for what.
  if (watches.state === 'degraded' && watches.message !== undefined) return { ...watches, problems };
  if (reach.type === 'failed') return { state: 'degraded', message: reach.why, problems };
  if (watches.state !== 'healthy') return { ...watches, problems };
  return { state: reach.type === 'unknown' ? 'starting' : 'healthy', problems };
}

/** Whether two say the same. */
export function sameHealth(a: StoreHealth, b: StoreHealth): boolean {
  return equalJson(a as unknown as Json, b as unknown as Json);
}
