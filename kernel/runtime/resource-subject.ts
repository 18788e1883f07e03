import type { RunBudget } from '../contracts/budget.js';
import type { Placement, ResourceHandler } from '../contracts/resource-handler.js';
import type { PreparedResourceFunction } from '../language/definition.js';
import type { Template } from '../language/template.js';
import { andThen, type MaybePromise } from '../model/json.js';
import type { ManagedResource } from '../model/managed-resources.js';
import { type PermFail, permFail, type Retry } from '../model/outcome.js';
import { guessPlural } from '../model/plural.js';
import { formatRef, type OwnerReference, type ResourceRef } from '../model/resource.js';
import { ownerReference } from '../resources/owner-references.js';
import { type FunctionScope, WrongTypeError } from './evaluation.js';
import { placeIn } from './failure.js';
import type { RunContext, RunOwner } from './run-context.js';
import { writeFailure } from './store-failure.js';

/** The resource that a run of a ResourceFunction is about, and who keeps it. */
export interface ResourceSubject {
  readonly ref: ResourceRef;
  /** As messages name it: `Deployment prod/web`. */
  readonly text: string;
  /** Where outcomes about it are decided. */
  readonly place: string;
  readonly handler: ResourceHandler;
  readonly placement: Placement;
  /** The reference that it should hold; undefined when it is not to be owned. */
  readonly owner: OwnerReference | undefined;
}

/** Evaluates which resource the function is about. @throws EvaluationError, WrongTypeError when there is no name, or no namespace where one is needed */
export function resourceRef(
  { apiConfig }: PreparedResourceFunction,
  scope: FunctionScope,
  budget: RunBudget,
): MaybePromise<ResourceRef> {
  const { apiVersion, kind, namespaced, namespace: template } = apiConfig;
  return andThen(evaluateName(apiConfig.name, scope, budget), (name): MaybePromise<ResourceRef> => {
    if (!namespaced) return { apiVersion, kind, name };
    if (template === undefined) {
      const location = { ...apiConfig.name.location, path: ['spec', 'apiConfig', 'namespace'] };
      throw new WrongTypeError(location, `a namespace, since ${kind} is namespaced`, undefined);
    }
    return andThen(evaluateName(template, scope, budget), (namespace) => ({ apiVersion, kind, name, namespace }));
  });
}

/** Finds out who keeps the resource, and whether the trigger is to own it; or gives the outcome when nobody keeps its kind. */
export function resourceSubject(
  definition: PreparedResourceFunction,
  ref: ResourceRef,
  context: RunContext,
): ResourceSubject | Retry | PermFail {
  const { store } = definition.apiConfig;
  const text = formatRef(ref);
  const place = `${placeIn(definition, undefined)}, ${text}`;
  const placement: Placement = store === undefined ? {} : { store };
  try {
    const handler = context.handlers.find((candidate) => candidate.claims(ref));
    if (handler === undefined) return permFail(`No resource handler claims ${ref.apiVersion} ${ref.kind}`, place);
    const keeper = handler.storeOf(ref, placement);
    return { ref, text, place, handler, placement, owner: ownerOf(definition, ref, keeper, context.owner) };
  } catch (error) {
    return writeFailure(error, `Finding the store of ${text}`, place);
  }
}

/** What is known of a resource when it is recorded, beside what its function says. */
interface RecordedFacts {
  /** As the store says; guessed where nobody says. */
  readonly plural?: string | undefined;
  /** Whether it bears, or will bear, a reference to its trigger, which shows what becomes of it when it is let go. */
  readonly owned?: boolean;
}

/** How a run records the resource. */
export function managedResource(
  { name: resourceFunction, apiConfig, onRelease }: PreparedResourceFunction,
  ref: ResourceRef,
  { plural, owned = true }: RecordedFacts = {},
): ManagedResource {
  const { apiVersion, kind, name, namespace } = ref;
  const { readonly, store } = apiConfig;
  const chosen = apiConfig.plural ?? plural ?? guessPlural(kind);
  const managed: { -readonly [K in keyof ManagedResource]: ManagedResource[K] } =
    namespace === undefined
      ? { apiVersion, kind, plural: chosen, name, readonly, resourceFunction }
      : { apiVersion, kind, plural: chosen, name, namespace, readonly, resourceFunction };
  if (store !== undefined) managed.store = store;
  if (!readonly && (onRelease !== 'destroy' || !owned)) managed.onRelease = onRelease;
  return managed;
}

function evaluateName(template: Template, scope: FunctionScope, budget: RunBudget): MaybePromise<string> {
  return andThen(template.evaluate(scope, budget), (value) => {
    if (typeof value === 'string' && value !== '') return value;
    throw new WrongTypeError(template.location, 'a string that is not empty', value);
  });
}

function ownerOf(
  { apiConfig }: PreparedResourceFunction,
  ref: ResourceRef,
  keeper: string,
  { apiVersion, kind, name, namespace, uid, store }: RunOwner,
): OwnerReference | undefined {
  if (!apiConfig.owned || apiConfig.readonly || uid === undefined) return undefined;
  if (ref.namespace === undefined || ref.namespace !== namespace || keeper !== store) return undefined;
  return ownerReference({ apiVersion, kind, name, uid });
}
