import { type Command, Option } from 'commander';

/** Which deployment a command is about: a configuration file, or a cluster, or the two together. */
export interface ConnectionOptions {
  readonly config?: string;
  readonly context?: string;
  readonly kubeconfig?: string;
}

/** Which namespaces a command is about. */
export interface NamespaceOptions {
  readonly namespace?: string;
  readonly allNamespaces?: true;
}

/** Gives a command the options that say which deployment it is about. */
export function withConnection(command: Command): Command {
  return command
    .option('--context <name>', 'a context of the kubeconfig: this cluster')
    .option('--kubeconfig <file>', 'the kubeconfig (default: KUBECONFIG, or ~/.kube/config)')
    .option('--config <file>', 'the configuration (default: koreo.config.yaml, where there is one)');
}

/** Gives a command `-n` and `-A`, which exclude each other. */
export function withNamespaces(
  command: Command,
  { one, all }: { readonly one: string; readonly all: string },
): Command {
  return command
    .option('-n, --namespace <namespace>', one)
    .addOption(new Option('-A, --all-namespaces', all).conflicts('namespace'));
}
