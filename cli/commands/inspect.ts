import { Command, Option } from 'commander';
import { type ConnectionOptions, type NamespaceOptions, withConnection, withNamespaces } from '../connection.js';
import type { Session } from '../session.js';

/** How `koreo inspect` was called. */
export interface InspectOptions extends ConnectionOptions, NamespaceOptions {
  readonly output: 'text' | 'json' | 'yaml';
  /** How often `-v` was given. */
  readonly verbose: number;
  readonly store?: string;
  readonly watch?: true;
}

const HELP = `
Shows a trigger with its conditions, and what its Workflow manages, step by step, each looked up in its store: whether it is
there, how it is by its own status, who owns it, and where it differs from what was last applied to it.

  -v    messages, times, functions and owners
  -vv   the state, the last errors, and the values that differ
  -vvv  every resource in full

Values of Secrets are hidden at every level.

Examples:
  koreo inspect order 1003
  koreo inspect webservice/shop -n prod --context kind-dev -vv
  koreo inspect order 1003 -o json
  koreo inspect order 1003 --watch

Exit codes: 0 it is Ready; 1 it is not, or there is no such resource; 2 wrong usage or configuration.`;

/** `koreo inspect`: a trigger and all that is managed for it. */
export function inspectCommand(session: Session): Command {
  const command = new Command('inspect')
    .summary('show a trigger, its conditions and what it manages')
    .description('Shows a trigger with its conditions and the tree of what is managed for it.')
    .argument('<kind>', 'the kind, or KIND/NAME')
    .argument('[name]', 'the trigger')
    .addOption(
      new Option('-v, --verbose', 'show more; -vv and -vvv still more')
        .default(0, '')
        .argParser((_value, before: number) => before + 1),
    )
    .option('-w, --watch', 'again after each change, until it is stopped')
    .option('--store <name>', 'only look in this store')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json', 'yaml']).default('text'))
    .addHelpText('after', HELP)
    .action(async (kind: string, name: string | undefined, options: InspectOptions) => {
      const { inspect } = await import('../inspect/inspect.js');
      session.exitCode = await inspect(session, { kind, name }, options);
    });
  withNamespaces(command, { one: 'its namespace', all: 'look in all namespaces' });
  return withConnection(command);
}
