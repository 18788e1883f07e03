import type { Outcome, StepReport } from 'koreo-kernel';
import { definitionsOf, type TestDefinitions } from './definitions.js';
import { laterEngine } from './later-engine.js';

/** Functions that Workflows of tests are made of: `echo`, `guard` (each outcome for its word), and `widget`, which makes one. */
const FUNCTIONS = `
kind: ValueFunction
metadata: {name: echo}
spec: {return: {value: =inputs.value}}
---
kind: ValueFunction
metadata: {name: guard}
spec:
  preconditions:
  - {assert: '=inputs.value != "skip"', skip: {message: told to skip}}
  - {assert: '=inputs.value != "dep"', depSkip: {message: nothing there}}
  - {assert: '=inputs.value != "retry"', retry: {message: come back, delay: 12}}
  - {assert: '=inputs.value != "later"', retry: {message: come back later, delay: 40}}
  - {assert: '=inputs.value != "fail"', permFail: {message: never}}
  return: {value: =inputs.value}
---
kind: ResourceFunction
metadata: {name: widget}
spec:
  apiConfig: {apiVersion: example/v1, kind: Widget, name: =inputs.name, namespace: shop}
  resource: {spec: {}}
  return: {name: =resource.metadata.name}
---
`;

/** The definitions of the functions above, a Workflow `w` with these steps, and more. */
export function workflowOf(steps: string, more = ''): TestDefinitions {
  return definitionsOf(`${FUNCTIONS}${workflowText('w', steps)}\n---\n${more}`, [laterEngine()]);
}

/** A Workflow as text; a step may be short for `ref: {kind: ValueFunction, name: echo}` as `echo: true`, and so on. */
export function workflowText(name: string, steps: string, metadata = ''): string {
  const text = steps
    .trim()
    .replace(/\b(echo|guard): true/g, 'ref: {kind: ValueFunction, name: $1}')
    .replace(/\bwidget: true/g, 'ref: {kind: ResourceFunction, name: widget}')
    .replace(/\bsub: (\w+)/g, 'ref: {kind: Workflow, name: $1}');
  return `kind: Workflow\nmetadata: {name: ${name}${metadata && `, ${metadata}`}}\nspec:\n  steps:\n${text.replace(/^/gm, '  ')}`;
}

/** The outcome of a step by its label; it has to be there. */
export function outcomeOf({ steps }: { readonly steps: readonly StepReport[] }, label: string): Outcome {
  const step = steps.find((candidate) => candidate.label === label);
  if (step === undefined) throw new Error(`there is no step ${label}`);
  return step.outcome;
}
