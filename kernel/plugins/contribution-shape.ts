import type { Parameter, ParameterType } from '../contracts/function-library.js';
import { isObject } from '../model/json.js';
import { didYouMean } from '../model/nearest.js';
import type { ContributionKind } from './contributions.js';

/** What must be there of a thing that a plug-in brings: nothing but TypeScript has checked it so far, if that. */
interface Shape {
  /** As messages speak of it. */
  readonly what: string;
  /** The property by which it is known. */
  readonly name: string;
  readonly methods: readonly string[];
  readonly optionalMethods?: readonly string[];
}

const SHAPES: { readonly [K in ContributionKind]: Shape } = {
  engine: { what: 'engine', name: 'language', methods: ['compile'] },
  function: { what: 'function', name: 'name', methods: ['call'], optionalMethods: ['callExact'] },
  resourceHandler: {
    what: 'resource handler',
    name: 'name',
    methods: ['claims', 'storeOf', 'kind', 'read', 'create', 'apply', 'patch', 'remove'],
    optionalMethods: ['watch'],
  },
  storeType: { what: 'store type', name: 'type', methods: ['create'] },
  observer: { what: 'observer', name: 'name', methods: ['onRun'] },
  lifecycle: { what: 'lifecycle', name: '', methods: [], optionalMethods: ['start', 'stop'] },
};

/** Everything that is wrong with the shape of what a plug-in records, each in a person's words. */
export function shapeFaults(kind: ContributionKind, value: unknown): readonly string[] {
  const shape = SHAPES[kind];
  if (typeof value !== 'object' || value === null) return [`the ${shape.what} must be an object, not ${typeof value}`];
  const given = value as Readonly<Record<string, unknown>>;
  const name = shape.name === '' ? undefined : given[shape.name];
  const one = `${/^[aeiou]/.test(shape.what) ? 'an' : 'a'} ${shape.what}`;
  const subject = typeof name === 'string' && name !== '' ? `the ${shape.what} '${name}'` : one;
  return [
    ...(shape.name === '' || subject !== one ? [] : [`${one} has no \`${shape.name}\``]),
    ...shape.methods
      .filter((method) => typeof given[method] !== 'function')
      .map((one) => `${subject} has no \`${one}\``),
    ...(shape.optionalMethods ?? [])
      .filter((method) => given[method] !== undefined && typeof given[method] !== 'function')
      .map((method) => `\`${method}\` of ${subject} is no function`),
    ...(kind === 'function' ? functionFaults(given, subject) : []),
    ...(kind === 'storeType' && !isObject(given.optionsSchema) ? [`${subject} has no \`optionsSchema\``] : []),
  ];
}

/** What every expression language can call: others would be there, and out of reach. */
const FUNCTION_NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

const PARAMETER_TYPES: Readonly<Record<ParameterType, true>> = {
  any: true,
  string: true,
  int: true,
  number: true,
  boolean: true,
  list: true,
  mapping: true,
};

function functionFaults({ name, parameters }: Readonly<Record<string, unknown>>, subject: string): readonly string[] {
  const faults: string[] = [];
  if (typeof name === 'string' && name !== '' && !FUNCTION_NAME.test(name)) {
    faults.push(`${subject} needs a name of letters, digits and underscores that begins with a letter`);
  }
  if (!Array.isArray(parameters)) return [...faults, `${subject} has no list of \`parameters\``];
  const names = new Set<unknown>();
  for (const [index, parameter] of (parameters as readonly Partial<Parameter>[]).entries()) {
    const place = `parameter ${index + 1} of ${subject}`;
    if (typeof parameter?.name !== 'string' || parameter.name === '') faults.push(`${place} has no \`name\``);
    else if (names.has(parameter.name)) faults.push(`${place} has the name '${parameter.name}' of another one`);
    names.add(parameter?.name);
    const type = String(parameter?.type);
    if (!Object.hasOwn(PARAMETER_TYPES, type)) {
      const known = Object.keys(PARAMETER_TYPES);
      faults.push(`${place} has no type that there is (${known.join(', ')})${didYouMean(type, known)}`);
    }
  }
  return faults;
}
