import type { LogicRef, Reference, StepLogic } from './definition.js';
import type { Field } from './field.js';

const LOGIC_KINDS = ['ValueFunction', 'ResourceFunction', 'Workflow'] as const;
const SWITCH_NAMES = { inScope: ['inputs', 'parent', 'steps'] };

/** Prepares which Logic a step runs; undefined when that cannot be told. */
export function prepareLogic(step: Field): StepLogic | undefined {
  const refSwitch = step.at('refSwitch');
  if (refSwitch.isPresent) return prepareSwitch(refSwitch);
  const ref = logicRef(step.at('ref'));
  return ref === undefined ? undefined : { type: 'ref', ref };
}

/** What a step refers to: its Logic, or all that it may choose from. */
export function logicReferences(step: Field): readonly Reference[] {
  const fields = [step.at('ref'), ...step.at('refSwitch').at('cases').items()];
  return fields.flatMap((field) => {
    const ref = logicRef(field);
    return ref === undefined ? [] : [{ ...ref, location: field.at('name').location }];
  });
}

function prepareSwitch(field: Field): StepLogic | undefined {
  const switchOn = field.at('switchOn').expression(SWITCH_NAMES);
  const cases = new Map<string, LogicRef>();
  let fallback: LogicRef | undefined;
  for (const item of field.at('cases').items()) {
    const ref = logicRef(item);
    const value = item.at('case').text() ?? item.at('case').number()?.toString();
    if (ref === undefined || value === undefined) continue;
    if (cases.has(value)) item.at('case').report('duplicate-case', 'there is another case of this value before');
    cases.set(value, ref);
    if (!item.at('default').flag({ default: false })) continue;
    if (fallback !== undefined) item.at('default').report('duplicate-default', 'there is another default before');
    fallback = ref;
  }
  if (switchOn === undefined) return undefined;
  return { type: 'switch', switchOn, cases, ...(fallback === undefined ? {} : { default: fallback }) };
}

function logicRef(field: Field): LogicRef | undefined {
  const kind = LOGIC_KINDS.find((known) => known === field.at('kind').text());
  const name = field.at('name').text();
  return kind === undefined || name === undefined ? undefined : { kind, name };
}
