import { getKey, isList, isObject, type JsonObject, type Plugin, type StoreType } from '../kernel/index.js';
import { CONFIG_FILE, CONFIG_SCHEMA } from './schema.js';

const INTRODUCTION = `# Configuration

<!-- Made from the schema by \`npm run docs\`; edit config/schema.ts, not this page. -->

\`koreo\` reads \`${CONFIG_FILE}\` in the current folder, or the file that \`--config\` names. Paths in it are relative to the
file. Without one, the defaults below hold: the current folder is the one store of definitions, triggers and managed
resources; for \`koreo run\` in a pod, and for every command that is given a \`--context\`, the cluster is
([below](#without-a-file-in-a-cluster)). Everything that is wrong with a configuration is told at once, with file, line and column.

Plug-ins are named under \`plugins\`, with their options: [Plug-ins](plugins.md) builds one.

An example: definitions from a folder, orders in an existing JSON document, what is made of them in another folder.

\`\`\`yaml
stores:
  - {name: definitions, type: file-system, root: ./definitions}
  - name: orders
    type: json
    file: ./data/shop.json
    collections:
      - {at: /orders, apiVersion: shop.example/v1, kind: Order, name: id}
  - {name: out, type: file-system, root: ./out}
routing:
  - {apiVersion: shop.example/*, kind: Order, store: orders}
defaultStore: out
definitions:
  - {store: definitions, namespaces: [team, shared]}
loop:
  periodSeconds: 600
\`\`\`
`;

const WITHOUT_FILE = `## Without a file, in a cluster

A controller that finds no configuration goes by the variables of the original Koreo's controller. A configuration comes before
all of them, and so do \`--context\`, \`--kubeconfig\` and \`-n\`. An empty variable is none.

| variable | meaning | without it |
|---|---|---|
| \`KUBERNETES_SERVICE_HOST\` | The process runs in a pod (Kubernetes sets it): the store \`cluster\` is the cluster of the pod. | the current folder, unless a cluster is chosen |
| \`KOREO_NAMESPACE\` | The namespace that Workflows and functions come from. | that of the templates, else all that are watched |
| \`TEMPLATE_NAMESPACE\` | The namespace that ResourceTemplates come from. | that of the functions, else all that are watched |
| \`RESOURCE_NAMESPACE\` | The namespace of triggers. With it nothing else is watched, but for definitions in the namespaces above. | all |
| \`MANAGED_RESOURCE_KUBECONFIG\`, \`MANAGED_RESOURCE_CONTEXT\`, \`MANAGED_RESOURCE_API_SERVER_URL\`, \`MANAGED_RESOURCE_SERVICEACCOUNT\` | Any of them makes a second store \`managed\`, which holds all that is made of triggers: its kubeconfig and context, or its API server's URL and the folder with the \`token\` and the \`ca.crt\` of a ServiceAccount. | everything is in \`cluster\` |
| \`MANAGED_RESOURCE_NAMESPACE\` | The only namespace of the store \`managed\`. | all of them |
| \`LOG_LEVEL\` | \`logging.level\`, in Python's words or ours: \`DEBUG\`, \`INFO\`, \`WARNING\`, \`ERROR\`, \`CRITICAL\`. With a file too, unless that says it. | \`INFO\` |

Definitions are found by name whatever namespace they are in: one of a kind and name in \`KOREO_NAMESPACE\` comes before its like in
\`TEMPLATE_NAMESPACE\`. As a file, the variables are \`stores\`, \`definitions\`, \`triggerStore\` and \`defaultStore\`.
`;

/**
 * docs/configuration.md: every key of the schema with its type, default and meaning, then the options of each type of store,
 * and of each plug-in that takes some.
 */
export function configPage(storeTypes: Iterable<StoreType>, plugins: readonly Plugin[] = []): string {
  const types = [...storeTypes].sort((a, b) => (a.type < b.type ? -1 : 1));
  return [
    INTRODUCTION,
    WITHOUT_FILE,
    '## Keys\n',
    table(rowsOf(CONFIG_SCHEMA, '')),
    ...types.flatMap(({ type, optionsSchema }) => options(`a store of type \`${type}\``, optionsSchema)),
    ...plugins.flatMap(({ name, optionsSchema = {} }) => options(`the plug-in \`${name}\``, optionsSchema)),
    '',
  ].join('\n');
}

function options(whose: string, schema: JsonObject): readonly string[] {
  const description = typeof schema.description === 'string' ? [`${schema.description}\n`] : [];
  return [`\n## Options of ${whose}\n`, ...description, table(rowsOf(schema, ''))];
}

interface Row {
  readonly key: string;
  readonly type: string;
  readonly fallback: string;
  readonly meaning: string;
}

/** A row for each key of a mapping, and for what is inside it. */
function rowsOf(schema: JsonObject, prefix: string): readonly Row[] {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = isList(schema.required) ? schema.required : [];
  return Object.entries(properties).flatMap(([name, property]) => {
    if (!isObject(property)) return [];
    const key = `${prefix}${name}`;
    return [rowOf(property, key, required.includes(name)), ...inside(property, key)];
  });
}

function inside(schema: JsonObject, key: string): readonly Row[] {
  const all = alternatives(schema).flatMap((one) => inside(one, key));
  if (all.length > 0) return all.filter((row, index) => all.findIndex((other) => other.key === row.key) === index);
  if (schema.type === 'object') return rowsOf(schema, `${key}.`);
  return isObject(schema.items) ? rowsOf(schema.items, `${key}[].`) : [];
}

/** The schemas of which a value fits one; none where there is no choice. */
function alternatives({ anyOf, oneOf }: JsonObject): readonly JsonObject[] {
  return [anyOf, oneOf].flatMap((choice) => (isList(choice) ? choice.filter(isObject) : []));
}

function rowOf(schema: JsonObject, key: string, required: boolean): Row {
  const fallback = getKey(schema, 'default');
  const hasRows = isObject(fallback) && Object.keys(fallback).length === 0;
  return {
    key: `\`${key}\``,
    type: typeOf(schema),
    fallback: required ? 'required' : fallback === undefined || hasRows ? '' : `\`${JSON.stringify(fallback)}\``,
    meaning: typeof schema.description === 'string' ? schema.description : '',
  };
}

function typeOf(schema: JsonObject): string {
  const choice = schema.type === undefined ? alternatives(schema) : [];
  if (choice.length > 0) return [...new Set(choice.map(typeOf))].join(' or ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (isList(schema.enum)) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
  if (schema.type === 'array') return `list of ${isObject(schema.items) ? typeOf(schema.items) : 'anything'}`;
  const bounds = boundsOf(schema);
  const types = isList(schema.type) ? schema.type : [schema.type ?? 'anything'];
  return `${types.map((type) => (type === 'object' ? 'mapping' : String(type))).join(' or ')}${bounds}`;
}

function boundsOf({ minimum, maximum, exclusiveMinimum }: JsonObject): string {
  const low =
    typeof minimum === 'number' ? `≥ ${minimum}` : typeof exclusiveMinimum === 'number' ? `> ${exclusiveMinimum}` : '';
  const high = typeof maximum === 'number' && maximum < Number.MAX_SAFE_INTEGER ? `≤ ${maximum}` : '';
  const both = [low, high].filter((part) => part !== '').join(', ');
  return both === '' ? '' : ` (${both})`;
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ key, type, fallback, meaning }) => line([key, type, fallback, meaning]));
  return [line(['key', 'type', 'default', 'meaning']), '|---|---|---|---|', ...lines].join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}
