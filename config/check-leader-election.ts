import { type ElectionOptions, isObject, type JsonObject, timesFault } from '../kernel/index.js';
import type { Misfit } from './misfit.js';

/** The name of the store in which processes agree on a leader: the one that is said, or that is everybody's. */
export function electingStore({ leaderElection, triggerStore, defaultStore, stores }: JsonObject): string | undefined {
  if (!isObject(leaderElection)) return undefined;
  const only = Array.isArray(stores) && stores.length === 1 && isObject(stores[0]) ? stores[0].name : undefined;
  const found = leaderElection.store ?? triggerStore ?? defaultStore ?? only;
  return typeof found === 'string' ? found : undefined;
}

/** Checks that it is plain which store is meant, and that the times make sense together. */
export function checkLeaderElection(config: JsonObject): readonly Misfit[] {
  const { leaderElection } = config;
  if (!isObject(leaderElection)) return [];
  const { leaseSeconds, renewDeadlineSeconds, retrySeconds } = leaderElection as Partial<ElectionOptions>;
  const numbers = Number.isInteger(leaseSeconds) && [renewDeadlineSeconds, retrySeconds].every((one) => (one ?? 0) > 0);
  const fault = numbers ? timesFault(leaderElection as unknown as ElectionOptions) : undefined;
  return [
    ...(electingStore(config) === undefined ? [misfit('say in `store` which of the stores processes agree in')] : []),
    ...(fault === undefined ? [] : [misfit(fault)]),
  ];
}

function misfit(message: string): Misfit {
  return { code: 'schema', path: ['leaderElection'], message };
}
