import {
  asJson,
  DEFINITION_KINDS,
  type DefinitionKind,
  type DefinitionLookup,
  type DefinitionName,
  definitionKind,
  getAt,
  isList,
  isObject,
  type Json,
  type Resource,
} from '../../kernel/index.js';
import { meantTemplates } from './meant-templates.js';

/** A definition that a source of definitions holds. */
export interface PresentDefinition {
  readonly resource: Resource;
  readonly store: string;
}

/** What the usage of definitions is found from. */
export interface UsageRequest {
  readonly present: readonly PresentDefinition[];
  readonly definitions: DefinitionLookup;
  /** What triggers speak of themselves: Workflows that they choose, and functions that manage something for them. */
  readonly named: readonly DefinitionName[];
}

/** A definition that nothing can come to use, and why. */
export interface Unused extends PresentDefinition {
  readonly why: string;
}

/** A template that is kept because an expression might name it. */
export interface Suspected {
  readonly name: string;
  readonly why: string;
}

export interface DefinitionUsage {
  /** Those that refer to others before those others, so that they can be removed in this order. */
  readonly unused: readonly Unused[];
  readonly suspected: readonly Suspected[];
}

/**
 * Finds what no trigger can reach: what is used begins with the Workflows that have a `crdRef` or that a trigger names, and goes on
 * with all that is referred to. A FunctionTest goes with its function. Whatever might be meant counts as used: what
 * a definition mentions that cannot be prepared or is not in force, and templates that an expression may name.
 */
export function definitionUsage({ present, definitions, named }: UsageRequest): DefinitionUsage {
  const copies = groupByName(present);
  const walk = new UsageWalk(copies, definitions);
  for (const [key, group] of copies) if (group.some(({ resource }) => startsItself(resource))) walk.reach(key);
  for (const { kind, name } of named) walk.reach(keyOf(kind, name));
  walk.suspect();
  const unused = [...copies].flatMap(([key, group]) => (walk.isUsed(key) ? [] : group));
  return {
    unused: unused.map((one) => ({ ...one, why: walk.whyUnused(one.resource) })).sort(byOrder),
    suspected: walk.suspected,
  };
}

type Key = string;
type Copies = ReadonlyMap<Key, readonly PresentDefinition[]>;

function keyOf(kind: string, name: string): Key {
  return `${kind} ${name}`;
}

function keyOfResource({ kind, metadata }: Resource): Key {
  return keyOf(kind, metadata.name);
}

function groupByName(present: readonly PresentDefinition[]): Copies {
  const groups = new Map<Key, PresentDefinition[]>();
  for (const one of present) {
    const key = keyOfResource(one.resource);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return groups;
}

/** Whether it is a Workflow that triggers start, as far as it can be told. */
function startsItself(resource: Resource): boolean {
  return resource.kind === 'Workflow' && (getAt(asJson(resource), ['spec', 'crdRef']) ?? null) !== null;
}

/** Those that others depend on the least go first. */
function byOrder(a: Unused, b: Unused): number {
  const rank = ({ resource }: Unused): number => DEFINITION_KINDS.indexOf(resource.kind as DefinitionKind);
  return rank(b) - rank(a) || (a.resource.metadata.name < b.resource.metadata.name ? -1 : 1);
}

class UsageWalk {
  readonly #copies: Copies;
  readonly #definitions: DefinitionLookup;
  readonly #used = new Set<Key>();
  readonly #targetsOf = new Map<PresentDefinition, readonly Key[]>();
  readonly #suspected = new Map<Key, Suspected>();

  constructor(copies: Copies, definitions: DefinitionLookup) {
    this.#copies = copies;
    this.#definitions = definitions;
  }

  /** Templates that are used for no better reason than that they might be. */
  get suspected(): readonly Suspected[] {
    return [...this.#suspected.values()];
  }

  /** Takes note that a definition is used, and so all that it refers to. */
  reach(start: Key): void {
    const queue = [start];
    for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
      if (this.#used.has(key)) continue;
      this.#used.add(key);
      for (const copy of this.#copies.get(key) ?? []) queue.push(...this.#targets(copy));
    }
  }

  /** Takes note of templates that no constant names, and that an expression of something used may name. To be called last. */
  suspect(): void {
    const templates = [...this.#copies.values()].flatMap(([one]) =>
      one?.resource.kind === 'ResourceTemplate' ? [one.resource.metadata.name] : [],
    );
    for (const { resource } of [...this.#used].flatMap((key) => this.#copies.get(key) ?? [])) {
      for (const name of meantTemplates(resource, templates)) {
        const key = keyOf('ResourceTemplate', name);
        const why = `${keyOfResource(resource)} names its template by an expression`;
        if (!this.#used.has(key)) this.#suspected.set(key, { name, why });
      }
    }
  }

  isUsed(key: Key): boolean {
    if (this.#used.has(key) || this.#suspected.has(key)) return true;
    const [first] = this.#copies.get(key) ?? [];
    return first?.resource.kind === 'FunctionTest' && this.#isTestOfSomethingUsed(first.resource);
  }

  whyUnused(resource: Resource): string {
    if (resource.kind === 'FunctionTest') return `tests ${testedBy(resource)}, which nothing uses`;
    const key = keyOfResource(resource);
    const referrers = [...this.#copies].filter(
      ([other, group]) => other !== key && group.some((copy) => this.#targets(copy).includes(key)),
    );
    const others = referrers.map(([other]) => other).filter((other) => !other.startsWith('FunctionTest '));
    if (others.length === 0) return referrers.length === 0 ? 'nothing refers to it' : 'only tests refer to it';
    return `only what nothing uses refers to it: ${others.sort().join(', ')}`;
  }

  /** A test of what is not there may be waiting for it. */
  #isTestOfSomethingUsed(test: Resource): boolean {
    const key = testedBy(test);
    return key === undefined || !this.#copies.has(key) || this.isUsed(key);
  }

  #targets(copy: PresentDefinition): readonly Key[] {
    const targets = this.#targetsOf.get(copy) ?? this.#findTargets(copy);
    this.#targetsOf.set(copy, targets);
    return targets;
  }

  #findTargets({ resource, store }: PresentDefinition): readonly Key[] {
    const kind = definitionKind(resource);
    const { name, namespace = '' } = resource.metadata;
    const entry = kind === undefined ? undefined : this.#definitions.find(kind, name);
    const inForce = entry?.store === store && entry.namespace === namespace;
    if (inForce && entry.status !== 'broken')
      return entry.definition.references.map((one) => keyOf(one.kind, one.name));
    // What it refers to cannot be told for sure: so it is all that it mentions.
    const mentioned = textsIn(resource.spec ?? null);
    return [...this.#copies.keys()].filter((key) => mentioned.has(key.slice(key.indexOf(' ') + 1)));
  }
}

function testedBy(test: Resource): Key | undefined {
  const [kind, name] = ['kind', 'name'].map((key) => getAt(asJson(test), ['spec', 'functionRef', key]));
  return typeof kind === 'string' && typeof name === 'string' ? keyOf(kind, name) : undefined;
}

/** Every text that is a value anywhere inside. */
function textsIn(value: Json): ReadonlySet<string> {
  const texts = new Set<string>();
  const queue: Json[] = [value];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (typeof next === 'string') texts.add(next);
    else if (isList(next)) queue.push(...next);
    else if (isObject(next)) queue.push(...Object.values(next));
  }
  return texts;
}
