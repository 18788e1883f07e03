import type { Clock } from '../contracts/clock.js';
import { isThenable } from './plugin-guard.js';

/** The clock as a plug-in gets it: what its timers throw is told with its name, and ends no process. */
export function guardedClock(clock: Clock, incident: (error: unknown) => void): Clock {
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    random: () => clock.random(),
    schedule: (ms, callback) =>
      clock.schedule(ms, () => {
        try {
          const result: unknown = callback();
          if (isThenable(result)) result.then(undefined, incident);
        } catch (error) {
          incident(error);
        }
      }),
  };
}
