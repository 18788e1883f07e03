import type { LogicReport } from '../contracts/run-report.js';
import { flattenManaged, type ManagedNode, type ManagedWorkflow, parseManaged } from '../model/managed-resources.js';
import { managedKey } from '../resources/inventory.js';

/** Whether every part of a run could say what it manages; what fails, waits, or depends on such, may not have come to it. */
export function couldSay(reports: readonly LogicReport[]): boolean {
  return reports.every(({ outcome, items = [], steps = [] }) => {
    const said = outcome.type === 'Ok' || outcome.type === 'Skip';
    return said && couldSay(items) && couldSay(steps);
  });
}

/**
 * What is on record after a run that could not say all: what it knows, and what was on record before and is not in that.
 * Otherwise a trigger whose first step fails would forget what the others have made.
 */
export function keptRecord(recorded: string | undefined, managed: ManagedWorkflow): ManagedWorkflow {
  const before = recorded === undefined ? undefined : parseManaged(recorded);
  return before === undefined ? managed : mergeRecords(before, managed);
}

/** One record of what is managed now, and what another one has beside it. */
export function mergeRecords(before: ManagedWorkflow, managed: ManagedWorkflow): ManagedWorkflow {
  const known = new Set(flattenManaged(managed).map(managedKey));
  // A trigger that has changed its Workflow keeps the record of the former as if it were a step of the present one.
  const former = before.workflow === managed.workflow ? before.resources : { [before.workflow]: before };
  return { ...managed, resources: mergeSteps(former, managed.resources, known) };
}

type Steps = ManagedWorkflow['resources'];

/** The steps of now in their order, then those that only the former record has and that still say something. */
function mergeSteps(before: Steps, now: Steps, known: ReadonlySet<string>): Steps {
  const gone = Object.keys(before).filter((label) => !Object.hasOwn(now, label));
  const merged = [...Object.keys(now), ...gone].map((label): [string, ManagedNode] => {
    return [label, merge(nodeOf(before, label), nodeOf(now, label), known)];
  });
  return Object.fromEntries(merged.filter(([label, node]) => node !== null || Object.hasOwn(now, label)));
}

/** A node, with what a former one holds that is not known any more. */
function merge(before: ManagedNode, now: ManagedNode, known: ReadonlySet<string>): ManagedNode {
  if (isWorkflow(before) && isWorkflow(now) && before.workflow === now.workflow) {
    return { ...now, resources: mergeSteps(before.resources, now.resources, known) };
  }
  const kept = listed(before).filter((node) => flattenManaged(node).some((one) => !known.has(managedKey(one))));
  if (kept.length === 0) return now;
  const [only, ...others] = [...listed(now), ...kept];
  return only === undefined || others.length > 0 || Array.isArray(before) ? [...listed(now), ...kept] : only;
}

function nodeOf(steps: Steps, label: string): ManagedNode {
  return Object.hasOwn(steps, label) ? (steps[label] ?? null) : null;
}

function listed(node: ManagedNode): readonly ManagedNode[] {
  if (node === null) return [];
  return Array.isArray(node) ? node : [node as ManagedNode];
}

function isWorkflow(node: ManagedNode): node is ManagedWorkflow {
  return node !== null && 'resources' in node;
}
