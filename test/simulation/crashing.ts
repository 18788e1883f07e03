import type { ExecutionContext } from 'ava';
import { type CrashPoint, type MemoryStore, SimulatedServer, type VirtualClock } from 'koreo-kernel/testing';
import { SimulatedProcess } from './simulated-process.js';

/** Long enough for a kernel to have done all that it can do, also one that starts anew meanwhile. */
const REST_MS = 60_000;
const RESTART_MS = 1000;

/** A part of a story: what people do, and what there is when a kernel has had time for it. */
export interface Chapter<T> {
  begin(): void;
  end(): T;
}

/** A world, not yet looked at by any kernel, and what becomes of it. */
export interface Story<T> {
  readonly clock: VirtualClock;
  readonly store: MemoryStore;
  readonly chapters: readonly Chapter<T>[];
}

interface Told<T> {
  readonly ends: readonly T[];
  readonly problems: readonly string[];
  /** How many writes its first process made. */
  readonly writes: number;
  readonly processes: number;
}

/**
 * Tells a story once without a crash, and then again and again with one, before and after each write that was made: each time
 * every chapter has to end as it did without. Gives these ends, and how many crashes there were.
 */
export async function crashAtEveryWrite<T>(
  t: ExecutionContext,
  title: string,
  begin: () => Story<T>,
): Promise<{ readonly ends: readonly T[]; readonly crashes: number }> {
  const whole = await tell(begin());
  t.deepEqual(whole.problems, [], `${title} without a crash`);
  let crashes = 0;
  for (let write = 1; write <= whole.writes; write += 1) {
    for (const moment of ['before', 'after'] as const) {
      const told = await tell(begin(), { write, moment });
      const where = `${title}, crash ${moment} write ${write}`;
      t.deepEqual(told.ends, whole.ends, where);
      t.deepEqual(told.problems, [], where);
      t.is(told.processes, 2, where);
      crashes += 1;
    }
  }
  return { ends: whole.ends, crashes };
}

async function tell<T>({ clock, store, chapters }: Story<T>, crashAt?: CrashPoint): Promise<Told<T>> {
  const server = new SimulatedServer(store, { clock });
  const again = () => clock.schedule(RESTART_MS, () => processes.push(new SimulatedProcess(server, clock)));
  const processes = [
    new SimulatedProcess(server, clock, crashAt === undefined ? {} : { crashAt, onCrash: () => void again() }),
  ];
  const ends: T[] = [];
  for (const chapter of chapters) {
    chapter.begin();
    await clock.advance(REST_MS);
    ends.push(chapter.end());
  }
  const problems = processes.flatMap((process) => process.problems);
  const writes = processes[0]?.connection.writes ?? 0;
  processes.at(-1)?.crash();
  return { ends, problems, writes, processes: processes.length };
}
