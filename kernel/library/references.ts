import { FunctionError, type LibraryFunction, type Parameter } from '../contracts/function-library.js';
import { getKey, isList, isObject, type Json, type JsonObject, type MutableJsonObject } from '../model/json.js';

const SOURCE: readonly Parameter[] = [{ name: 'source', type: 'mapping' }];
const RESOURCE: readonly Parameter[] = [{ name: 'resource', type: 'mapping' }];

/** References to resources, and what can be said of a resource at a glance. */
export const referenceFunctions: readonly LibraryFunction[] = [
  {
    name: 'self_ref',
    parameters: RESOURCE,
    summary: 'The reference to a resource: its apiVersion, kind, name, and namespace if it has one.',
    call: ([resource]) => selfReference(mapping(resource)),
  },
  {
    name: 'to_ref',
    parameters: SOURCE,
    summary: 'A reference with apiVersion and kind if set, and either external, or name and namespace.',
    call: ([source]) => {
      const from = mapping(source);
      return reference(from, { ...pick(from, 'apiVersion'), ...pick(from, 'kind') });
    },
  },
  {
    name: 'group_ref',
    parameters: SOURCE,
    summary: 'Like to_ref, with apiGroup in place of apiVersion.',
    call: ([source]) => {
      const from = mapping(source);
      return reference(from, { ...group(from), ...pick(from, 'kind') });
    },
  },
  {
    name: 'kindless_ref',
    parameters: SOURCE,
    summary: 'Like to_ref, without apiVersion and kind.',
    call: ([source]) => reference(mapping(source), {}),
  },
  {
    name: 'config_connect_ready',
    parameters: [{ name: 'resource', type: 'any' }],
    summary: 'Whether the only condition of type Ready has reason UpToDate and status "True".',
    call: ([resource], budget) => {
      const conditions = member(member(resource, 'status'), 'conditions');
      if (!isList(conditions)) return false;
      budget.spend(conditions.length);
      const ready = conditions.filter((condition) => member(condition, 'type') === 'Ready');
      return ready.length === 1 && member(ready[0], 'reason') === 'UpToDate' && member(ready[0], 'status') === 'True';
    },
  },
];

function selfReference(resource: JsonObject): Json {
  const apiVersion = present(resource, 'apiVersion', 'apiVersion');
  const kind = present(resource, 'kind', 'kind');
  const metadata = member(resource, 'metadata') ?? null;
  if (isBlank(member(metadata, 'name')) && isBlank(metadata)) throw new FunctionError('Missing `metadata`.');
  const name = present(metadata, 'name', 'metadata.name');
  // A cluster-scoped resource has no key `namespace`; one that is there and empty is a mistake.
  if (member(metadata, 'namespace') === undefined) return { apiVersion, kind, name };
  return { apiVersion, kind, name, namespace: present(metadata, 'namespace', 'metadata.namespace') };
}

function present(owner: Json, key: string, path: string): Json {
  const value = member(owner, key);
  if (value === undefined || isBlank(value)) throw new FunctionError(`Missing \`${path}\`.`);
  return value;
}

function reference(source: JsonObject, head: MutableJsonObject): Json {
  if (member(source, 'external') !== undefined) return { ...head, ...required(source, 'external') };
  if (member(source, 'name') === undefined) {
    throw new FunctionError('`external` or `name` are required to build a reference.');
  }
  return { ...head, ...required(source, 'name'), ...pick(source, 'namespace') };
}

function group(source: JsonObject): MutableJsonObject {
  const picked = pick(source, 'apiGroup');
  const version = member(source, 'apiVersion');
  if ('apiGroup' in picked || typeof version !== 'string' || version === '') return picked;
  return { apiGroup: version.split('/', 1)[0] ?? '' };
}

function required(source: JsonObject, key: string): MutableJsonObject {
  const picked = pick(source, key);
  if (!(key in picked)) throw new FunctionError(`\`${key}\` must contain a value.`);
  return picked;
}

/** The key and its value when it is set and not blank; nothing otherwise. The key is one of ours. */
function pick(source: Json | undefined, key: string): MutableJsonObject {
  const value = member(source, key);
  return value === undefined || isBlank(value) ? {} : { [key]: value };
}

function member(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) ? getKey(value, key) : undefined;
}

function mapping(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** Not set to anything: not there, null, false, zero, or empty. */
function isBlank(value: Json | undefined): boolean {
  if (typeof value !== 'object' || value === null) return !value;
  return (isList(value) ? value : Object.keys(value)).length === 0;
}
