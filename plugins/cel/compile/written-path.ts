import { formatPath, type Path } from '../../../kernel/index.js';
import type { Expression, Step } from '../syntax/expression.js';

/** The key of a step that is constant in the source; undefined for a call, a macro, or a computed index. */
export function constantKey(step: Step): string | number | undefined {
  if (step.kind === 'select') return step.field;
  if (step.kind !== 'index' || step.index.kind !== 'literal') return undefined;
  const { value } = step.index;
  return typeof value === 'string' || Number.isSafeInteger(value) ? (value as string | number) : undefined;
}

/** The path that an expression names as far as it is constant: `a.b["c"]` of `a.b["c"].d().e`. Undefined without a name to begin with. */
export function constantPath(base: Expression, steps: readonly Step[]): Path | undefined {
  if (base.kind !== 'identifier') return undefined;
  const path: (string | number)[] = [base.name];
  for (const step of steps) {
    const key = constantKey(step);
    if (key === undefined) break;
    path.push(key);
  }
  return path;
}

/** How messages call what is before a step: the path that the author wrote, where it is one. */
export function writtenOwner(base: Expression, before: readonly Step[]): string {
  const path = constantPath(base, before);
  return path === undefined || path.length <= before.length ? 'the value' : `\`${formatPath(path)}\``;
}
