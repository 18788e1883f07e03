import { stringify } from 'yaml';
import { formatPath, formatRef, type JsonObject, type Resource, refOf } from '../../kernel/index.js';
import { changeLine } from '../apply/changed-paths.js';
import type { Health } from '../health/health.js';
import { formatTable } from '../table.js';
import type { Style } from '../terminal.js';
import type { ConditionView } from './condition-view.js';
import type { Inspection } from './inspection.js';
import type { ManagedTree } from './managed-tree.js';
import type { ManagedView } from './managed-view.js';
import { redacted } from './redacted.js';

/** How an inspection is shown: how much of it, from 0 to 3. */
export interface InspectionStyle {
  readonly verbose: number;
  readonly style: Style;
}

/** The lines of an inspection for a person. */
export function inspectionLines(inspection: Inspection, how: InspectionStyle): readonly string[] {
  const { conditions, remarks, managed } = inspection;
  return [
    headLine(inspection, how),
    ...remarks.map((remark) => `  ${how.style('yellow', remark)}`),
    ...formatTable(conditions.map((condition) => conditionCells(condition, how))).map((line) => `  ${line}`),
    ...details(inspection, how),
    ...(managed === undefined ? [] : ['', ...treeLines(managed, how)]),
  ];
}

function headLine(inspection: Inspection, { style }: InspectionStyle): string {
  const { resource, store, managed } = inspection;
  const about = [`store ${store.name}`, ...(managed === undefined ? [] : [`Workflow ${managed.workflow}`])].join(', ');
  return `${style('bold', formatRef(refOf(resource)))}  ${headMark(inspection, style)}  ${style('dim', `(${about})`)}`;
}

/** What its condition `Ready` says, where it has one: that is what it is asked for. */
function headMark({ health, conditions, isReady }: Inspection, style: Style): string {
  const ready = conditions.find(({ type }) => type === 'Ready');
  if (ready === undefined || health.status === 'Terminating') {
    return [healthText(health, style), health.message].filter((text) => text !== '').join('  ');
  }
  if (isReady) return style('green', `✔ ${ready.reason || 'Ready'}`);
  return ready.status === 'False' ? style('red', `✘ ${ready.reason}`) : style('yellow', `… ${ready.reason}`);
}

/** What is well needs no message. */
function conditionCells({ type, status, reason, message, lastTransitionTime }: ConditionView, how: InspectionStyle) {
  const { verbose, style } = how;
  const format = status === 'True' ? 'green' : status === 'False' ? 'red' : 'yellow';
  const said = verbose > 0 || status !== 'True' ? message.replaceAll('\n', ' ') : '';
  return [type, style(format, status), reason, ...(verbose > 0 ? [style('dim', lastTransitionTime)] : []), said];
}

function details(
  { owners, koreo, state, resource }: Inspection,
  { verbose, style }: InspectionStyle,
): readonly string[] {
  return [
    ...(verbose > 0 ? owners.map((owner) => `  owned by ${owner}`) : []),
    ...(verbose > 1 ? [...mappingLines('state', state), ...mappingLines('last run', koreo)] : []),
    ...(verbose > 2 ? yamlLines(resource).map((line) => `  ${style('dim', line)}`) : []),
  ];
}

function mappingLines(title: string, mapping: JsonObject): readonly string[] {
  const told = Object.fromEntries(Object.entries(mapping).filter(([, value]) => value !== null));
  if (Object.keys(told).length === 0) return [];
  return [`  ${title}:`, ...yaml(told).map((line) => `    ${line}`)];
}

/** A line of the tree, and the lines below it that tell more. */
interface TreeLine {
  readonly cells: readonly string[];
  readonly below: readonly string[];
}

/** What stands before the lines of a step, and before the lines below it. */
interface Branch {
  readonly at: string;
  readonly below: string;
}

function treeLines(tree: ManagedTree, how: InspectionStyle): readonly string[] {
  const lines = branches(tree, '', how);
  const rows = formatTable(lines.map(({ cells }) => cells));
  return lines.flatMap(({ below }, index) => [rows[index] ?? '', ...below]);
}

