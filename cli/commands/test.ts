import { Command, Option } from 'commander';
import { type ConnectionOptions, type NamespaceOptions, withConnection, withNamespaces } from '../connection.js';
import type { Session } from '../session.js';
import { UsageError } from '../usage-error.js';

/** How `koreo test` was called. */
export interface TestOptions extends ConnectionOptions, NamespaceOptions {
  readonly output: 'text' | 'json' | 'junit';
  readonly watch?: true;
}

const HELP = `
A FunctionTest says what a function should give for its inputs, and what it should make of a resource. Functions run
against a simulated store: nothing outside is touched.

Files are read by their ending: .koreo .k .k.yaml .k.yml .yaml .yml .json. What is no definition in them is left alone.

Examples:
  koreo test                      what koreo.config.yaml names, or else this folder
  koreo test definitions/         a folder, with all that is in it
  koreo test --watch              again after each change
  koreo test --context kind-dev   those of a cluster
  koreo test -o junit > report.xml

With -o json: {"tests": [{"name", "namespace", "function", "cases": [{"label", "variant", "result", "outcome",
"differences": [{"path", "expected", "actual"}], "message"}]}], "summary": {"passed", "failed", "skipped", "notRun"},
"problems": [{"file", "line", "column", "definition", "message"}]}, where "result" is pass, fail, skipped or not-run.

Exit codes: 0 all passed; 1 a case failed; 2 wrong usage or configuration, or a definition that does not prepare.`;

/** `koreo test`: runs FunctionTests. */
export function testCommand(session: Session): Command {
  const command = new Command('test')
    .summary('run FunctionTests')
    .description('Runs the FunctionTests among the definitions of files, folders or the configured stores.')
    .argument('[path...]', 'files and folders')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json', 'junit']).default('text'))
    .option('-w, --watch', 'run again after each change, until it is stopped')
    .addHelpText('after', HELP)
    .action(async (paths: readonly string[], options: TestOptions) => {
      if (options.watch === true && options.output === 'junit') {
        throw new UsageError('a JUnit report is written once; use --watch with -o text or -o json');
      }
      const { runTests } = await import('../test-run/run-tests.js');
      session.exitCode = await runTests(session, paths, options);
    });
  withNamespaces(command, {
    one: 'only definitions of this namespace of the cluster',
    all: 'those of all namespaces (the default)',
  });
  return withConnection(command);
}
