import { isObject } from '../model/json.js';
import type { ApiConfig, Overlay, PreparedResourceFunction, Reference } from './definition.js';
import type { DefinitionSource } from './definition-source.js';
import type { Field } from './field.js';
import { localNames, prepareLocals } from './locals.js';
import { preparePredicates } from './predicates.js';
import type { Names } from './preparation.js';

const DEFAULT_DELAY_SECONDS = 30;

/** Prepares a ResourceFunction; undefined when what it is about cannot be told. */
export function prepareResourceFunction(source: DefinitionSource): PreparedResourceFunction | undefined {
  const { preparation, spec } = source;
  const locals = spec.at('locals');
  const target: Names = { inScope: ['inputs', 'locals'], locals: localNames(locals) };
  const whole: Names = { ...target, inScope: ['inputs', 'locals', 'resource'] };
  const preconditions = preparePredicates(spec.at('preconditions'), { inScope: ['inputs'] });
  const preparedLocals = prepareLocals(locals);
  const apiConfig = prepareApiConfig(spec.at('apiConfig'), target);
  const base = prepareBase(spec, target);
  const overlays = spec
    .at('overlays')
    .items()
    .map((item) => prepareOverlay(item, { target, whole }));
  const create = prepareCreate(spec.at('create'), whole);
  const postconditions = preparePredicates(spec.at('postconditions'), whole);
  const result = spec.at('return').template(whole);
  if (apiConfig === undefined) return undefined;
  const references = [...templateReferences(spec), ...spec.at('overlays').items().flatMap(overlayReferences)];
  return {
    kind: 'ResourceFunction',
    ...source.prepared(references),
    preconditions,
    locals: preparedLocals,
    apiConfig,
    ...(base === undefined ? {} : { base }),
    overlays: overlays.flatMap((overlay) => overlay ?? []),
    create,
    update: prepareUpdate(spec.at('update')),
    onRelease: releasePolicy(spec.at('delete'), apiConfig),
    postconditions,
    ...(result === undefined ? {} : { return: result }),
    inputNames: preparation.inputNames,
  };
}

function prepareApiConfig(field: Field, names: Names): ApiConfig | undefined {
  const apiVersion = field.at('apiVersion').text();
  const kind = field.at('kind').text();
  const name = field.at('name').template(names);
  const namespace = field.at('namespace').template(names);
  const plural = field.at('plural').text();
  const store = field.at('store').text();
  if (apiVersion === undefined || kind === undefined || name === undefined) return undefined;
  return {
    apiVersion,
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(plural === undefined ? {} : { plural }),
    ...(store === undefined ? {} : { store }),
    namespaced: field.at('namespaced').flag({ default: true }),
    owned: field.at('owned').flag({ default: true }),
    readonly: field.at('readonly').flag({ default: false }),
    deleteIfExists: field.at('deleteIfExists').flag({ default: false }),
  };
}

function prepareBase(spec: Field, names: Names): PreparedResourceFunction['base'] {
  const resource = spec.at('resource').template(names);
  const templateRef = spec.at('resourceTemplateRef');
  const name = templateRef.at('name').template(names);
  if (resource !== undefined && templateRef.isPresent) {
    templateRef.report('schema', 'only one of resource and resourceTemplateRef may be there');
  }
  if (resource !== undefined) return { type: 'resource', resource };
  if (name !== undefined) return { type: 'template', name };
  if (needsBase(spec) && !templateRef.isPresent) {
    const exceptions = 'unless apiConfig says readonly or deleteIfExists';
    spec.report('schema', `one of resource and resourceTemplateRef is needed, ${exceptions}`);
  }
  return undefined;
}

function needsBase(spec: Field): boolean {
  const apiConfig = spec.at('apiConfig');
  const makesNothing = ['readonly', 'deleteIfExists'].some((key) => apiConfig.at(key).flag({ default: false }));
  return isObject(apiConfig.value) && !makesNothing;
}

interface OverlayNames {
  readonly target: Names;
  readonly whole: Names;
}

function prepareOverlay(field: Field, { target, whole }: OverlayNames): Overlay | undefined {
  const { location } = field;
  const skipIf = field.at('skipIf').expression(target);
  const inline = field.at('overlay').template(whole);
  const inputs = field.at('inputs').template(target);
  const name = field.at('overlayRef').at('name').text();
  const when = skipIf === undefined ? {} : { skipIf };
  if (inline !== undefined) {
    if (inputs !== undefined) field.at('inputs').report('schema', 'inputs are for an overlayRef, not for an overlay');
    return { location, ...when, body: { type: 'inline', overlay: inline } };
  }
  if (name === undefined) return undefined;
  return { location, ...when, body: { type: 'function', name, ...(inputs === undefined ? {} : { inputs }) } };
}

function overlayReferences(field: Field): readonly Reference[] {
  const reference = field.at('overlayRef');
  const name = reference.at('name').text();
  if (name === undefined) return [];
  const inputs = field.at('inputs');
  const givenInputs = inputs.text() === undefined ? inputs.entries().map(([key]) => key) : undefined;
  const { location } = reference.at('name');
  return [{ kind: 'ValueFunction', name, location, ...(givenInputs === undefined ? {} : { givenInputs }) }];
}

/** The template, when a constant names it; one whose name is computed is looked up by each run. */
function templateReferences(spec: Field): readonly Reference[] {
  const field = spec.at('resourceTemplateRef').at('name');
  const name = field.text();
  if (name === undefined || name.trimStart().startsWith('=')) return [];
  return [{ kind: 'ResourceTemplate', name, location: field.location }];
}

function prepareCreate(field: Field, names: Names): PreparedResourceFunction['create'] {
  const overlay = field.at('overlay').template(names);
  return {
    enabled: field.at('enabled').flag({ default: true }),
    delay: field.at('delay').number() ?? DEFAULT_DELAY_SECONDS,
    ...(overlay === undefined ? {} : { overlay }),
  };
}

function prepareUpdate(field: Field): PreparedResourceFunction['update'] {
  if (field.at('never').value !== undefined) return { type: 'never' };
  const type = field.at('recreate').value === undefined ? 'patch' : 'recreate';
  return { type, delay: field.at(type).at('delay').number() ?? DEFAULT_DELAY_SECONDS };
}

function releasePolicy(field: Field, { owned, readonly }: ApiConfig): PreparedResourceFunction['onRelease'] {
  if (readonly || field.at('abandon').value !== undefined) return 'abandon';
  if (field.at('destroy').value !== undefined) return 'destroy';
  return owned ? 'destroy' : 'abandon';
}
