import type { Group } from '../harness/group.js';
import type { Results } from '../harness/results.js';
import { tableOf } from './figures-table.js';

/** A group, and what it gave when it was measured last. */
interface Measured {
  readonly group: Group;
  readonly results: Results | undefined;
}

/** Every target, what was measured, and whether it is met. */
export function targetsTable(all: readonly Measured[]): string {
  const rows = all.flatMap(({ group, results }) =>
    group.targets.map((target) => {
      const found = results && target.measured(results.figures);
      if (found === undefined) return [target.work, target.goal, 'not measured', ''];
      return [target.work, target.goal, found.text, found.met ? 'met' : '**not met**'];
    }),
  );
  return tableOf(['work', 'target', 'measured', ''], rows);
}
