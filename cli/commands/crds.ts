import { Command, Option } from 'commander';
import type { Session } from '../session.js';

/** How `koreo crds` was called. */
export interface CrdsOptions {
  readonly output: 'yaml' | 'json';
}

const HELP = `
With them in a cluster, definitions are resources like any other: kubectl get workflows. They are made from the schemas that
koreo validate goes by, so that a file is judged alike with and without a cluster. Their rules in CEL need Kubernetes 1.25 or
newer; an older API server takes them only with kubectl create --validate=false, and leaves the rules out.

Examples:
  koreo crds | kubectl apply --server-side -f -
  koreo crds -o json | jq -r '.items[].metadata.name'

Exit codes: 0 printed; 2 wrong usage.`;

/** `koreo crds`: the CustomResourceDefinitions of all kinds of definition. */
export function crdsCommand(session: Session): Command {
  return new Command('crds')
    .summary('print the CRDs of definitions')
    .description('Prints the CustomResourceDefinitions of Workflows, functions, templates and tests.')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['yaml', 'json']).default('yaml'))
    .addHelpText('after', HELP)
    .action(async ({ output }: CrdsOptions) => {
      const { printCrds } = await import('../crds/print-crds.js');
      session.exitCode = printCrds(session.terminal, output);
    });
}
