import type { Reference } from '../language/definition.js';
import { subjectOf } from '../language/definition-source.js';
import { formatCycle } from '../model/dependency-order.js';
import { byPlace, firstProblems, type Problem } from '../model/problem.js';
import type { GroupVersionKind } from '../model/resource.js';
import type { DefinitionCopy } from './definition-copies.js';
import { formatDefinition } from './definition-key.js';
import type { DefinitionEntry, DefinitionName, DefinitionPlace } from './definition-lookup.js';

/** What linking a definition needs to know of the others. All that it refers to are linked before it. */
export interface LinkView {
  find(name: DefinitionName): DefinitionEntry | undefined;
  /** The definitions, this one first, by way of which it refers to itself. */
  readonly cycle?: readonly DefinitionName[] | undefined;
  readonly version: number;
}

/** Says how a copy of a definition is, from itself and from what it refers to. */
export function link(name: DefinitionName, copy: DefinitionCopy, view: LinkView): DefinitionEntry {
  const { namespace, result, store } = copy;
  const place: DefinitionPlace = { kind: name.kind, name: name.name, namespace, store, version: view.version };
  const about = { subject: subjectOf(copy.resource), store };
  const references = referencesOf(copy);
  const faults = [...cycleFaults(references, view), ...inputFaults(references, view)];
  const faultProblems = faults.map((fault): Problem => ({ ...fault, ...about }));
  // The others of a circle are not linked yet, so how they are cannot be told.
  const waits = view.cycle === undefined ? waitsOf(references, view) : [];
  const waitProblems = waits.map(({ code, location, reason }): Problem => {
    return { code, message: `waits for a definition: ${reason}`, location, ...about };
  });
  const own = result.status === 'broken' ? result.problems : result.warnings;
  const problems = firstProblems([...own, ...faultProblems, ...waitProblems].toSorted(byPlace));
  if (result.status === 'broken' || faults.length > 0) {
    const trigger = triggerOf(result);
    return { ...place, status: 'broken', problems, ...(trigger === undefined ? {} : { trigger }) };
  }
  const { definition, warnings } = result;
  if (waits.length === 0) return { status: 'ready', definition, warnings, ...place };
  return {
    ...place,
    status: 'waiting',
    definition,
    waitingFor: waits.map(({ reason }) => reason),
    problems,
  };
}

/** What a copy refers to, also when it is broken: then as far as it can be read. */
export function referencesOf({ result }: DefinitionCopy): readonly Reference[] {
  return result.status === 'prepared' ? result.definition.references : result.references;
}

function triggerOf(result: DefinitionCopy['result']): GroupVersionKind | undefined {
  if (result.status === 'broken') return result.trigger;
  return result.definition.kind === 'Workflow' ? result.definition.trigger : undefined;
}

type Fault = Pick<Problem, 'code' | 'message' | 'location'>;

function cycleFaults(references: readonly Reference[], { cycle }: LinkView): readonly Fault[] {
  if (cycle === undefined) return [];
  const next = cycle[1] ?? cycle[0];
  const reference = references.find(({ kind, name }) => kind === next?.kind && name === next.name);
  const message = `refers to itself: ${formatCycle(cycle.map(({ name }) => name))}`;
  return [{ code: 'cycle', message, ...(reference === undefined ? {} : { location: reference.location }) }];
}

function inputFaults(references: readonly Reference[], view: LinkView): readonly Fault[] {
  return references.flatMap((reference) => {
    const missing = missingInputs(reference, view);
    if (missing.length === 0) return [];
    const message = `${formatDefinition(reference)} reads inputs that it is not given: ${missing.join(', ')}`;
    return [{ code: 'missing-inputs', message, location: reference.location }];
  });
}

function missingInputs(reference: Reference, view: LinkView): readonly string[] {
  const { givenInputs } = reference;
  const entry = view.find(reference);
  if (givenInputs === undefined || entry === undefined || entry.status === 'broken') return [];
  const needed = entry.definition.kind === 'ValueFunction' ? entry.definition.inputNames : [];
  return needed.filter((name) => !givenInputs.includes(name));
}

interface Wait {
  readonly code: string;
  readonly reason: string;
  readonly location: Reference['location'];
}

/** What the definition waits for: each thing once, however often it refers to it. */
function waitsOf(references: readonly Reference[], view: LinkView): readonly Wait[] {
  const waits = new Map<string, Wait>();
  for (const reference of references) {
    const name = formatDefinition(reference);
    const wait = waits.has(name) ? undefined : waitFor(name, view.find(reference));
    if (wait !== undefined) waits.set(name, { ...wait, location: reference.location });
  }
  return [...waits.values()];
}

function waitFor(name: string, entry: DefinitionEntry | undefined): Pick<Wait, 'code' | 'reason'> | undefined {
  switch (entry?.status) {
    case undefined:
      return { code: 'reference-missing', reason: `${name} is missing` };
    case 'broken':
      return { code: 'reference-broken', reason: `${name} is broken` };
    case 'waiting':
      return { code: 'reference-waiting', reason: `${name} is waiting (${rootCause(entry.waitingFor)})` };
    case 'ready':
      return undefined;
  }
}

/** What is at the bottom of a wait: of `B is waiting (C is missing)` only `C is missing`, so that chains stay readable. */
function rootCause([reason = '']: readonly string[]): string {
  return /\((.*)\)$/.exec(reason)?.[1] ?? reason;
}
