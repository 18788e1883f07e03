import { getKey, isList, isObject, type Json, type JsonObject, type MutableJsonObject, setKey } from '../model/json.js';

/** Keys in a mapping of a target that say how its other keys are compared. They are never sent. */
export const directiveKeys = {
  asSet: 'x-koreo-compare-as-set',
  asMap: 'x-koreo-compare-as-map',
  lastApplied: 'x-koreo-compare-last-applied',
} as const;

const KEYS: ReadonlySet<string> = new Set(Object.values(directiveKeys));
/** What all of them begin with, so that nearly no other key has to be looked up. */
const PREFIX = 'x-koreo-compare-';

/** How the keys of one mapping are compared, where it is not by position and value. */
export interface Directives {
  /** Keys of lists whose order and repetitions do not matter. */
  readonly asSet: ReadonlySet<string>;
  /** Keys of lists of mappings, each with the fields that tell its entries apart. */
  readonly asMap: ReadonlyMap<string, readonly string[]>;
  /** Keys that are compared with what was last applied. */
  readonly lastApplied: ReadonlySet<string>;
}

/** Those of a mapping that has none, and so no key that is one. */
export const NO_DIRECTIVES: Directives = { asSet: new Set(), asMap: new Map(), lastApplied: new Set() };

/** Whether the key is a directive and no data. */
export function isDirective(key: string): boolean {
  return key.startsWith(PREFIX) && KEYS.has(key);
}

/** The directives of a mapping. What does not have a directive's form says nothing. */
export function directivesOf(mapping: JsonObject): Directives {
  if (!Object.keys(mapping).some(isDirective)) return NO_DIRECTIVES;
  const asSet = getKey(mapping, directiveKeys.asSet);
  const asMap = getKey(mapping, directiveKeys.asMap);
  const lastApplied = getKey(mapping, directiveKeys.lastApplied);
  return { asSet: new Set(strings(asSet)), asMap: keyedLists(asMap), lastApplied: new Set(strings(lastApplied)) };
}

/** The value without directives, wherever they stand. What holds none is shared. */
export function stripDirectives(value: JsonObject): JsonObject;
export function stripDirectives(value: Json): Json;
export function stripDirectives(value: Json): Json {
  if (!holdsDirectives(value)) return value;
  if (isList(value)) return value.map((item) => stripDirectives(item));
  if (!isObject(value)) return value;
  const result: MutableJsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    if (!isDirective(key)) setKey(result, key, stripDirectives(item));
  }
  return result;
}

function holdsDirectives(value: Json): boolean {
  if (isList(value)) return value.some(holdsDirectives);
  if (!isObject(value)) return false;
  for (const key of Object.keys(value)) if (isDirective(key) || holdsDirectives(value[key] ?? null)) return true;
  return false;
}

function strings(value: Json | undefined): readonly string[] {
  return isList(value) ? value.filter((item) => typeof item === 'string') : [];
}

function keyedLists(value: Json | undefined): ReadonlyMap<string, readonly string[]> {
  if (!isObject(value)) return NO_DIRECTIVES.asMap;
  const entries = Object.entries(value).map(([key, fields]) => [key, strings(fields)] as const);
  return new Map(entries.filter(([, fields]) => fields.length > 0));
}
