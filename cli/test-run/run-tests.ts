import type { LoadedConfig } from '../../config/index.js';
import type { TestOptions } from '../commands/test.js';
import { type DefinitionFinder, definitionFinder } from '../definitions/find-definitions.js';
import { loadNarrowed } from '../deployment.js';
import { ExitCode } from '../exit-code.js';
import { withProgress } from '../progress.js';
import type { Session } from '../session.js';
import { tellIncidents } from '../tell-incidents.js';
import type { Terminal } from '../terminal.js';
import { jsonReport } from '../test-report/json-report.js';
import { junitReport } from '../test-report/junit-report.js';
import { summarize, type TestReport } from '../test-report/test-report.js';
import { textReport } from '../test-report/text-report.js';
import { runSuite } from './test-suite.js';
import { watchTests } from './watch-tests.js';

/** Runs FunctionTests and prints their report, once or after every change. @throws UsageError, ConfigError */
export async function runTests(
  { terminal, cwd }: Session,
  paths: readonly string[],
  options: TestOptions,
): Promise<ExitCode> {
  const loaded = await loadNarrowed(cwd, options);
  const finder = definitionFinder({ paths, loaded, cwd });
  const run = () => reportOf(finder, loaded);
  const told = tellIncidents(terminal, loaded);
  const print = (report: TestReport) => printReport(terminal, report, options);
  try {
    if (options.watch === true) {
      const stop = terminal.stopSignal();
      const last = await watchTests({ terminal, changes: finder.changes, run, print, stop });
      return last === undefined ? ExitCode.ok : exitCodeOf(last);
    }
    const report = await withProgress(terminal, 'running tests', run());
    print(report);
    return exitCodeOf(report);
  } finally {
    told.unsubscribe();
    await finder.close();
  }
}

async function reportOf(finder: DefinitionFinder, { config }: LoadedConfig): Promise<TestReport> {
  return runSuite(await finder.find(), config.limits);
}

function printReport(terminal: Terminal, report: TestReport, { output, watch }: TestOptions): void {
  switch (output) {
    case 'text':
      for (const line of textReport(report, terminal.style)) terminal.print(line);
      return;
    case 'json':
      terminal.print(jsonReport(report, watch === true ? 0 : 2));
      return;
    case 'junit':
      terminal.print(junitReport(report));
  }
}

function exitCodeOf(report: TestReport): ExitCode {
  if (report.problems.length > 0) return ExitCode.usage;
  return summarize(report).failed > 0 ? ExitCode.failed : ExitCode.ok;
}
