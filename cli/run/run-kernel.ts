import { Subscription } from 'rxjs';
import { type LoadedConfig, toKernelOptions } from '../../config/index.js';
import { createKernel, type Kernel, problemsOf, SystemClock } from '../../kernel/index.js';
import type { RunOptions } from '../commands/run.js';
import { loadController } from '../deployment.js';
import { ExitCode } from '../exit-code.js';
import { type Folders, fromHere } from '../problems.js';
import { withProgress } from '../progress.js';
import { DutyBoard } from '../serve/duty.js';
import type { HealthServer } from '../serve/health-server.js';
import type { Session } from '../session.js';
import { stopSignal } from '../stop-signal.js';
import { version } from '../version.js';
import { JsonLog } from './json-log.js';
import { ProblemBoard, storeProblems } from './problem-board.js';
import type { RunLog, TriggerCount } from './run-log.js';
import { TextLog } from './text-log.js';

/** Runs a kernel until it is stopped, or until nothing is left to do. @throws ConfigError, KernelConfigurationError */
export async function runKernel(session: Session, options: RunOptions): Promise<ExitCode> {
  const { terminal, cwd } = session;
  const { once, output } = options;
  const loaded = await loadController(session, options);
  const log = output === 'json' ? new JsonLog(terminal) : new TextLog(terminal);
  const kernel = createKernel(toKernelOptions(loaded));
  const duty = new DutyBoard();
  const folders: Folders = { baseDirectory: loaded.baseDirectory, cwd };
  const board = new ProblemBoard((state, problem) => log.problem(state, fromHere(problem, folders)));
  const told = tell(kernel, log, board);
  const stop = stopSignal(terminal.closed);
  const stopped = new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
  let server: HealthServer | undefined;
  try {
    server = await serve(duty, loaded, log);
    duty.set({ type: 'working', kernel, elected: false });
    await withProgress(terminal, 'reading stores', Promise.race([kernel.start(), stopped]));
    if (!stop.aborted) log.started({ stores: kernel.stores.size, once: once === true });
    await Promise.race(once === true ? [kernel.whenIdle(), stopped] : [stopped]);
    if (!stop.aborted) return finish(log, countTriggers(kernel), board);
    duty.stopping();
    log.stopping();
    return once === true ? ExitCode.failed : ExitCode.ok;
  } finally {
    await kernel.stop();
    told.unsubscribe();
    await server?.close();
  }
}

/** Begins to answer probes and metrics, where the configuration asks for it. @throws ServerError */
async function serve(board: DutyBoard, { config }: LoadedConfig, log: RunLog): Promise<HealthServer | undefined> {
  if (config.server === undefined) return undefined;
  const { serveHealth } = await import('../serve/health-server.js');
  const { stepTimeoutSeconds } = config.loop;
  const clock = new SystemClock();
  const server = await serveHealth(board, { ...config.server, stepTimeoutSeconds, clock, version: version() });
  log.serving(server.url);
  return server;
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

/** What is asked of `--once`: that every trigger was run and came to Ready or was skipped. */
function countTriggers(kernel: Kernel): TriggerCount {
  const triggers = kernel.triggers();
  return { triggers: triggers.length, ready: triggers.filter(({ ready }) => ready).length };
}

function finish(log: RunLog, count: TriggerCount, board: ProblemBoard): ExitCode {
  log.finished(count);
  // Triggers and Workflows that cannot be read are none that are Ready.
  if (count.triggers === 0 && !board.isEmpty) return ExitCode.failed;
  return count.ready === count.triggers ? ExitCode.ok : ExitCode.failed;
}
