import type { ActionReport, Difference } from '../contracts/run-report.js';
import type { PreparedResourceFunction } from '../language/definition.js';
import { andThen, equalJson, type JsonObject, type MaybePromise } from '../model/json.js';
import { isOk, type Outcome, ok, retry } from '../model/outcome.js';
import { formatPath } from '../model/path.js';
import { asJson, asResource, guardsOf, type OwnerReference, type Resource } from '../model/resource.js';
import { compareResource } from '../resources/compare.js';
import { formatDifference } from '../resources/difference.js';
import { isDrift } from '../resources/drift.js';
import { droppedFields } from '../resources/dropped-fields.js';
import { isOwnedBy } from '../resources/owner-references.js';
import { adoptionPatch, formForCreate, formForPatch, isAbandoned, recordedTarget } from '../resources/sent-form.js';
import { evaluateMapping, type FunctionScope } from './evaluation.js';
import { checkPredicates } from './predicates.js';
import type { ResourceSubject } from './resource-subject.js';
import { TargetBuilder } from './resource-target.js';
import type { DriftPolicy, Hold, RunContext } from './run-context.js';
import { DEFAULT_DELAY } from './store-failure.js';

/** What a write was computed from; the store refuses it when that is no longer so. */
export interface Guards {
  readonly uid?: string;
  readonly revision?: string;
}

/** What is to be done to a resource, as data. */
export type Action =
  | { readonly type: 'none' }
  | { readonly type: 'wait' }
  | { readonly type: 'create'; readonly target: Resource; readonly lasting?: Resource }
  | { readonly type: 'patch'; readonly change: Change; readonly guards: Guards }
  | { readonly type: 'recreate' | 'delete'; readonly guards: Guards };

/** A target as it is sent. */
interface LaidTarget {
  readonly type: 'target';
  readonly target: Resource;
  /** As it is wanted, with its directives, where a store that knows the owners of fields may leave other things standing. */
  readonly wanted: JsonObject | undefined;
}

/** A whole target that is laid on, or a merge patch of one thing. */
export type Change = LaidTarget | { readonly type: 'merge'; readonly patch: JsonObject };

/** What a ResourceFunction wants done, and its outcome when that succeeds, or when nothing is to be done. */
export interface Decision {
  readonly action: Action;
  readonly outcome: Outcome;
  readonly differences: readonly Difference[];
  readonly drift?: NonNullable<ActionReport['drift']>;
}

/** What was read of a resource: itself, if it is there, and how its store deals with fields. */
export interface Reading {
  readonly actual: Resource | undefined;
  /** Whether an apply takes away what an earlier target set. */
  readonly ownsFields: boolean;
}

type Found = Reading & { readonly actual: Resource };

/** How the resource's drift is dealt with in this run. */
export interface DriftRule extends Pick<DriftPolicy, 'mode'> {
  /** Absent: it may be put right now. */
  readonly hold?: Hold | undefined;
}

const CORRECT: DriftRule = { mode: 'correct' };

/** Decides what a ResourceFunction does about its resource, from what was read of it. Does nothing itself. */
export class ResourceDecider {
  readonly #definition: PreparedResourceFunction;
  readonly #subject: ResourceSubject;
  readonly #scope: FunctionScope;
  readonly #context: RunContext;

  constructor(
    definition: PreparedResourceFunction,
    subject: ResourceSubject,
    scope: FunctionScope,
    context: RunContext,
  ) {
    this.#definition = definition;
    this.#subject = subject;
    this.#scope = scope;
    this.#context = context;
  }

