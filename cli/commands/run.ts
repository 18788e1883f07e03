import { Command, Option } from 'commander';
import { type ConnectionOptions, type NamespaceOptions, withConnection, withNamespaces } from '../connection.js';
import type { Session } from '../session.js';

/** How `koreo run` was called. */
export interface RunOptions extends ConnectionOptions, NamespaceOptions {
  /** Absent: as the configuration says. */
  readonly output?: 'text' | 'json';
  readonly once?: true;
}

const HELP = `
Watches definitions and triggers, and runs the Workflow of each trigger whenever something changes that matters to it.
A line for each run: the trigger, what it came to, what was created, patched and deleted, and how long it took; not for
those that found everything as it was, unless the configuration or LOG_LEVEL asks for debug. Problems of definitions and
stores are told when they arise and when they are solved; meanwhile everything else goes on.

SIGINT (Ctrl+C) and SIGTERM let runs end, then it ends; a second one ends it at once.

Examples:
  koreo run                        as koreo.config.yaml says, or else with this folder as the only store
  koreo run --config prod.yaml
  koreo run --context kind-dev     the controller of a cluster
  koreo run --once                 until nothing is left to do now; for scripts and CI
  koreo run -o json                one JSON object a line, to be read by programs

Exit codes: 0 it was stopped; 2 wrong usage or configuration. With --once 0 when every trigger is Ready or skipped, 1 when
one is not (a Retry whose delay is not over yet counts as not), or when there is none and something could not be read.`;

/** `koreo run`: the control loop. */
export function runCommand(session: Session): Command {
  const command = new Command('run')
    .summary('run the control loop')
    .description('Runs Workflows for their triggers, now and whenever something changes.')
    .option('--once', 'end when nothing is left to do now')
    .addOption(
      new Option('-o, --output <format>', 'how to print (default: `logging.format`, or else text)').choices([
        'text',
        'json',
      ]),
    )
    .addHelpText('after', HELP)
    .action(async (options: RunOptions) => {
      const { runKernel } = await import('../run/run-kernel.js');
      session.exitCode = await runKernel(session, options);
    });
  withNamespaces(command, { one: 'only this namespace of the cluster', all: 'all namespaces (the default)' });
  return withConnection(command);
}
