import { formatPath, type LogicReport, type ManagedResource, type RunReport } from '../../kernel/index.js';

/** What a run did to one resource. */
export interface Change {
  readonly action: 'created' | 'patched' | 'recreated' | 'deleted';
  readonly resource: ManagedResource;
  /** The paths that led to it; their values may be secrets. */
  readonly differences: readonly string[];
}

const DONE = { create: 'created', patch: 'patched', recreate: 'recreated', delete: 'deleted' } as const;

/** What a run did to resources, in the order of its steps; what was only tried is not among it. */
export function changesOf({ steps }: RunReport): readonly Change[] {
  return steps.flatMap(changesOfLogic);
}

function changesOfLogic({ action, items = [], steps = [] }: LogicReport): readonly Change[] {
  const inner = [...items, ...steps].flatMap(changesOfLogic);
  if (action === undefined || !action.done || action.type === 'none' || action.type === 'wait') return inner;
  const { differences, resource, type } = action;
  return [{ action: DONE[type], resource, differences: differences.map(({ path }) => formatPath(path)) }, ...inner];
}