/** The lines of what is inside a node: the steps of a Workflow, the items of a forEach. */
function branches(tree: ManagedTree, prefix: string, how: InspectionStyle): readonly TreeLine[] {
  const children =
    tree.type === 'workflow'
      ? tree.steps.map(({ label, tree: step }) => ({ label, child: step }))
      : tree.type === 'items'
        ? tree.items.map((child, index) => ({ label: `[${index}]`, child }))
        : [];
  return children.flatMap(({ label, child }, index) => {
    const isLast = index === children.length - 1;
    const branch = { at: `${prefix}${isLast ? '└─ ' : '├─ '}`, below: `${prefix}${isLast ? '   ' : '│  '}` };
    return [nodeLine(label, child, branch, how), ...branches(child, branch.below, how)];
  });
}

function nodeLine(label: string, tree: ManagedTree, branch: Branch, how: InspectionStyle): TreeLine {
  const { style } = how;
  const name = `${style('dim', branch.at)}${label}`;
  switch (tree.type) {
    case 'nothing':
      return { cells: [name, style('dim', 'manages nothing')], below: [] };
    case 'items':
      return {
        cells: [name, style('dim', tree.items.length === 1 ? '1 item' : `${tree.items.length} items`)],
        below: [],
      };
    case 'workflow':
      return { cells: [name, style('dim', `Workflow ${tree.workflow}`)], below: [] };
    case 'resource':
      return {
        cells: [name, ...viewCells(tree.view, style)],
        below: viewDetails(tree.view, how).map((line) => `${style('dim', branch.below)}    ${line}`),
      };
  }
}

function viewCells({ record, health, differences }: ManagedView, style: Style): readonly string[] {
  const remarks = [
    ...(record.readonly ? ['read only'] : []),
    ...(health.message === '' ? [] : [health.message.replaceAll('\n', ' ')]),
    ...(differences === null || differences.length === 0
      ? []
      : [`differs from what was applied: ${differences.map(({ path }) => formatPath(path)).join(', ')}`]),
  ];
  return [style('bold', formatRef(record)), healthText(health, style), remarks.join('; ')];
}

function viewDetails(view: ManagedView, { verbose, style }: InspectionStyle): readonly string[] {
  const { record, store, conditions, owners, differences, resource } = view;
  if (verbose === 0) return [];
  return [
    style('dim', [`by ${record.resourceFunction}`, ...(store === undefined ? [] : [`store ${store}`])].join(', ')),
    ...owners.map((owner) => `owned by ${owner}`),
    ...conditions.map(({ type, status, message, lastTransitionTime }) =>
      [`${type} ${status}`, style('dim', lastTransitionTime), message.replaceAll('\n', ' ')]
        .filter((part) => part !== '')
        .join('  '),
    ),
    ...(verbose > 1 ? (differences ?? []).map((difference) => changeLine(asChange(difference), record.kind)) : []),
    ...(verbose > 2 && resource !== undefined ? yamlLines(resource).map((line) => style('dim', line)) : []),
  ];
}

/** From what was recorded to what is there. */
function asChange({ path, target, actual }: NonNullable<ManagedView['differences']>[number]) {
  return { path, target: actual, actual: target };
}

function healthText({ status }: Health, style: Style): string {
  switch (status) {
    case 'Current':
      return style('green', '✔ Current');
    case 'InProgress':
      return style('yellow', '… InProgress');
    case 'Terminating':
      return style('yellow', '… Terminating');
    case 'Unknown':
      return style('yellow', '? Unknown');
    case 'Failed':
      return style('red', '✘ Failed');
    case 'NotFound':
      return style('red', '✘ NotFound');
  }
}

function yamlLines(resource: Resource): readonly string[] {
  return yaml(redacted(resource));
}

function yaml(value: object): readonly string[] {
  return stringify(value, { lineWidth: 0 }).trimEnd().split('\n');
}
