import { Command, Option } from 'commander';
import { type ConnectionOptions, withConnection } from '../connection.js';
import type { Session } from '../session.js';

/** How `koreo crd-for` was called. */
export interface CrdForOptions extends ConnectionOptions {
  readonly plural?: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly output: 'yaml' | 'json';
}

const HELP = `
The schema of spec has what the Workflow reads of its trigger, its functions and sub-Workflows too, as far as values are passed
on as they are. What is read without asking first whether it is there is required; what may be missing in truth, behind
a condition say, is for you to take out of the list. What is used in no way that tells its type may be anything.

Examples:
  koreo crd-for order.v1
  koreo crd-for web-service.v1 definitions/ | kubectl apply --server-side -f -
  koreo crd-for cluster.v1 --scope Cluster --plural clusters

Exit codes: 0 printed; 1 there is no such Workflow; 2 wrong usage or configuration, or a Workflow that cannot be used.`;

/** `koreo crd-for`: a CRD of the kind that starts a Workflow. */
export function crdForCommand(session: Session): Command {
  const command = new Command('crd-for')
    .summary('print a CRD for what starts a Workflow')
    .description('Prints a CustomResourceDefinition of the kind that starts a Workflow, from what is read of it.')
    .argument('<workflow>', 'its name')
    .argument('[path...]', 'files and folders that hold the definitions')
    .option('--plural <plural>', 'the plural of the kind (default: as English has it)')
    .addOption(
      new Option('--scope <scope>', 'where resources of the kind lie')
        .choices(['Namespaced', 'Cluster'])
        .default('Namespaced'),
    )
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['yaml', 'json']).default('yaml'));
  return withConnection(command)
    .addHelpText('after', HELP)
    .action(async (workflow: string, paths: readonly string[], options: CrdForOptions) => {
      const { printTriggerCrd } = await import('../crd-for/print-trigger-crd.js');
      session.exitCode = await printTriggerCrd(session, { workflow, paths }, options);
    });
}
