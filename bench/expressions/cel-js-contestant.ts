import { type Context, Environment } from '@marcbachmann/cel-js';
import { isList, isObject, type Json, type JsonObject, type MutableJsonObject } from 'koreo-kernel';
import { deepMerge } from '../../kernel/resources/deep-merge.js';
import type { Contestant } from './contestant.js';
import type { Line } from './line.js';

/** What the library makes of a source: it evaluates in a context. */
type Evaluate = (context: Context) => unknown;
type Parsed = Evaluate | Json | readonly Parsed[] | { readonly [key: string]: Parsed };

/**
 * The fastest CEL for JavaScript that others keep, given every favour: whole numbers come to it as the bigints that it wants, and
 * stay what they are in what it gives; nothing is counted, and no error has a place in a definition.
 */
export function celJsContestant(): Contestant {
  const environment = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false })
    .registerFunction('string.lower(): string', (text: string) => text.toLowerCase())
    .registerFunction('dyn.self_ref(): dyn', selfReference)
    .registerFunction('dyn.overlay(map): dyn', (base: Context, over: unknown) =>
      deepMerge(base as JsonObject, objectOf(over)),
    );
  const prepare = (line: Line): Parsed => parsed(environment, line.cel);
  return {
    name: '@marcbachmann/cel-js',
    prepare,
    evaluator: (line) => {
      const form = prepare(line);
      const context = exact(line.inputs) as Context;
      return () => evaluated(form, context);
    },
    plain,
  };
}

function parsed(environment: Environment, value: Json): Parsed {
  if (typeof value === 'string') return value.startsWith('=') ? environment.parse(value.slice(1)) : value;
  if (isList(value)) return value.map((item) => parsed(environment, item));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, parsed(environment, item)]));
}

function evaluated(form: Parsed, context: Context): unknown {
  if (typeof form === 'function') return form(context);
  if (form === null || typeof form !== 'object') return form;
  if (Array.isArray(form)) return form.map((item) => evaluated(item, context));
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(form as { readonly [key: string]: Parsed }))
    result[key] = evaluated(item, context);
  return result;
}

function selfReference({ apiVersion, kind, metadata }: Context): unknown {
  return { apiVersion, kind, name: metadata.name, namespace: metadata.namespace };
}

/** Literal mappings may come as Maps. */
function objectOf(value: unknown): JsonObject {
  return (value instanceof Map ? Object.fromEntries(value) : value) as JsonObject;
}

function exact(value: Json): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (isList(value)) return value.map(exact);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, exact(item)]));
}

function plain(value: unknown): Json {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return plain(Object.fromEntries(value));
  if (value === null || typeof value !== 'object') return value as Json;
  const result: MutableJsonObject = {};
  for (const [key, item] of Object.entries(value)) result[key] = plain(item);
  return result;
}
