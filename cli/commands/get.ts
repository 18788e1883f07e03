import { Command, Option } from 'commander';
import { type ConnectionOptions, type NamespaceOptions, withConnection, withNamespaces } from '../connection.js';
import type { Session } from '../session.js';

/** How `koreo get` was called. */
export interface GetOptions extends ConnectionOptions, NamespaceOptions {
  readonly output: 'text' | 'json' | 'yaml' | 'wide' | 'name';
  readonly selector?: string;
  readonly allNamespaces?: true;
  readonly store?: string;
}

const HELP = `
KIND is a kind in any case (Deployment), its plural (deployments), a short name (deploy), or any of these with its group
(deployments.apps); several are joined by commas. KIND/NAME says both. Definitions are resources too: koreo get workflows.

Without -n and -A, a cluster shows the namespace of the context, as kubectl does; files and JSON show all namespaces.

Columns: READY and REASON are the trigger's condition, or whether a definition can be used and why not; AGE is since it was
created, or where the store cannot know that, since READY last changed; MANAGED is what the last run of the trigger was
about. Deployments, Pods, Jobs and the like are ready when their own status says so. -o wide adds the store, the Workflow and the condition's message.

Examples:
  koreo get orders
  koreo get deployment web -n shop -o yaml
  koreo get workflows,valuefunctions -A -o wide
  koreo get orders -l tier=gold --context kind-dev
  koreo get configmap --store out -o json

Exit codes: 0 shown (an empty list too); 1 there is no such kind or resource; 2 wrong usage or configuration.`;

/** `koreo get`: the resources of the configured stores. */
export function getCommand(session: Session): Command {
  const command = new Command('get')
    .summary('show resources and how they are')
    .description('Shows resources of the configured stores, with the status that the kernel gave them.')
    .argument('<kind>', 'the kind, or KIND/NAME')
    .argument('[name...]', 'some resources of it; else all')
    .option('-l, --selector <labels>', 'only those with these labels: key=value, joined by commas')
    .option('--store <name>', 'only of this store')
    .addOption(
      new Option('-o, --output <format>', 'how to print')
        .choices(['text', 'wide', 'name', 'json', 'yaml'])
        .default('text'),
    )
    .addHelpText('after', HELP)
    .action(async (kind: string, names: readonly string[], options: GetOptions) => {
      const { getResources } = await import('../get/get-resources.js');
      session.exitCode = await getResources(session, [kind, ...names], options);
    });
  withNamespaces(command, { one: 'only of this namespace', all: 'of all namespaces (the default for files and JSON)' });
  return withConnection(command);
}
