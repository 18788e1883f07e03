import { fork } from 'node:child_process';
import { Argument, Command, Option } from 'commander';
import { GROUPS } from './groups.js';
import { EFFORTS } from './harness/effort.js';
import type { Group } from './harness/group.js';
import { Meter } from './harness/meter.js';
import { resultsOf, writeResults } from './harness/results.js';
import { head, row } from './harness/terminal-table.js';
import { writePage } from './page/write-page.js';

interface Options {
  readonly quick?: true;
  readonly smoke?: true;
  readonly save?: true;
  readonly writeDocs?: true;
}

const program = new Command('npm run bench --')
  .description('Measures the work of bench/, and keeps what comes out under bench/results.')
  .addArgument(new Argument('[groups...]', 'all of them, when none is named').choices(GROUPS.map(({ name }) => name)))
  .addOption(new Option('--quick', 'fewer and shorter samples, to look at while working; keeps nothing'))
  .addOption(new Option('--smoke', 'run each work once, and see that it does what it should').conflicts('quick'))
  .addOption(new Option('--save', 'keep results of --quick, too'))
  .addOption(new Option('--write-docs', 'only write the tables of docs/performance.md, from the results that are kept'))
  .action(run);

await program.parseAsync();

async function run(names: readonly string[], options: Options): Promise<void> {
  if (options.writeDocs === true) return writePage();
  const groups = GROUPS.filter(({ name }) => names.length === 0 || names.includes(name));
  const [only] = groups;
  if (only === undefined || groups.length > 1) return apart(groups);
  const figures = await measure(only, options);
  if (figures > 0 && options.smoke !== true) writePage();
}

/** Each group in a process of its own, so that what one does to the JIT and the memory does nothing to the next. */
async function apart(groups: readonly Group[]): Promise<void> {
  const flags = process.argv.slice(2).filter((argument) => argument.startsWith('-'));
  for (const { name } of groups) {
    const code = await new Promise((resolve) => fork(import.meta.filename, [name, ...flags]).on('exit', resolve));
    if (code !== 0) process.exitCode = 1;
  }
}

async function measure(group: Group, { quick, save, smoke }: Options): Promise<number> {
  const why = group.unavailable?.();
  if (why !== undefined) {
    process.stdout.write(`\n${group.title}: not measured, since ${why}\n`);
    return 0;
  }
  const effort = smoke === true ? EFFORTS.smoke : quick === true ? EFFORTS.quick : EFFORTS.full;
  const print = (text: string): boolean => process.stdout.write(`${text}\n`);
  print(`\n${group.title} (${effort.name})\n${head()}`);
  const figures = await group.measure(new Meter(effort, (figure) => print(row(figure))));
  for (const { goal, measured, work } of group.targets) {
    const found = measured(figures);
    if (found !== undefined && effort !== EFFORTS.smoke)
      print(`${found.met ? '✔' : '✘'} ${work}: ${goal}; ${found.text}`);
  }
  if (effort !== EFFORTS.full && save !== true) return 0;
  writeResults(resultsOf(group.name, effort, figures));
  return figures.length;
}
