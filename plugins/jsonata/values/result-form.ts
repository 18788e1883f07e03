import { type Json, type JsonObject, setKey, textSteps } from '../../../kernel/plugin.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import { Fault } from '../fault.js';
import { isFunctionValue, isMarked, type Value } from './kinds.js';

/** Lists and mappings inside one another; a value that is deeper has no JSON form. */
const MAX_DEPTH = 500;

/** How many items are looked over for the price of one step. */
const ITEMS_PER_STEP = 4;

/**
 * The value as plain JSON: sequences become lists, mappings made by JSONata get the prototype of all mappings. What came
 * from the scope is handed out as it is, without a copy. @throws Fault for functions, nothing, numbers that JSON has not, depth
 */
export function resultForm(value: Value, evaluation: Evaluation): Json {
  return new ResultForm(evaluation).of(value, 0);
}

class ResultForm {
  constructor(private readonly evaluation: Evaluation) {}

  of(value: Value, depth: number): Json {
    switch (typeof value) {
      case 'string':
        this.evaluation.spend(textSteps(value.length) - 1);
        return value;
      case 'boolean':
        return value;
      case 'number':
        return plainNumber(value);
      case 'undefined':
        throw new Fault('the value is missing');
      case 'object':
        return value === null ? null : this.#composite(value, depth);
      default:
        throw new Fault('a function is no value of JSON');
    }
  }

  #composite(value: object, depth: number): Json {
    if (depth > MAX_DEPTH) throw new Fault(`the value is nested deeper than ${MAX_DEPTH} levels`);
    if (Array.isArray(value)) return this.#list(value, depth);
    if (isFunctionValue(value)) throw new Fault('a function is no value of JSON');
    // Mappings of the scope and of the library hold nothing but JSON; those that JSONata makes have no prototype.
    return Object.getPrototypeOf(value) === null
      ? this.#mapping(value as Record<string, Value>, depth)
      : this.#own(value as JsonObject, depth);
  }

  #list(list: readonly Value[], depth: number): Json {
    this.evaluation.spend(1 + Math.floor(list.length / ITEMS_PER_STEP));
    let changed: Json[] | undefined = isMarked(list) ? [] : undefined;
    for (let index = 0; index < list.length; index++) {
      const item = list[index];
      const form = this.of(item, depth + 1);
      if (!Object.is(form, item)) changed ??= list.slice(0, index) as Json[];
      changed?.push(form);
    }
    return changed ?? (list as readonly Json[]);
  }

  /** Not copied, but gone through, as whoever gets the result will: it may stand there a thousand times. */
  #own(mapping: JsonObject, depth: number): Json {
    const values = Object.values(mapping);
    this.evaluation.spend(1 + values.length);
    for (const item of values) this.of(item, depth + 1);
    return mapping;
  }

  #mapping(mapping: Readonly<Record<string, Value>>, depth: number): Json {
    const keys = Object.keys(mapping);
    // Each key is set in a mapping of its own, which costs much more than an item of a list.
    this.evaluation.spend(4 + 4 * keys.length);
    const plain: { [key: string]: Json } = {};
    for (const key of keys) setKey(plain, key, this.of(mapping[key], depth + 1));
    return plain;
  }
}

function plainNumber(value: number): number {
  if (!Number.isFinite(value)) throw new Fault('JSON has no number for infinity, or for what is not a number');
  return value === 0 ? 0 : value;
}