  /** @throws EvaluationError, WrongTypeError */
  decide({ actual, ownsFields }: Reading, drift: DriftRule = CORRECT): MaybePromise<Decision> {
    const { apiConfig, create } = this.#definition;
    const { text } = this.#subject;
    if (apiConfig.readonly) return actual === undefined ? this.#waits() : this.#settled(asJson(actual));
    if (apiConfig.deleteIfExists) {
      if (actual === undefined) return andThen(this.#result({}), (result) => decision({ type: 'none' }, result));
      return decision({ type: 'delete', guards: guardsOf(actual) }, this.#retry(DEFAULT_DELAY, `Deleting ${text}.`));
    }
    if (actual === undefined && !create.enabled) return this.#waits();
    const builder = new TargetBuilder(this.#definition, this.#subject.ref, this.#scope, this.#context);
    return andThen(builder.build(), (target): MaybePromise<Decision> => {
      if (!isOk(target)) return decision({ type: 'none' }, target);
      if (actual !== undefined) return this.#compares(target.value, { actual, ownsFields }, drift);
      if (drift.hold !== undefined) return this.#holds(drift.hold);
      return andThen(builder.forCreate(target.value), (whole) => this.#creates(target.value, whole));
    });
  }

  #waits(): Decision {
    return decision({ type: 'wait' }, this.#retry(DEFAULT_DELAY, `${this.#subject.text} not found. Waiting...`));
  }

  #creates(lasting: JsonObject, whole: JsonObject): Decision {
    const { owner, text } = this.#subject;
    const target = asResource(formForCreate(whole, owner));
    const outcome = this.#retry(this.#definition.create.delay, `Creating ${text}.`);
    if (whole === lasting) return decision({ type: 'create', target }, outcome);
    return decision({ type: 'create', target, lasting: asResource(formForCreate(lasting, owner)) }, outcome);
  }

  #compares(target: JsonObject, { actual, ownsFields }: Found, rule: DriftRule): MaybePromise<Decision> {
    const { update } = this.#definition;
    const { owner, text } = this.#subject;
    const found = compareResource(target, asJson(actual));
    const differences = ownsFields ? [...found, ...droppedFields(target, asJson(actual))] : found;
    const [first] = differences;
    const sendable = update.type === 'never' || first === undefined ? undefined : recordedTarget(target);
    const isDrifted = sendable !== undefined && isDrift(differences, target, asJson(actual), sendable.record);
    const isReported = isDrifted && rule.mode === 'detect';
    const missingOwner = owner !== undefined && !isOwnedBy(asJson(actual), owner.uid) ? owner : undefined;
    const needsAdoption = missingOwner !== undefined || isAbandoned(asJson(actual));
    if (update.type === 'never' || ((first === undefined || isReported) && !needsAdoption)) {
      const drift = isReported ? ({ drift: 'reported' } as const) : {};
      return andThen(this.#settled(asJson(actual)), (settled) => ({ ...settled, differences, ...drift }));
    }
    if (first === undefined || sendable === undefined || isReported) {
      const adoption = this.#adopts(actual, missingOwner, update.delay);
      return isReported ? { ...adoption, differences, drift: 'reported' } : adoption;
    }
    const { hold } = rule;
    if (hold !== undefined && (isDrifted || isAbout(hold, differences))) return { ...this.#holds(hold), differences };
    // What is on its way out is asked to go again, which puts nothing right.
    const isCorrected = isDrifted && (actual.metadata.deletionTimestamp ?? null) === null;
    const drift = isCorrected ? 'corrected' : undefined;
    const why = `due to ${formatDifference(first, actual.kind)}.`;
    if (update.type === 'recreate') {
      const outcome = this.#retry(update.delay, `Deleting \`${text}\` to recreate ${why}`);
      return decision({ type: 'recreate', guards: guardsOf(actual) }, outcome, differences, drift);
    }
    const { sent, replacesOwners } = formForPatch(sendable, asJson(actual), { owner, ownsFields });
    const guards = replacesOwners ? guardsOf(actual) : objectGuardOf(actual);
    const change: Change = { type: 'target', target: asResource(sent), wanted: ownsFields ? target : undefined };
    const outcome = this.#retry(update.delay, `Patching \`${text}\` ${why}`);
    return decision({ type: 'patch', change, guards }, outcome, differences, drift);
  }

  /** Runs go on meanwhile, for what else there is to do: they only read it. */
  #holds({ ms }: Hold): Decision {
    const { text } = this.#subject;
    const outcome = this.#retry(Math.min(ms / 1000, DEFAULT_DELAY), `${text} is contested. It is put right later.`);
    return { ...decision({ type: 'wait' }, outcome), drift: 'held' };
  }

  /** All is as it should be, but that the trigger does not own it yet, or that a former one left it for nobody. */
  #adopts(actual: Resource, owner: OwnerReference | undefined, delay: number): Decision {
    const { text } = this.#subject;
    const patch = adoptionPatch(asJson(actual), owner);
    const why = owner === undefined ? 'to manage it again' : 'to add the owner reference';
    const outcome = this.#retry(delay, `Patching \`${text}\` ${why}.`);
    return decision({ type: 'patch', change: { type: 'merge', patch }, guards: guardsOf(actual) }, outcome);
  }

  #settled(resource: JsonObject): MaybePromise<Decision> {
    const { postconditions } = this.#definition;
    const scope = { resource, ...this.#scope };
    const checked = checkPredicates(postconditions, scope, this.#definition, this.#context.budget);
    const outcome = andThen(checked, (verdict) => (verdict.type === 'go-on' ? this.#result(resource) : verdict));
    return andThen(outcome, (settled) => decision({ type: 'none' }, settled));
  }

  #result(resource: JsonObject): MaybePromise<Outcome> {
    const template = this.#definition.return;
    if (template === undefined) return ok(null);
    return andThen(evaluateMapping(template, { resource, ...this.#scope }, this.#context.budget), ok);
  }

  #retry(delay: number, message: string): Outcome {
    return retry(delay, message, this.#subject.place);
  }
}

function decision(
  action: Action,
  outcome: Outcome,
  differences: readonly Difference[] = [],
  drift?: Decision['drift'],
): Decision {
  return drift === undefined ? { action, outcome, differences } : { action, outcome, differences, drift };
}

/** Guards what is right for the object whatever its revision. */
function objectGuardOf({ metadata: { uid } }: Resource): Guards {
  return uid === undefined ? {} : { uid };
}

/** Whether nothing is to be written but what is contested, as it was wanted before. */
function isAbout({ wanted }: Hold, differences: readonly Difference[]): boolean {
  return differences.every(({ path, target }) => {
    const place = formatPath(path);
    return wanted.has(place) && equalJson(wanted.get(place) ?? null, target ?? null);
  });
}
