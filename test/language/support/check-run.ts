import type { ExecutionContext } from 'ava';
import {
  annotations,
  asJson,
  equalJson,
  getKey,
  isList,
  isObject,
  type Json,
  type JsonObject,
  type ManagedNode,
  type MutableJsonObject,
  type Outcome,
  type Resource,
  refKey,
  refOf,
  type StepReport,
  setKey,
} from 'koreo-kernel';
import type { CaseRun, CaseWorld } from './case-world.js';
import type { Expected, ExpectedOutcome, ExpectedStep } from './workflow-case.js';

/** Holds a run, and the stores after it, to what its case expects. */
export function checkRun(t: ExecutionContext, found: CaseRun, expected: Expected, world: CaseWorld): void {
  const { run } = found;
  if (expected.outcome !== undefined) checkOutcome(t, run.outcome, expected.outcome, 'the Workflow');
  if (expected.steps !== undefined) checkSteps(t, run.steps, expected.steps);
  if (expected.conditions !== undefined) {
    const conditions = run.conditions.map(({ type, name, outcome }) => ({ type, name, outcome: outcome.type }));
    t.deepEqual(conditions, [...expected.conditions], 'conditions');
  }
  if (expected.state !== undefined) checkJson(t, run.state, expected.state, 'state');
  if (expected.stateErrors !== undefined) checkStateErrors(t, run.stateErrors, expected.stateErrors);
  if (expected.managed !== undefined) {
    checkJson(t, recorded(run.managed.resources), recorded(expected.managed), 'managed resources');
  }
  checkStores(t, expected, world);
  if (expected.changes !== undefined) t.is(found.changes, expected.changes, 'changes of the store');
  if (expected.writes !== undefined) t.is(found.writes, expected.writes, 'writes to the store');
  if (expected.seconds !== undefined) t.is(found.seconds, expected.seconds, 'seconds');
}

function checkOutcome(t: ExecutionContext, outcome: Outcome, expected: ExpectedOutcome, whose: string): void {
  const told = outcome.type === 'Ok' ? '' : `: ${outcome.message}`;
  t.is(outcome.type, expected.type, `${whose}${told}`);
  if (expected.value !== undefined && outcome.type === 'Ok') checkJson(t, outcome.value, expected.value, whose);
  if (expected.delay !== undefined) t.is(outcome.type === 'Retry' ? outcome.delay : undefined, expected.delay, whose);
  if (expected.message === undefined) return;
  const message = outcome.type === 'Ok' ? '' : outcome.message;
  t.true(message.toLowerCase().includes(expected.message.toLowerCase()), `${whose} says: ${message}`);
}

function checkSteps(t: ExecutionContext, steps: readonly StepReport[], expected: NonNullable<Expected['steps']>): void {
  t.deepEqual(
    steps.map(({ label }) => label),
    Object.keys(expected),
    'steps',
  );
  for (const step of steps) {
    const wanted = expected[step.label];
    if (wanted !== undefined) checkStep(t, step, wanted);
  }
}

function checkStep(t: ExecutionContext, step: StepReport, expected: ExpectedStep): void {
  const whose = `step ${step.label}`;
  checkOutcome(t, step.outcome, expected, whose);
  if (expected.action !== undefined) t.is(step.action?.type as string | undefined, expected.action, whose);
  if (expected.waitedFor !== undefined) t.deepEqual([...step.waitedFor], [...expected.waitedFor], whose);
  if (expected.items !== undefined) t.is(step.items?.length, expected.items, whose);
  if (expected.steps !== undefined) {
    const inner = Object.fromEntries((step.steps ?? []).map(({ label, outcome }) => [label, outcome.type]));
    t.deepEqual(inner, { ...expected.steps }, whose);
  }
}

function checkStateErrors(
  t: ExecutionContext,
  found: Readonly<Record<string, string>> | null,
  expected: Readonly<Record<string, string>> | null,
): void {
  if (found === null || expected === null) {
    t.is(found, expected, 'state errors');
    return;
  }
  t.deepEqual(Object.keys(found), Object.keys(expected), 'state errors');
  for (const [step, part] of Object.entries(expected)) t.true(found[step]?.includes(part), `${step}: ${found[step]}`);
}

function checkStores(t: ExecutionContext, expected: Expected, { store, other }: CaseWorld): void {
  for (const wanted of expected.resources ?? []) {
    const there = find(store.resources, wanted);
    t.true(
      there !== undefined && holds(asJson(there), wanted),
      `${JSON.stringify(there)} must hold ${JSON.stringify(wanted)}`,
    );
  }
  for (const wanted of expected.exactly ?? []) {
    const there = find(store.resources, wanted);
    checkJson(t, there === undefined ? null : authored(there), wanted, 'a resource');
  }
  for (const ref of expected.absent ?? []) t.is(store.peek(ref), undefined, 'a resource that must not be there');
  if (expected.other !== undefined) checkJson(t, other.resources.map(authored), expected.other, 'the other store');
}

function find(resources: readonly Resource[], wanted: JsonObject): Resource | undefined {
  const key = refKey(refOf(wanted as unknown as Resource));
  return resources.find((resource) => refKey(refOf(resource)) === key);
}

/** A resource as its author would write it: without what the store and the kernel keep in its metadata. */
function authored(resource: Resource): JsonObject {
  const kept: MutableJsonObject = {};
  for (const [key, value] of Object.entries(asJson(resource).metadata ?? {})) {
    if (KEPT_BY_STORES.has(key)) continue;
    const notes = key === 'annotations' ? withoutRecord(value) : value;
    if (notes !== undefined) setKey(kept, key, notes);
  }
  return { ...asJson(resource), metadata: kept };
}

const KEPT_BY_STORES: ReadonlySet<string> = new Set(['uid', 'resourceVersion', 'generation']);

function withoutRecord(notes: Json): Json | undefined {
  const others = Object.entries(notes ?? {}).filter(([key]) => key !== annotations.lastApplied);
  return others.length === 0 ? undefined : Object.fromEntries(others);
}

/** The record of what is managed, without the policies, which the specification leaves to the kernel to keep. */
function recorded(node: unknown): Json {
  if (Array.isArray(node)) return node.map((item) => recorded(item as ManagedNode));
  if (!isObject(node)) return (node ?? null) as Json;
  const result: MutableJsonObject = {};
  for (const [key, value] of Object.entries(node)) if (key !== 'onRelease') setKey(result, key, recorded(value));
  return result;
}

/** Whether a value holds at least what another says: mappings may hold more, all else is equal. */
function holds(value: Json | undefined, wanted: Json): boolean {
  if (!isObject(wanted)) return equalJson(value, wanted);
  if (!isObject(value) || isList(value)) return false;
  return Object.entries(wanted).every(([key, part]) => holds(getKey(value, key), part));
}

function checkJson(t: ExecutionContext, found: Json, expected: Json, what: string): void {
  t.true(equalJson(found, expected), `${what}: found ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
}
