import { filter, firstValueFrom, Subscription } from 'rxjs';
import { type Kernel, type LeadershipTerm, problemsOf, type StoreHealth } from '../../kernel/index.js';
import { ExitCode } from '../exit-code.js';
import { type Folders, fromHere } from '../problems.js';
import { withProgress } from '../progress.js';
import type { DutyBoard } from '../serve/duty.js';
import type { Terminal } from '../terminal.js';
import { ProblemBoard, storeProblems } from './problem-board.js';
import { isDeletion, type RunLog, type TriggerCount } from './run-log.js';

/** What kernels live in, one after the other. */
export interface Surroundings {
  readonly terminal: Terminal;
  readonly folders: Folders;
  readonly log: RunLog;
  readonly duty: DutyBoard;
  /** Whether a kernel has done its work when nothing is left to do. */
  readonly once: boolean;
  /** Aborted when the process is to end. */
  readonly stop: AbortSignal;
}

/**
 * Runs one kernel from its start to its stop: until the process is to end, until the term is over that it runs in, or
 * until its work is done; only then there is something to exit with. Gives the term up when the last write has ended.
 */
export async function live(
  kernel: Kernel,
  { terminal, folders, log, duty, once, stop }: Surroundings,
  term: LeadershipTerm | undefined,
): Promise<ExitCode | undefined> {
  const board = new ProblemBoard((state, problem) => log.problem(state, fromHere(problem, folders)));
  const told = tell(kernel, log, board);
  let deleted = 0;
  told.add(
    kernel.reports.subscribe((report) => {
      if (isDeletion(report)) deleted += 1;
    }),
  );
  const over = term === undefined ? stop : AbortSignal.any([stop, term.ended]);
  const ended = aborted(over);
  duty.set({ type: 'working', kernel, elected: term !== undefined });
  try {
    const ends = once ? [ended, whenStranded(kernel)] : [ended];
    await withProgress(terminal, 'reading stores', Promise.race([kernel.start(), ...ends]));
    if (!over.aborted) log.started({ stores: kernel.stores.size, once });
    await Promise.race(once ? [kernel.whenIdle(), ...ends] : ends);
    if (!over.aborted) return finish(kernel, { ...countTriggers(kernel), deleted }, { log, board });
    if (stop.aborted) log.stopping();
    return undefined;
  } finally {
    board.close();
    duty.stopping();
    const { brokenOff } = await kernel.stop(term?.ended.aborted ? { graceMs: 0 } : {});
    told.unsubscribe();
    // A write of a run that was broken off may be on its way still: then the others wait for the term to run out.
    if (brokenOff === 0) await term?.release();
  }
}

/** Resolves when the signal is aborted. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
}

/** Tells the log all that goes on in the kernel. */
function tell(kernel: Kernel, log: RunLog, board: ProblemBoard): Subscription {
  const told = new Subscription();
  told.add(kernel.reports.subscribe((report) => log.run(report)));
  told.add(kernel.incidents.subscribe((incident) => log.incident(incident)));
  told.add(kernel.definitions.subscribe((definitions) => board.set('definitions', problemsOf(definitions))));
  told.add(
    kernel.storeHealth.subscribe((stores) => {
      for (const [name, health] of stores) board.set(`store ${name}`, storeProblems(name, health));
    }),
  );
  return told;
}

/**
 * Resolves when a store will tell nothing in the life of this kernel, as its plug-in is out: whoever waits for all to be done
 * would wait for ever.
 */
async function whenStranded(kernel: Kernel): Promise<void> {
  const isOut = ({ message }: StoreHealth): boolean =>
    message !== undefined && kernel.plugins().some(({ outage }) => outage === message);
  const stranded = kernel.storeHealth.pipe(filter((stores) => [...stores.values()].some((one) => isOut(one))));
  await firstValueFrom(stranded, { defaultValue: undefined });
}

/** What is asked of `--once`: that every trigger was run and came to Ready or was skipped. */
function countTriggers(kernel: Kernel): Omit<TriggerCount, 'deleted'> {
  const triggers = kernel.triggers();
  return { triggers: triggers.length, ready: triggers.filter(({ ready }) => ready).length };
}

function finish(
  kernel: Kernel,
  count: TriggerCount,
  { log, board }: { readonly log: RunLog; readonly board: ProblemBoard },
): ExitCode {
  log.finished(count);
  // Whatever a plug-in was to do, it has not done it.
  if (kernel.plugins().some(({ outage }) => outage !== undefined)) return ExitCode.failed;
  // Triggers and Workflows that cannot be read are none that are Ready.
  if (count.triggers === 0 && !board.isEmpty) return ExitCode.failed;
  return count.ready === count.triggers ? ExitCode.ok : ExitCode.failed;
}
