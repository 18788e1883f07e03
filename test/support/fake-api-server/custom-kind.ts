import { getAt, isList, isObject, type Json, type JsonObject } from 'koreo-kernel';
import type { Cause } from './api-error.js';
import { type ApiObject, jsonOf } from './api-object.js';
import type { ListType, ServedKind } from './served-kind.js';

/** The kind that a CustomResourceDefinition asks for; its rules are checked already. */
export function customKind(crd: ApiObject): ServedKind {
  const spec = crd.spec as JsonObject;
  const names = spec.names as JsonObject;
  const versions = versionsOf(crd).filter((version) => version.served === true);
  const schemas = Object.fromEntries(
    versions.map((version) => [
      String(version.name),
      (getAt(version, ['schema', 'openAPIV3Schema']) ?? {}) as JsonObject,
    ]),
  );
  const statusSubresource = versions.some((version) => getAt(version, ['subresources', 'status']) !== undefined);
  const first = schemas[String(versions[0]?.name)];
  return {
    group: String(spec.group),
    versions: versions.map((version) => String(version.name)),
    kind: String(names.kind),
    plural: String(names.plural),
    shortNames: texts(names.shortNames),
    categories: texts(names.categories),
    namespaced: spec.scope === 'Namespaced',
    statusSubresource,
    counted: true,
    unconditionalUpdate: false,
    schemas,
    listType: (path) => listTypeAt(first, path),
  };
}

/** What a real server refuses of a CustomResourceDefinition. */
export function crdCauses(crd: ApiObject): readonly Cause[] {
  const json = jsonOf(crd);
  const causes: Cause[] = [];
  const refuse = (field: string, message: string) => causes.push({ reason: 'FieldValueInvalid', field, message });
  const text = (path: string) => {
    const value = getAt(json, path.split('.'));
    if (typeof value === 'string' && value !== '') return value;
    causes.push({ reason: 'FieldValueRequired', field: path, message: 'Required value' });
    return '';
  };
  const [group, plural, scope] = [text('spec.group'), text('spec.names.plural'), text('spec.scope')];
  text('spec.names.kind');
  if (scope !== '' && scope !== 'Namespaced' && scope !== 'Cluster') {
    refuse('spec.scope', `Unsupported value: "${scope}": supported values: "Cluster", "Namespaced"`);
  }
  if (crd.metadata.name !== `${plural}.${group}`) {
    refuse('metadata.name', 'Invalid value: must be spec.names.plural+"."+spec.group');
  }
  const versions = versionsOf(crd);
  if (versions.filter((version) => version.storage === true).length !== 1) {
    refuse('spec.versions', 'Invalid value: must have exactly one version marked as storage version');
  }
  for (const [index, version] of versions.entries()) {
    if (!isObject(getAt(version, ['schema', 'openAPIV3Schema']))) {
      const field = `spec.versions[${index}].schema.openAPIV3Schema`;
      causes.push({ reason: 'FieldValueRequired', field, message: 'Required value: schemas are required' });
    }
  }
  return causes;
}

/** A definition as it is once the server has taken it up. */
export function established(crd: ApiObject, now: string): ApiObject {
  const conditions = ['NamesAccepted', 'Established'].map((type) => ({
    type,
    status: 'True',
    lastTransitionTime: now,
    reason: type === 'Established' ? 'InitialNamesAccepted' : 'NoConflicts',
    message: '',
  }));
  const names = getAt(jsonOf(crd), ['spec', 'names']);
  const stored = versionsOf(crd).find((version) => version.storage === true)?.name;
  return { ...crd, status: { conditions, acceptedNames: names, storedVersions: [stored] } };
}

function versionsOf(crd: ApiObject): readonly JsonObject[] {
  const versions = getAt(jsonOf(crd), ['spec', 'versions']);
  return isList(versions) ? versions.filter(isObject) : [];
}

function texts(value: Json | undefined): readonly string[] {
  return isList(value) ? value.map(String) : [];
}

function listTypeAt(schema: JsonObject | undefined, path: string): ListType | undefined {
  let here: Json | undefined = schema;
  for (const name of path.split('.')) {
    if (isObject(here) && isObject(here.items)) here = here.items;
    here = getAt(here, ['properties', name]) ?? getAt(here, ['additionalProperties']);
  }
  const type = getAt(here, ['x-kubernetes-list-type']);
  if (type === 'map') return texts(getAt(here, ['x-kubernetes-list-map-keys']));
  return type === 'set' || type === 'atomic' ? type : undefined;
}
