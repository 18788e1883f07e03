import { Command, Option } from 'commander';
import { type ConnectionOptions, type NamespaceOptions, withConnection, withNamespaces } from '../connection.js';
import type { Session } from '../session.js';

/** How `koreo prune` was called. */
export interface PruneOptions extends ConnectionOptions, NamespaceOptions {
  readonly output: 'text' | 'json' | 'yaml';
  readonly store?: string;
  readonly yes?: true;
}

const HELP = `
What is used begins with the Workflows that have a crdRef, or that a trigger chooses by its annotation, and goes on with all
that these refer to. Functions that manage something for a trigger now are used too. A FunctionTest uses nothing: it goes
with its function. What might be used stays: templates that an expression may name, what a definition mentions that is broken,
and copies that another namespace hides, as long as their name is used.

Nothing is removed without --yes, nor while something could not be read: it might refer to anything.

Examples:
  koreo prune                     what would be removed, and why
  koreo prune --yes
  koreo prune -n team-blue --context prod -o json

Exit codes: 0 shown or removed; 1 something could not be read or removed; 2 wrong usage or configuration.`;

/** `koreo prune`: removes definitions that nothing uses. */
export function pruneCommand(session: Session): Command {
  const command = new Command('prune')
    .summary('remove definitions that nothing uses')
    .description('Shows the definitions that no trigger can come to use, and with --yes removes them.')
    .option('-y, --yes', 'do remove them')
    .option('--store <name>', 'only those of this store')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json', 'yaml']).default('text'));
  withNamespaces(command, { one: 'only those of this namespace', all: 'those of all namespaces (the default)' });
  return withConnection(command)
    .addHelpText('after', HELP)
    .action(async (options: PruneOptions) => {
      const { prune } = await import('../prune/prune.js');
      session.exitCode = await prune(session, options);
    });
}
