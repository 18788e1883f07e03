import { Command, Option } from 'commander';
import { type ConnectionOptions, type NamespaceOptions, withConnection } from '../connection.js';
import { parseDuration } from '../duration.js';
import type { Session } from '../session.js';
import { UsageError } from '../usage-error.js';

/** How `koreo apply` was called. */
export interface ApplyOptions extends ConnectionOptions, Pick<NamespaceOptions, 'namespace'> {
  readonly output: 'text' | 'json' | 'yaml' | 'name';
  readonly filename: readonly string[];
  readonly store?: string;
  readonly dryRun?: true;
  readonly validate: 'strict' | 'warn' | 'ignore';
  readonly forceConflicts?: true;
  readonly set?: string;
  readonly prune?: true;
  readonly yes?: true;
  /** Seconds. */
  readonly timeout: number;
}

const HELP = `
Applies every resource of the files: makes it where it is missing, and else makes the fields that the file names as the
file says. Namespaces and CustomResourceDefinitions come first (and are waited for), then what Kubernetes itself knows,
then definitions, then all others, triggers among them. Definitions go to the first store that the configuration names
for definitions, all others where its routing says.

Definitions are checked first, together with those that are there. A broken one keeps all from being applied, unless
--validate says otherwise. One that refers to what is not there yet is told, and applied.

In a cluster the API server merges (server-side apply, as field manager koreo-apply). Fields that others have set to
something else are conflicts, told with who has set them; --force-conflicts takes them.

--prune removes what an earlier apply of the same set (--set NAME) put there and the files do not hold any more. It shows
what that would be, and does it with --yes.

Examples:
  koreo apply definitions/ --context kind-dev -n platform
  koreo apply definitions/ triggers/web.yaml --dry-run
  koreo crds | koreo apply -f - --context kind-dev
  koreo apply . --set shop --prune --yes

Exit codes: 0 all is applied; 1 something could not be, or a definition is broken; 2 wrong usage or configuration.`;

/** `koreo apply`: resources of files into the stores. */
export function applyCommand(session: Session): Command {
  const command = new Command('apply')
    .summary('put definitions, triggers and other resources of files into the stores')
    .description('Applies the resources of files and folders to a cluster, or to the configured stores.')
    .argument('[path...]', 'files and folders; - for standard input')
    .addOption(
      new Option('-f, --filename <path>', 'the same, as kubectl has it')
        .argParser((path: string, before: readonly string[]) => [...before, path])
        .default([], ''),
    )
    .option('-n, --namespace <namespace>', 'the namespace of what names none')
    .option('--dry-run', 'show what would be made and changed, with the paths that differ; write nothing')
    .addOption(
      new Option('--validate <how>', 'what a broken definition does')
        .choices(['strict', 'warn', 'ignore'])
        .default('strict'),
    )
    .option('--force-conflicts', 'take fields that others have set to something else')
    .option('--set <name>', 'the name of this set of resources, for --prune')
    .option('--prune', 'remove what was applied as this set before and is not in the files')
    .option('-y, --yes', 'do remove it')
    .addOption(
      new Option('--timeout <time>', 'how long to wait for a new kind').default(30, '30s').argParser(parseDuration),
    )
    .option('--store <name>', 'apply all to this store')
    .addOption(
      new Option('-o, --output <format>', 'how to print').choices(['text', 'name', 'json', 'yaml']).default('text'),
    )
    .addHelpText('after', HELP)
    .action(async (paths: readonly string[], options: ApplyOptions) => {
      const all = [...paths, ...options.filename];
      if (all.length === 0)
        throw new UsageError('what is to be applied? Name files or folders, or - for standard input');
      if (options.prune === true && options.set === undefined) {
        throw new UsageError('--prune needs --set NAME: only what was applied under that name before is removed');
      }
      const { apply } = await import('../apply/apply.js');
      session.exitCode = await apply(session, all, options);
    });
  return withConnection(command);
}
