import type { GroupVersionKind } from '../model/resource.js';
import type { PreparedStep, PreparedWorkflow } from './definition.js';
import type { DefinitionSource } from './definition-source.js';
import type { Field } from './field.js';
import { logicReferences, prepareLogic } from './step-logic.js';
import { stepsBefore, stepsRead } from './step-order.js';
import type { Template } from './template.js';

/** Prepares a Workflow. */
export function prepareWorkflow(source: DefinitionSource): PreparedWorkflow {
  const { spec } = source;
  const trigger = prepareTrigger(spec.at('crdRef'));
  const steps = spec.at('steps').items();
  reportDuplicateLabels(steps);
  const labels = steps.map((step) => step.at('label').text() ?? '');
  const prepared = steps.flatMap((step, index) => prepareStep(step, labels, index) ?? []);
  return {
    kind: 'Workflow',
    ...source.prepared(steps.flatMap(logicReferences)),
    ...(trigger === undefined ? {} : { trigger }),
    steps: prepared,
  };
}

function prepareTrigger(field: Field): GroupVersionKind | undefined {
  const group = field.at('apiGroup').text();
  const version = field.at('version').text();
  const kind = field.at('kind').text();
  if (group === undefined || version === undefined || kind === undefined) return undefined;
  return { apiVersion: group === '' ? version : `${group}/${version}`, kind };
}

function reportDuplicateLabels(steps: readonly Field[]): void {
  const seen = new Set<string>();
  for (const field of steps.map((step) => step.at('label'))) {
    const label = field.text();
    if (label === undefined) continue;
    if (seen.has(label)) field.report('duplicate-label', `there is another step '${label}' before; labels are unique`);
    seen.add(label);
  }
}

const RUN_NAMES = { inScope: ['parent', 'steps'] };

function prepareStep(field: Field, labels: readonly string[], index: number): PreparedStep | undefined {
  const skipIf = field.at('skipIf').expression(RUN_NAMES);
  const inputs = field.at('inputs').template(RUN_NAMES);
  const itemIn = field.at('forEach').at('itemIn').expression(RUN_NAMES);
  const state = field.at('state').template({ inScope: ['value'] });
  const logic = prepareLogic(field);
  const switchOn = logic?.type === 'switch' ? logic.switchOn : undefined;
  const reads = [skipIf, itemIn, switchOn].flatMap((expression) => expression?.program.reads ?? []);
  const dependsOn = stepsRead([...reads, ...readsOf(inputs)], labels.slice(0, index));
  reportOrder(field, dependsOn, labels, index);
  const label = labels[index];
  if (label === undefined || logic === undefined) return undefined;
  return {
    label,
    location: field.location,
    logic,
    ...(skipIf === undefined ? {} : { skipIf }),
    ...prepareForEach(field.at('forEach'), itemIn),
    ...(inputs === undefined ? {} : { inputs }),
    ...prepareCondition(field.at('condition')),
    ...(state === undefined ? {} : { state }),
    ...prepareTimeout(field.at('timeoutSeconds')),
    dependsOn,
  };
}

function readsOf(template: Template | undefined): Template['reads'] {
  return template?.reads ?? [];
}

function reportOrder(field: Field, dependsOn: readonly string[], labels: readonly string[], index: number): void {
  const wrong = dependsOn.filter((label) => !labels.slice(0, index).includes(label));
  if (wrong.length === 0) return;
  const unknown = wrong.filter((label) => !labels.includes(label));
  const hint = unknown.length === 0 ? '' : ` ${stepsBefore(unknown, labels.slice(0, index))}`;
  field.report('step-order', `Step '${labels[index]}', must come after ${wrong.join(', ')}.${hint}`);
}

function prepareForEach(field: Field, itemIn: PreparedStep['skipIf']): Pick<PreparedStep, 'forEach'> {
  const inputKey = field.at('inputKey').text();
  return itemIn === undefined || inputKey === undefined ? {} : { forEach: { itemIn, inputKey } };
}

function prepareCondition(field: Field): Pick<PreparedStep, 'condition'> {
  const type = field.at('type').text();
  const name = field.at('name').text();
  return type === undefined || name === undefined ? {} : { condition: { type, name } };
}

function prepareTimeout(field: Field): Pick<PreparedStep, 'timeoutSeconds'> {
  const timeoutSeconds = field.number();
  return timeoutSeconds === undefined ? {} : { timeoutSeconds };
}
