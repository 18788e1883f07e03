import type { LogicReport, RunReport } from '../contracts/run-report.js';
import type { ManagedResource } from '../model/managed-resources.js';
import { formatPath } from '../model/path.js';
import { formatRef } from '../model/resource.js';

/** What a run did to one resource. */
export interface Change {
  readonly action: 'created' | 'patched' | 'recreated' | 'deleted';
  readonly resource: ManagedResource;
  /** The paths that led to it; their values may be secrets. */
  readonly differences: readonly string[];
}

const DONE = { create: 'created', patch: 'patched', recreate: 'recreated', delete: 'deleted' } as const;

/** What a run did to resources, in the order of its steps, then what it let go of; what was only tried is not among it. */
export function changesOf({ steps, released = [] }: RunActions): readonly Change[] {
  return [...steps.flatMap(changesOfLogic), ...released.flatMap((action) => changesOfLogic({ action }))];
}

/** The part of a report that says what was done. */
type RunActions = Pick<RunReport, 'steps'> & Partial<Pick<RunReport, 'released'>>;

/** So many resources are named in a line; the others are counted. */
const NAMED = 4;

/** Resources as people read them in a line: `Shipment 1001, Invoice 7 and 3 more`. */
export function nameResources(changes: readonly Change[]): string {
  const names = changes.slice(0, NAMED).map(({ resource }) => formatRef(resource));
  const others = changes.length > NAMED ? ` and ${changes.length - NAMED} more` : '';
  return `${names.join(', ')}${others}`;
}

function changesOfLogic({ action, items = [], steps = [] }: Omit<LogicReport, 'outcome'>): readonly Change[] {
  const inner = [...items, ...steps].flatMap(changesOfLogic);
  if (action === undefined || !action.done || action.type === 'none' || action.type === 'wait') return inner;
  const { differences, resource, type } = action;
  return [{ action: DONE[type], resource, differences: differences.map(({ path }) => formatPath(path)) }, ...inner];
}
