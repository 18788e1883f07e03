import { Command, Option } from 'commander';
import { type ConnectionOptions, type NamespaceOptions, withConnection, withNamespaces } from '../connection.js';
import type { Session } from '../session.js';

/** How `koreo validate` was called. */
export interface ValidateOptions extends ConnectionOptions, NamespaceOptions {
  readonly output: 'text' | 'json';
}

const HELP = `
Everything that \`koreo run\` would find wrong before it runs anything: fields that a definition does not have, expressions
that do not parse, references to what is not there, circles. All of it at once, each with file, line and column.

Files are read by their ending: .koreo .k .k.yaml .k.yml .yaml .yml .json. What is no definition in them is left alone.

Examples:
  koreo validate                    what koreo.config.yaml names, or else this folder
  koreo validate definitions/       a folder, with all that is in it
  koreo validate a.koreo b.koreo -o json
  koreo validate --context kind-dev the definitions of a cluster

With -o json: {"problems": [{"file", "line", "column", "definition", "message"}]}

Exit codes: 0 nothing is wrong; 1 there are problems; 2 wrong usage or configuration.`;

/** `koreo validate`: what is wrong with definitions, without running any. */
export function validateCommand(session: Session): Command {
  const command = new Command('validate')
    .summary('say what is wrong with definitions')
    .description('Prepares definitions without running them, and tells every problem.')
    .argument('[path...]', 'files and folders')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', HELP)
    .action(async (paths: readonly string[], options: ValidateOptions) => {
      const { validate } = await import('../validation/validate.js');
      session.exitCode = await validate(session, paths, options);
    });
  withNamespaces(command, {
    one: 'only definitions of this namespace of the cluster',
    all: 'those of all namespaces (the default)',
  });
  return withConnection(command);
}
