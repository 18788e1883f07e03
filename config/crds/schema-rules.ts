import { getAt, isList, isObject, type Json, type JsonObject, patternInWords } from '../../kernel/index.js';
import { presences, withRules } from './validation-rule.js';

/**
 * The longest texts that rules look at, in characters: the API server wants to know what a rule may cost at the most, and a
 * hundred of these cost less than half of what it allows. Expressions end at `limits.expressionCharacters` before, unless
 * a configuration says otherwise; what is no expression is a name or a few words.
 */
const LONGEST_EXPRESSION = 50_000;
const LONGEST_CONSTANT = 1_000;

/**
 * The schema with the form that a text must have. Texts alone are held to it by a rule, whose message says what is wanted;
 * where a value may be something else too, rules cannot look at it, and the pattern itself must do.
 */
export function withForm(converted: JsonObject, { pattern }: JsonObject): JsonObject {
  if (typeof pattern !== 'string') return converted;
  if (converted.type !== 'string') return { ...converted, pattern };
  const rule = { rule: `self.matches(${JSON.stringify(pattern)})`, message: patternInWords(pattern) };
  const maxLength = letsExpressionsThrough(pattern) ? LONGEST_EXPRESSION : LONGEST_CONSTANT;
  return withRules({ ...converted, maxLength }, [rule]);
}

function letsExpressionsThrough(pattern: string): boolean {
  return new RegExp(pattern).test('=');
}

/**
 * The schema with its choice between fields: `oneOf` and `anyOf` of fields that must be there. Keywords and description say
 * it; where rules can look at what is chosen from, one says in better words that there is too much, or nothing.
 */
export function withChoice(converted: JsonObject, { anyOf, oneOf }: JsonObject): JsonObject {
  if (oneOf !== undefined) return withOne({ ...converted, oneOf }, fieldsOf(oneOf));
  if (anyOf === undefined) return converted;
  return described({ ...converted, anyOf }, `At least one of ${fieldsOf(anyOf).join(', ')} is needed.`);
}

function withOne({ oneOf, ...converted }: JsonObject, names: readonly string[]): JsonObject {
  const message = `exactly one of ${names.join(', ')} is needed`;
  const fields = new Map(names.map((name) => [name, getAt(converted, ['properties', name])]));
  const visible = names.filter((name) => isVisible(fields.get(name)));
  // To a rule, null is a field that is not there; as a mapping that was left empty it may be what is chosen.
  if (visible.length === names.length && ![...fields.values()].some(mayBeLeftEmpty)) {
    return withRules(converted, [{ rule: `${presences(names)}.exists_one(given, given)`, message }]);
  }
  const keyword = described({ ...converted, oneOf: oneOf ?? [] }, `Exactly one of ${names.join(', ')} is needed.`);
  if (visible.length < 2) return keyword;
  return withRules(keyword, [{ rule: `${presences(visible)}.filter(given, given).size() <= 1`, message }]);
}

function described(schema: JsonObject, sentence: string): JsonObject {
  return { ...schema, description: `${schema.description} ${sentence}` };
}

/** Whether rules about a mapping can look at its field: its schema says what type it has. */
function isVisible(field: Json | undefined): boolean {
  return isObject(field) && (field.type !== undefined || field['x-kubernetes-int-or-string'] === true);
}

function mayBeLeftEmpty(field: Json | undefined): boolean {
  return isObject(field) && field.nullable === true && field.required === undefined;
}

/** The fields of a choice between required fields. */
function fieldsOf(branches: Json | undefined): readonly string[] {
  if (!isList(branches)) return [];
  return branches.flatMap((branch) => {
    const required = getAt(branch, ['required']);
    return isList(required) ? required.map(String) : [];
  });
}
