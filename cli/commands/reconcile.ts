import { Command, Option } from 'commander';
import { type ConnectionOptions, type NamespaceOptions, withConnection, withNamespaces } from '../connection.js';
import { parseDuration } from '../duration.js';
import type { Session } from '../session.js';

/** How `koreo reconcile` was called. */
export interface ReconcileOptions extends ConnectionOptions, NamespaceOptions {
  readonly output: 'text' | 'json';
  readonly store?: string;
  /** False with `--no-wait`. */
  readonly wait: boolean;
  /** Seconds. */
  readonly timeout: number;
}

const HELP = `
Asks for a run of the trigger now, by the annotation koreo.dev/reconcile-requested-at, and waits until the process that runs
the loop has answered. It tells what the run came to; a Retry is an answer too.

Examples:
  koreo reconcile order 1003
  koreo reconcile webservice/shop -n prod --context kind-dev --timeout 2m
  koreo reconcile order 1003 --no-wait

Exit codes: 0 Ready or skipped (with --no-wait: it was asked for); 1 not, or there was no answer in time, or there is no such
resource; 2 wrong usage or configuration.`;

/** `koreo reconcile`: a run now, and its answer. */
export function reconcileCommand(session: Session): Command {
  const command = new Command('reconcile')
    .summary('ask for a run now, and wait for its outcome')
    .description('Asks for a run of a trigger now, and waits for what it comes to.')
    .argument('<kind>', 'the kind, or KIND/NAME')
    .argument('[name]', 'the trigger')
    .addOption(new Option('--timeout <time>', 'how long to wait: 90s, 2m').default(60, '60s').argParser(parseDuration))
    .option('--no-wait', 'do not wait for the answer')
    .option('--store <name>', 'only look in this store')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', HELP)
    .action(async (kind: string, name: string | undefined, options: ReconcileOptions) => {
      const { reconcile } = await import('../reconcile/reconcile.js');
      session.exitCode = await reconcile(session, { kind, name }, options);
    });
  withNamespaces(command, { one: 'its namespace', all: 'look in all namespaces' });
  return withConnection(command);
}
