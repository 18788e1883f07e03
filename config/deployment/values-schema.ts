import { isMap, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { isObject, type JsonObject } from '../../kernel/index.js';
import { CONFIG_SCHEMA } from '../schema.js';

const named = { type: 'object', required: ['name'], properties: { name: { type: 'string', minLength: 1 } } };
const texts = { type: 'array', items: { type: 'string' } };
const textsByKey = { type: 'object', additionalProperties: { type: 'string' } };
const resourcesByGroup = { type: 'object', additionalProperties: { ...texts, minItems: 1 } };
const rule = {
  type: 'object',
  additionalProperties: false,
  required: ['apiGroups', 'resources', 'verbs'],
  properties: { apiGroups: texts, resources: texts, resourceNames: texts, verbs: texts },
};
const podCount = { type: ['integer', 'string', 'null'] };

/** What the default of a value does not tell of it, by the value's path. */
const SPECIAL: Readonly<Record<string, JsonObject>> = {
  config: configSchema(),
  'controller.replicas': { type: 'integer', minimum: 0 },
  'controller.image.repository': { type: 'string', minLength: 1 },
  'controller.image.digest': { type: 'string', pattern: '^(sha256:[0-9a-f]{64})?$' },
  'controller.image.pullPolicy': { type: 'string', enum: ['Always', 'IfNotPresent', 'Never'] },
  'controller.resourceNamespace': {
    anyOf: [
      { type: 'string' },
      { type: 'array', uniqueItems: true, minItems: 1, items: { type: 'string', minLength: 1 } },
    ],
  },
  'controller.serviceAccount.name': { type: 'string', minLength: 1 },
  'controller.pdb.minAvailable': podCount,
  'controller.pdb.maxUnavailable': podCount,
  'controller.rbac.extraRules': { type: 'array', items: rule },
  'controller.rbac.namespace.read_only': resourcesByGroup,
  'controller.rbac.namespace.read_write': resourcesByGroup,
  'controller.rbac.cluster.read_only': resourcesByGroup,
  'controller.rbac.cluster.read_write': resourcesByGroup,
  'controller.image.pullSecrets': { type: 'array', items: named },
  'controller.serviceAccount.pullSecrets': { type: 'array', items: named },
  'controller.extraEnv': { type: 'array', items: named },
  'controller.volumes': { type: 'array', items: named },
  'controller.volumeMounts': { type: 'array', items: named },
  'controller.initContainers': { type: 'array', items: named },
  'controller.extraContainers': { type: 'array', items: named },
};

/** Mappings that are Kubernetes' own, or by API group: what may stand in them is not told here. */
const OPEN: ReadonlySet<string> = new Set([
  'controller.podSecurityContext',
  'controller.securityContext',
  'controller.resources',
  'controller.livenessProbe',
  'controller.readinessProbe',
  'controller.startupProbe',
  'controller.nodeSelector',
]);

/**
 * The JSON Schema of a chart's values, made from its values.yaml: names and types from what stands there, descriptions from
 * the comments that begin with `--`. Whatever is not in values.yaml is refused, so that no misspelt value is passed over.
 */
export function valuesSchema(valuesYaml: string): JsonObject {
  const { contents } = parseDocument(valuesYaml);
  if (!isMap(contents)) throw new Error('values.yaml is no mapping');
  const { properties, ...rest } = schemaOfMap(contents, '');
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of the chart',
    ...rest,
    // Helm hands it to every chart that another one depends on.
    properties: { ...(isObject(properties) ? properties : {}), global: { type: 'object' } },
  };
}

function schemaOfMap(map: YAMLMap, path: string): JsonObject {
  const properties = map.items.map((pair, index) => {
    const name = isScalar(pair.key) ? String(pair.key.value) : '';
    // The comment above the first key is, to the parser, one above the mapping, but at the top of the document.
    const description = descriptionIn(commentOf(pair) ?? (index === 0 ? map.commentBefore : undefined));
    const place = path === '' ? name : `${path}.${name}`;
    const schema = SPECIAL[place] ?? schemaOfValue(pair.value, place);
    return [name, { ...(description === '' ? {} : { description }), ...schema }] as const;
  });
  return { type: 'object', additionalProperties: false, properties: Object.fromEntries(properties) };
}

function schemaOfValue(value: unknown, path: string): JsonObject {
  if (/(?:labels|annotations)$/iu.test(path)) return textsByKey;
  if (isMap(value)) return value.items.length === 0 || OPEN.has(path) ? { type: 'object' } : schemaOfMap(value, path);
  if (!isScalar(value)) return { type: 'array' };
  switch (typeof value.value) {
    case 'boolean':
      return { type: 'boolean' };
    case 'number':
      return { type: 'integer', minimum: 0 };
    default:
      return { type: 'string' };
  }
}

function commentOf({ key }: Pair): string | null | undefined {
  return isScalar(key) ? key.commentBefore : undefined;
}

/** What a comment says from `--` on, as one line. */
function descriptionIn(comment: string | null | undefined): string {
  const [, text = ''] = /(?:^|\n) -- ([\s\S]*)$/.exec(comment ?? '') ?? [];
  return text.replaceAll(/\s*\n\s*/g, ' ').trim();
}

/** Any part of a configuration may be left to the chart, so nothing is required. */
function configSchema(): JsonObject {
  const { $schema: _schema, $id: _id, title: _title, properties, ...rest } = CONFIG_SCHEMA;
  const parts = Object.entries(isObject(properties) ? properties : {}).map(([name, part]) => {
    if (!isObject(part) || part.type !== 'object') return [name, part] as const;
    const { required: _required, ...optional } = part;
    return [name, optional] as const;
  });
  return { ...rest, properties: Object.fromEntries(parts) };
}
