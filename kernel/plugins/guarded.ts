import type { Clock } from '../contracts/clock.js';
import type { PluginLifecycle } from '../contracts/plugin.js';
import type { RunObserver } from '../contracts/run-report.js';
import type { ContributionKind, Contributions } from './contributions.js';
import { guardedEngine } from './guarded-engine.js';
import { guardedFunction } from './guarded-function.js';
import { GuardedHandler } from './guarded-handler.js';
import { guardedStoreType } from './guarded-store-type.js';
import { isThenable, type PluginGuard } from './plugin-guard.js';

type Guards = {
  readonly [K in ContributionKind]: (value: Contributions[K], guard: PluginGuard, clock: Clock) => Contributions[K];
};

const guards: Guards = {
  engine: guardedEngine,
  function: guardedFunction,
  resourceHandler: (handler, guard, clock) => new GuardedHandler(handler, guard, clock),
  storeType: guardedStoreType,
  observer: guardedObserver,
  // What starts and stops plug-ins deals with what they throw then.
  lifecycle: (lifecycle: PluginLifecycle) => lifecycle,
};

/** What a plug-in brings, behind its guard. */
export function guarded<K extends ContributionKind>(
  kind: K,
  value: Contributions[K],
  guard: PluginGuard,
  clock: Clock,
): Contributions[K] {
  return guards[kind](value, guard, clock);
}

/** An observer that never throws, neither now nor later. */
function guardedObserver(observer: RunObserver, guard: PluginGuard): RunObserver {
  const { name } = observer;
  const failed = (error: unknown): void => guard.incident(`the observer '${name}'`, error);
  return {
    name,
    onRun(report) {
      if (guard.outage !== undefined) return;
      try {
        const result: unknown = observer.onRun(report);
        if (isThenable(result)) result.then(undefined, failed);
      } catch (error) {
        failed(error);
      }
    },
  };
}
