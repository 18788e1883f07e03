import { formatPath, type Path } from '../../../kernel/plugin.js';
import type { Expression, Step } from '../syntax/expression.js';

/** The key of a step that is constant in the source; undefined for a call, a macro, or a computed index. */
export function constantKey(step: Step): string | number | undefined {
  if (step.kind === 'select') return step.field;
  if (step.kind !== 'index' || step.index.kind !== 'literal') return undefined;
  const { value } = step.index;
  return typeof value === 'string' || Number.isSafeInteger(value) ? (value as string | number) : undefined;
}

/** The path that begins with a name and goes on as far as its steps are constant: `a.b["c"]` of `a.b["c"].d().e`. */
export function constantPath(name: string, steps: readonly Step[]): Path {
  const path: (string | number)[] = [name];
  for (const step of steps) {
    const key = constantKey(step);
    if (key === undefined) break;
    path.push(key);
  }
  return path;
}

/** How messages call what is before a step: the path that the author wrote, where it is one. */
export function writtenOwner(base: Expression, before: readonly Step[]): string {
  const path = base.kind === 'identifier' ? constantPath(base.name, before) : [];
  return path.length <= before.length ? 'the value' : `\`${formatPath(path)}\``;
}
