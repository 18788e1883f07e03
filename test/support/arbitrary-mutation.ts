import { isObject, type Json, type MutableJsonObject } from 'koreo-kernel';
import { fc } from './property.js';

type Container = MutableJsonObject | Json[];

/** Values of every type, in the forms that definitions tell apart. */
const VALUES: readonly Json[] = [
  null,
  5,
  -1,
  1.5,
  true,
  'text',
  '=inputs.a',
  ' =x',
  '',
  'Ready',
  [],
  [1],
  ['=a'],
  {},
  { a: 1 },
];
/** Fields that choices are made of, and one that there is nowhere. */
const FIELDS = ['ok', 'skip', 'ref', 'refSwitch', 'overlay', 'inputs', 'never', 'default', 'nowhere'];

/** A copy of a value in which one thing, somewhere, is left out, doubled, added or another, and what was done. */
export function arbitraryMutation(value: Json): fc.Arbitrary<{ readonly what: string; readonly value: Json }> {
  const kind = fc.constantFrom('leave out', 'double', 'add', 'replace');
  const choices = fc.tuple(kind, fc.nat(), fc.constantFrom(...VALUES), fc.constantFrom(...FIELDS));
  return choices.map(([how, place, other, field]) => {
    const copy = structuredClone(value);
    const places = placesIn(copy, []);
    const chosen = places[place % Math.max(places.length, 1)];
    if (chosen === undefined) return { what: 'nothing', value: copy };
    return {
      what: `${how} ${chosen.path.join('.')} (${field}, ${JSON.stringify(other)})`,
      value: mutate(copy, chosen, { how, other, field }),
    };
  });
}

interface Place {
  readonly container: Container;
  readonly key: string | number;
  readonly path: readonly (string | number)[];
}

function placesIn(value: Json, path: Place['path']): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const keys = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value);
  return keys.flatMap((key) => {
    const here = { container: value as Container, key, path: [...path, key] };
    return [here, ...placesIn((value as MutableJsonObject)[key] ?? null, here.path)];
  });
}

interface Mutation {
  readonly how: string;
  readonly other: Json;
  readonly field: string;
}

/** Changes the value in place. */
function mutate(whole: Json, { container, key }: Place, { how, other, field }: Mutation): Json {
  const fields = container as MutableJsonObject;
  const old = fields[key] ?? null;
  if (how === 'leave out') {
    if (Array.isArray(container)) container.splice(Number(key), 1);
    else delete fields[key];
  } else if (how === 'double' && Array.isArray(container)) container.push(structuredClone(old));
  else if (how === 'add' && isObject(old)) (old as MutableJsonObject)[field] = other ?? {};
  else fields[key] = other;
  return whole;
}
