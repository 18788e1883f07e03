import { type DefinitionKind, isObject, type JsonObject } from '../../kernel/index.js';
import { withRules } from './validation-rule.js';

/** Changes the schema at a place inside a structural schema; `[]` goes into the items of a list. */
interface Amendment {
  readonly at: readonly string[];
  readonly amend: (schema: JsonObject) => JsonObject;
}

/** The structural schema of a `spec` with what preparing a definition of that kind checks beyond the JSON schema. */
export function amendSpec(kind: DefinitionKind, spec: JsonObject): JsonObject {
  return AMENDMENTS[kind].reduce((schema, { at, amend }) => amendAt(schema, at, amend), spec);
}

function amendAt(schema: JsonObject, [head, ...rest]: readonly string[], amend: Amendment['amend']): JsonObject {
  if (head === undefined) return amend(schema);
  const container = head === '[]' ? schema : schema.properties;
  const key = head === '[]' ? 'items' : head;
  const inner = isObject(container) ? container[key] : undefined;
  if (!isObject(container) || !isObject(inner)) throw new TypeError(`the schema has no ${head}`);
  const amended = { ...container, [key]: amendAt(inner, rest, amend) };
  return head === '[]' ? amended : { ...schema, properties: amended };
}

const limit = (maxItems: number) => (schema: JsonObject) => ({ ...schema, maxItems });
const limitText = (maxLength: number) => (schema: JsonObject) => ({ ...schema, maxLength });

/** More than anybody writes; the API server wants to know how often a rule may be evaluated at the most. */
const MOST_OVERLAYS = 100;
const MOST_CASES = 100;
const LONGEST_LABEL = 100;
const LONGEST_NAME = 253;

const STEP = ['steps', '[]'];
const CASES = [...STEP, 'refSwitch', 'cases'];

const uniqueLabels = {
  rule: 'self.all(step, self.exists_one(other, other.label == step.label))',
  message: 'labels are unique',
};

const oneDefault = {
  rule: 'self.filter(one, has(one.default) && one.default).size() <= 1',
  message: 'only one case may be the default',
};

/** Written as keywords and not as rules, which cannot look at `resource`: a mapping, or an expression that gives one. */
function withBase(schema: JsonObject): JsonObject {
  const needless = ['readonly', 'deleteIfExists'].map((flag) => ({
    properties: { apiConfig: { properties: { [flag]: { enum: [true] } }, required: [flag] } },
  }));
  const exceptions = 'unless apiConfig says readonly or deleteIfExists';
  return {
    ...schema,
    description: `${schema.description} One of resource and resourceTemplateRef is needed, ${exceptions}.`,
    anyOf: [{ required: ['resource'] }, { required: ['resourceTemplateRef'] }, ...needless],
    not: { required: ['resource', 'resourceTemplateRef'] },
  };
}

function withoutInputs(schema: JsonObject): JsonObject {
  return { ...schema, not: { required: ['overlay', 'inputs'] } };
}

const AMENDMENTS: Readonly<Record<DefinitionKind, readonly Amendment[]>> = {
  ValueFunction: [],
  ResourceFunction: [
    { at: [], amend: withBase },
    { at: ['overlays'], amend: limit(MOST_OVERLAYS) },
    { at: ['overlays', '[]'], amend: withoutInputs },
  ],
  ResourceTemplate: [],
  Workflow: [
    { at: ['steps'], amend: (schema) => withRules(schema, [uniqueLabels]) },
    { at: [...STEP, 'label'], amend: limitText(LONGEST_LABEL) },
    { at: CASES, amend: (schema) => limit(MOST_CASES)(withRules(schema, [oneDefault])) },
    { at: [...CASES, '[]', 'name'], amend: limitText(LONGEST_NAME) },
  ],
  FunctionTest: [],
};
