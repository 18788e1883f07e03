import { type LoadedConfig, toKernelOptions } from '../../config/index.js';
import { createKernel, type LeadershipTerm, SystemClock } from '../../kernel/index.js';
import type { RunOptions } from '../commands/run.js';
import { loadController } from '../deployment.js';
import { ExitCode } from '../exit-code.js';
import { DutyBoard } from '../serve/duty.js';
import type { HealthServer } from '../serve/health-server.js';
import type { Session } from '../session.js';
import { version } from '../version.js';
import { live, type Surroundings } from './kernel-life.js';
import { Leadership } from './leadership.js';
import { openLog } from './open-log.js';
import type { RunLog } from './run-log.js';

/**
 * Runs a kernel until the process is stopped, or until nothing is left to do; where processes agree on a leader, one for each
 * term of this one. @throws ConfigError, KernelConfigurationError
 */
export async function runKernel(session: Session, options: RunOptions): Promise<ExitCode> {
  const { terminal, cwd, environment } = session;
  const once = options.once === true;
  const loaded = await loadController(session, options);
  const log = openLog(terminal, loaded.config.logging, options.output);
  const duty = new DutyBoard();
  const stop = terminal.stopSignal();
  const surroundings = { terminal, folders: { baseDirectory: loaded.baseDirectory, cwd }, log, duty, once, stop };
  const leadership = Leadership.open(loaded, environment, { log, duty });
  let server: HealthServer | undefined;
  try {
    server = await serve(duty, loaded, log);
    const code =
      leadership === undefined
        ? await liveIn(undefined, loaded, surroundings)
        : await liveInTerms(leadership, loaded, surroundings);
    return code ?? (once ? ExitCode.failed : ExitCode.ok);
  } finally {
    await leadership?.close();
    await server?.close();
  }
}

/** A kernel has nothing to go back to when its term is over: the world may have changed at other hands, so a new one begins. */
async function liveInTerms(
  leadership: Leadership,
  loaded: LoadedConfig,
  surroundings: Surroundings,
): Promise<ExitCode | undefined> {
  const { stop } = surroundings;
  while (!stop.aborted) {
    const term = await leadership.next(stop);
    const code = term && (await liveIn(term, loaded, surroundings));
    if (code !== undefined) return code;
  }
  return undefined;
}

function liveIn(
  fence: LeadershipTerm | undefined,
  loaded: LoadedConfig,
  surroundings: Surroundings,
): Promise<ExitCode | undefined> {
  const kernel = createKernel({ ...toKernelOptions(loaded), ...(fence && { fence }) });
  return live(kernel, surroundings, fence);
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
