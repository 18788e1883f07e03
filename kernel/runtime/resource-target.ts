import type { Overlay, PreparedResourceFunction } from '../language/definition.js';
import { andThen, getKey, isObject, type JsonObject, type MaybePromise, withKeys } from '../model/json.js';
import { isOk, type Outcome, ok, retry } from '../model/outcome.js';
import { asJson, type ResourceRef } from '../model/resource.js';
import { withoutLastApplied } from '../resources/last-applied.js';
import { evaluateBoolean, evaluateMapping, evaluateString, type FunctionScope, WrongTypeError } from './evaluation.js';
import { placeIn } from './failure.js';
import { findDefinition } from './find-definition.js';
import type { RunContext } from './run-context.js';
import { DEFAULT_DELAY } from './store-failure.js';
import { runOverlayFunction } from './value-function.js';

/** Builds the target of one ResourceFunction in one run: its base, the overlays in order, then its identity forced on. */
export class TargetBuilder {
  constructor(
    private readonly definition: PreparedResourceFunction,
    private readonly ref: ResourceRef,
    private readonly scope: FunctionScope,
    private readonly context: RunContext,
  ) {}

  /** The target, directives included; or the outcome that keeps it from being built. @throws EvaluationError, WrongTypeError */
  build(): MaybePromise<Outcome<JsonObject>> {
    const laid = this.definition.overlays.reduce(
      (before, overlay) => andThen(before, (target) => (isOk(target) ? this.#layOver(overlay, target.value) : target)),
      this.#base(),
    );
    return andThen(laid, (target) => (isOk(target) ? ok(this.#identified(target.value)) : target));
  }

  /** The target as it is when the resource is new. @throws EvaluationError, WrongTypeError */
  forCreate(target: JsonObject): MaybePromise<JsonObject> {
    const { overlay } = this.definition.create;
    if (overlay === undefined) return target;
    const whole = overlay.layOver(target, { resource: target, ...this.scope }, this.context.budget);
    return andThen(whole, (value) => this.#identified(value));
  }

  #base(): MaybePromise<Outcome<JsonObject>> {
    const { base } = this.definition;
    if (base === undefined) return ok({});
    if (base.type === 'resource') return andThen(evaluateMapping(base.resource, this.scope, this.context.budget), ok);
    return andThen(evaluateString(base.name, this.scope, this.context.budget), (name): Outcome<JsonObject> => {
      const found = findDefinition('ResourceTemplate', name, this.context);
      if (found.definition !== undefined) return ok(asJson(found.definition.template));
      return retry(DEFAULT_DELAY, found.why, placeIn(this.definition, base.name.location));
    });
  }

  #layOver(overlay: Overlay, target: JsonObject): MaybePromise<Outcome<JsonObject>> {
    const { skipIf } = overlay;
    if (skipIf === undefined) return this.#laid(overlay, target);
    const skipped = evaluateBoolean(skipIf, this.scope, this.context.budget);
    return andThen(skipped, (skip) => (skip ? ok(target) : this.#laid(overlay, target)));
  }

  #laid({ body, location }: Overlay, target: JsonObject): MaybePromise<Outcome<JsonObject>> {
    const { budget } = this.context;
    if (body.type === 'inline') {
      return andThen(body.overlay.layOver(target, { resource: target, ...this.scope }, budget), ok);
    }
    const found = findDefinition('ValueFunction', body.name, this.context);
    if (found.definition === undefined) return retry(DEFAULT_DELAY, found.why, placeIn(this.definition, location));
    const { definition } = found;
    const inputs = body.inputs === undefined ? {} : evaluateMapping(body.inputs, this.scope, budget);
    return andThen(inputs, (given) => runOverlayFunction(definition, given, target, budget));
  }

  /** Neither a template nor an overlay can move the resource elsewhere. */
  #identified(target: JsonObject): JsonObject {
    const { apiVersion, kind, name, namespace } = this.ref;
    const metadata = this.#metadata(target);
    const identified = namespace === undefined ? clusterScoped(metadata, name) : namespaced(metadata, name, namespace);
    return withoutLastApplied(withKeys(target, { apiVersion, kind, metadata: identified }));
  }

  #metadata({ metadata }: JsonObject): JsonObject {
    if (metadata === undefined || metadata === null) return {};
    if (isObject(metadata)) return metadata;
    const { location } = this.definition.base?.type === 'resource' ? this.definition.base.resource : this.definition;
    throw new WrongTypeError({ ...location, path: [...location.path, 'metadata'] }, 'a mapping', metadata);
  }
}

function namespaced(metadata: JsonObject, name: string, namespace: string): JsonObject {
  const isNamedSo = getKey(metadata, 'name') === name && getKey(metadata, 'namespace') === namespace;
  return isNamedSo ? metadata : withKeys(metadata, { name, namespace });
}

function clusterScoped({ namespace: _elsewhere, ...metadata }: JsonObject, name: string): JsonObject {
  return withKeys(metadata, { name });
}
