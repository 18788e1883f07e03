import type { Overlay, PreparedResourceFunction } from '../language/definition.js';
import { isObject, type JsonObject, withKeys } from '../model/json.js';
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
  async build(): Promise<Outcome<JsonObject>> {
    let target = await this.#base();
    for (const overlay of this.definition.overlays) {
      if (!isOk(target)) return target;
      target = await this.#layOver(overlay, target.value);
    }
    return isOk(target) ? ok(this.#identified(target.value)) : target;
  }

  /** The target as it is when the resource is new. @throws EvaluationError, WrongTypeError */
  async forCreate(target: JsonObject): Promise<JsonObject> {
    const { overlay } = this.definition.create;
    if (overlay === undefined) return target;
    return this.#identified(await overlay.layOver(target, { resource: target, ...this.scope }, this.context.budget));
  }

  async #base(): Promise<Outcome<JsonObject>> {
    const { base } = this.definition;
    if (base === undefined) return ok({});
    if (base.type === 'resource') return ok(await evaluateMapping(base.resource, this.scope, this.context.budget));
    const name = await evaluateString(base.name, this.scope, this.context.budget);
    const found = findDefinition('ResourceTemplate', name, this.context);
    if (found.definition !== undefined) return ok(asJson(found.definition.template));
    return retry(DEFAULT_DELAY, found.why, placeIn(this.definition, base.name.location));
  }

  async #layOver({ skipIf, body, location }: Overlay, target: JsonObject): Promise<Outcome<JsonObject>> {
    const { budget } = this.context;
    if (skipIf !== undefined && (await evaluateBoolean(skipIf, this.scope, budget))) return ok(target);
    if (body.type === 'inline') {
      return ok(await body.overlay.layOver(target, { resource: target, ...this.scope }, budget));
    }
    const found = findDefinition('ValueFunction', body.name, this.context);
    if (found.definition === undefined) return retry(DEFAULT_DELAY, found.why, placeIn(this.definition, location));
    const inputs = body.inputs === undefined ? {} : await evaluateMapping(body.inputs, this.scope, budget);
    return runOverlayFunction(found.definition, inputs, target, budget);
  }

  /** Neither a template nor an overlay can move the resource elsewhere. */
  #identified(target: JsonObject): JsonObject {
    const { apiVersion, kind, name, namespace } = this.ref;
    const metadata = this.#metadata(target);
    const identified =
      namespace === undefined ? clusterScoped(metadata, name) : withKeys(metadata, { name, namespace });
    return withoutLastApplied(withKeys(target, { apiVersion, kind, metadata: identified }));
  }

  #metadata({ metadata }: JsonObject): JsonObject {
    if (metadata === undefined || metadata === null) return {};
    if (isObject(metadata)) return metadata;
    const { location } = this.definition.base?.type === 'resource' ? this.definition.base.resource : this.definition;
    throw new WrongTypeError({ ...location, path: [...location.path, 'metadata'] }, 'a mapping', metadata);
  }
}

function clusterScoped({ namespace: _elsewhere, ...metadata }: JsonObject, name: string): JsonObject {
  return withKeys(metadata, { name });
}
