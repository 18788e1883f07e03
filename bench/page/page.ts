import { GROUPS } from '../groups.js';
import { aboutOriginal } from '../harness/original.js';
import { type Results, readResults } from '../harness/results.js';
import { figuresTable } from './figures-table.js';
import { targetsTable } from './targets-table.js';

/** What stands between `<!-- bench: NAME -->` and `<!-- /bench -->` is made here, and not written by hand. */
const PLACE = /(<!-- bench: ([\w-]+) -->\n)[\s\S]*?(<!-- \/bench -->)/g;

/** The page with its tables as the results that are kept have them. @throws Error for a table that nobody makes */
export function withTables(page: string): string {
  return page.replace(PLACE, (_all, begin: string, name: string, end: string) => `${begin}\n${table(name)}\n\n${end}`);
}

function table(name: string): string {
  if (name === 'targets') return targetsTable(GROUPS.map((group) => ({ group, results: readResults(group.name) })));
  if (name === 'original') return aboutOriginal();
  const group = GROUPS.find((one) => one.name === name);
  if (group === undefined) throw new Error(`docs/performance.md has a place for '${name}', which is no group`);
  const results = readResults(name);
  return results === undefined ? 'Not measured yet.' : `${circumstances(results)}\n\n${figuresTable(results.figures)}`;
}

function circumstances({ date, effort, machine }: Results): string {
  const { cores, cpu, memoryGiB, node, platform } = machine;
  const care = effort === 'full' ? '' : ', **with few and short samples**';
  return `Measured on ${date}${care}: ${cpu}, ${cores} cores, ${memoryGiB} GiB, ${platform}, Node.js ${node}.`;
}
