import { Command, Option } from 'commander';
import type { Session } from '../session.js';

/** How `koreo validate` was called. */
export interface ValidateOptions {
  readonly output: 'text' | 'json';
  readonly config?: string;
}

const HELP = `
Everything that \`koreo run\` would find wrong before it runs anything: fields that a definition does not have, expressions
that do not parse, references to what is not there, circles. All of it at once, each with file, line and column.

Files are read by their ending: .koreo .k .k.yaml .k.yml .yaml .yml .json. What is no definition in them is left alone.

Examples:
  koreo validate                    what koreo.config.yaml names, or else this folder
  koreo validate definitions/       a folder, with all that is in it
  koreo validate a.koreo b.koreo -o json

With -o json: {"problems": [{"file", "line", "column", "definition", "message"}]}

Exit codes: 0 nothing is wrong; 1 there are problems; 2 wrong usage or configuration.`;

/** `koreo validate`: what is wrong with definitions, without running any. */
export function validateCommand(session: Session): Command {
  return new Command('validate')
    .summary('say what is wrong with definitions')
    .description('Prepares definitions without running them, and tells every problem.')
    .argument('[path...]', 'files and folders')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .option('--config <file>', 'the configuration (default: koreo.config.yaml, where there is one)')
    .addHelpText('after', HELP)
    .action(async (paths: readonly string[], options: ValidateOptions) => {
      const { validate } = await import('../validation/validate.js');
      session.exitCode = await validate(session, paths, options);
    });
}
