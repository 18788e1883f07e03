import { Command, Option } from 'commander';
import { type ConnectionOptions, type NamespaceOptions, withConnection, withNamespaces } from '../connection.js';
import type { Session } from '../session.js';

/** How `koreo get` was called. */
export interface GetOptions extends ConnectionOptions, NamespaceOptions {
  readonly output: 'text' | 'json' | 'yaml' | 'wide';
  readonly allNamespaces?: true;
  readonly store?: string;
}

const HELP = `
KIND is a kind in any case (Deployment), its plural (deployments), or either with its group (deployments.apps). All
namespaces are shown unless -n names one. Definitions are resources too: koreo get workflows.

Columns: READY and REASON are the trigger's condition, or whether a definition can be used and why not; AGE is since it was
created, or where the store cannot know that, since READY last changed; MANAGED is what the last run of the trigger was
about. -o wide adds the store, the Workflow and the condition's message.

Examples:
  koreo get orders
  koreo get deployment web -n shop -o yaml
  koreo get workflows -o wide
  koreo get configmap --store out -o json

Exit codes: 0 shown (an empty list too); 1 there is no such kind or resource; 2 wrong usage or configuration.`;

/** `koreo get`: the resources of the configured stores. */
export function getCommand(session: Session): Command {
  const command = new Command('get')
    .summary('show resources and how they are')
    .description('Shows resources of the configured stores, with the status that the kernel gave them.')
    .argument('<kind>', 'the kind')
    .argument('[name]', 'one resource; else all')
    .option('--store <name>', 'only of this store')
    .addOption(
      new Option('-o, --output <format>', 'how to print').choices(['text', 'json', 'yaml', 'wide']).default('text'),
    )
    .addHelpText('after', HELP)
    .action(async (kind: string, name: string | undefined, options: GetOptions) => {
      const { getResources } = await import('../get/get-resources.js');
      session.exitCode = await getResources(session, { kind, ...(name === undefined ? {} : { name }) }, options);
    });
  withNamespaces(command, { one: 'only of this namespace', all: 'of all namespaces (the default)' });
  return withConnection(command);
}
