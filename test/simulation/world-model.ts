import { asResource, type JsonObject, type Resource } from 'koreo-kernel';
import type { Chance } from './chance.js';

export const GROUP = 'sim.example/v1';
export const KINDS = ['Alpha', 'Beta', 'Gamma'] as const;
export type Kind = (typeof KINDS)[number];
export const TRIGGERS = ['one', 'two', 'three'] as const;
export type TriggerName = (typeof TRIGGERS)[number];

/** How a ResourceFunction makes resources of its kind. */
export interface Maker {
  readonly owned: boolean;
  readonly policy: 'destroy' | 'abandon' | undefined;
  readonly update: 'patch' | 'recreate';
  readonly size: number;
  /** Whether the target has a field more. */
  readonly extra: boolean;
  /** At the end of the names of what it makes. */
  readonly suffix: string;
}

/** A step that makes one resource for each trigger, one for each of its items, or one for all triggers. */
export interface Step {
  readonly kind: Kind;
  readonly shape: 'one' | 'each' | 'shared';
  /** Whether it waits for the step before it. */
  readonly waits: boolean;
}

export interface Trigger {
  readonly items: readonly string[];
  readonly count: number;
  /** Whether a step of its Workflow fails for good. */
  readonly broken: boolean;
}

/** All that people want: definitions and triggers. */
export interface WorldModel {
  readonly makers: Readonly<Record<Kind, Maker>>;
  readonly steps: readonly Step[];
  readonly triggers: Readonly<Partial<Record<TriggerName, Trigger>>>;
}

/** One resource that is wanted, and by which triggers. */
export interface Wanted {
  readonly kind: string;
  readonly name: string;
  readonly spec: JsonObject;
  readonly by: readonly string[];
}

/** What of a model's policies a world may have. */
export interface ModelLimits {
  /** Whether everything is destroyed that is wanted no longer. */
  readonly destroysAll: boolean;
}

export function drawModel(chance: Chance, limits: ModelLimits): WorldModel {
  const makers = Object.fromEntries(KINDS.map((kind) => [kind, drawMaker(chance, limits)])) as Record<Kind, Maker>;
  const triggers = Object.fromEntries(chance.some(TRIGGERS, 1).map((name) => [name, drawTrigger(chance)]));
  return { makers, steps: drawSteps(chance), triggers };
}

export function drawMaker(chance: Chance, { destroysAll }: ModelLimits): Maker {
  return {
    owned: chance.flip(0.7),
    policy: destroysAll ? 'destroy' : chance.pick(['destroy', 'abandon', undefined] as const),
    update: chance.flip(0.75) ? 'patch' : 'recreate',
    size: chance.between(1, 9),
    extra: chance.flip(),
    suffix: chance.pick(['', '-v2', '-v3']),
  };
}

export function drawSteps(chance: Chance): readonly Step[] {
  return chance.some(KINDS, 1).map((kind) => ({
    kind,
    shape: chance.pick(['one', 'one', 'each', 'shared'] as const),
    waits: chance.flip(),
  }));
}

export function drawTrigger(chance: Chance): Trigger {
  return { items: chance.some(['a', 'b', 'c']), count: chance.between(1, 9), broken: false };
}

/** The definitions of a model, by `Kind name`. */
export function definitionsOf({ makers, steps }: WorldModel): readonly Resource[] {
  const gate = definition('ValueFunction', 'gate', {
    preconditions: [{ assert: '=!inputs.broken', permFail: { message: 'broken' } }],
    return: {},
  });
  const gateStep = {
    label: 'gate',
    ref: { kind: 'ValueFunction', name: 'gate' },
    inputs: { broken: '=parent.spec.broken' },
  };
  const made = steps.map((step, index) => stepOf(step, steps[index - 1], makers[step.kind]));
  return [
    gate,
    ...KINDS.map((kind) => makerOf(kind, makers[kind])),
    definition('Workflow', 'orders', {
      crdRef: { apiGroup: 'sim.example', version: 'v1', kind: 'Order' },
      steps: [gateStep, ...made],
    }),
  ];
}

function makerOf(kind: Kind, { owned, policy, update, size, extra }: Maker): Resource {
  return definition('ResourceFunction', kind.toLowerCase(), {
    apiConfig: {
      apiVersion: GROUP,
      kind,
      name: "=has(inputs.item) ? inputs.name + '-' + inputs.item + inputs.suffix : inputs.name + inputs.suffix",
      namespace: 'sim',
      owned,
    },
    resource: { spec: { size, for: '=inputs.name', count: '=inputs.count', ...(extra ? { extra: true } : {}) } },
    create: { delay: 1 },
    update: { [update]: { delay: 1 } },
    ...(policy === undefined ? {} : { delete: { [policy]: {} } }),
    return: { name: '=resource.metadata.name' },
  });
}

function stepOf({ kind, shape, waits }: Step, before: Step | undefined, { suffix }: Maker): JsonObject {
  const isShared = shape === 'shared';
  return {
    label: kind.toLowerCase(),
    ref: { kind: 'ResourceFunction', name: kind.toLowerCase() },
    ...(shape === 'each' ? { forEach: { itemIn: '=parent.spec.items', inputKey: 'item' } } : {}),
    inputs: {
      name: isShared ? 'all' : '=parent.metadata.name',
      count: isShared ? 0 : '=parent.spec.count',
      suffix,
      ...(waits && before !== undefined ? { after: `=steps.${before.kind.toLowerCase()}` } : {}),
    },
  };
}

export function triggerOf(name: TriggerName, { items, count, broken }: Trigger): Resource {
  return asResource({
    apiVersion: GROUP,
    kind: 'Order',
    metadata: { name, namespace: 'sim' },
    spec: { items, count, broken },
  });
}

/** What there has to be, said without a kernel; by `Kind name`. */
export function wantedOf({ makers, steps, triggers }: WorldModel): ReadonlyMap<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  for (const { kind, shape } of steps) {
    const { size, extra, suffix } = makers[kind];
    for (const [trigger, { items, count }] of Object.entries(triggers)) {
      const owner = shape === 'shared' ? 'all' : trigger;
      const spec = { size, for: owner, count: shape === 'shared' ? 0 : count, ...(extra ? { extra: true } : {}) };
      for (const name of shape === 'each' ? items.map((item) => `${owner}-${item}${suffix}`) : [owner + suffix]) {
        const key = `${kind} ${name}`;
        wanted.set(key, { kind, name, spec, by: [...(wanted.get(key)?.by ?? []), trigger] });
      }
    }
  }
  return wanted;
}

function definition(kind: string, name: string, spec: JsonObject): Resource {
  return asResource({ apiVersion: 'koreo.dev/v1beta1', kind, metadata: { name, namespace: 'defs' }, spec });
}
