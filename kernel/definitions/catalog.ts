import { type Observable, Subject } from 'rxjs';
import type { DefinitionOrigin } from '../language/definition-source.js';
import { definitionKind } from '../language/definition-source.js';
import type { PrepareContext } from '../language/prepare-context.js';
import { prepareDefinition } from '../language/prepare-definition.js';
import { componentsInOrder, shortestCycle } from '../model/components.js';
import type { Problem } from '../model/problem.js';
import type { Resource } from '../model/resource.js';
import { DefinitionCopies, type DefinitionCopy, isSamePlace, meansTheSame } from './definition-copies.js';
import { type DefinitionKey, definitionKey } from './definition-key.js';
import type { DefinitionEntry, DefinitionLookup, DefinitionName } from './definition-lookup.js';
import { DefinitionSnapshot } from './definition-snapshot.js';
import { link, referencesOf } from './link.js';
import { ReferenceGraph } from './reference-graph.js';
import { type CopyPlace, type DefinitionSources, SourceOrder } from './source-order.js';

/** What a store tells of a definition. Resources that are no definitions are ignored. */
export type DefinitionChange =
  | { readonly type: 'set'; readonly resource: Resource; readonly from: DefinitionOrigin }
  | { readonly type: 'remove'; readonly resource: Resource; readonly store: string };

/** That definitions changed their meaning: themselves, or by way of what they refer to. */
export interface CatalogChange {
  /** Every definition that came, went, or may mean something else now. */
  readonly changed: readonly DefinitionName[];
  /** The state that this change led to. */
  readonly definitions: DefinitionLookup;
}

export interface CatalogOptions {
  /** Where definitions count from, first ones first; absent: from everywhere, ordered by store and namespace. */
  readonly sources?: readonly DefinitionSources[];
}

/**
 * The live set of definitions: prepared, linked, and always consistent. A change touches what depends on what changed, and
 * nothing else; what cannot be prepared or linked says why, and keeps nothing else from running.
 */
export class Catalog {
  readonly #context: PrepareContext;
  readonly #order: SourceOrder;
  readonly #copies = new Map<DefinitionKey, DefinitionCopies>();
  /** The copies that the entries were made from. */
  readonly #linked = new Map<DefinitionKey, DefinitionCopy>();
  readonly #graph = new ReferenceGraph();
  readonly #changes = new Subject<CatalogChange>();
  #entries: ReadonlyMap<DefinitionKey, DefinitionEntry> = new Map();
  #current: DefinitionLookup = new DefinitionSnapshot(new Map());
  #version = 0;

  constructor(context: PrepareContext, { sources }: CatalogOptions = {}) {
    this.#context = context;
    this.#order = new SourceOrder(sources);
  }

  /** The definitions as they are now: an immutable snapshot. */
  get current(): DefinitionLookup {
    return this.#current;
  }

  /** The resource that a definition of the current state was made from. */
  resourceOf(name: DefinitionName): Resource | undefined {
    return this.#linked.get(definitionKey(name))?.resource;
  }

  /** Every change of meaning, after {@link current} shows it. Batches tell once; what changes nothing tells nothing. */
  get changes(): Observable<CatalogChange> {
    return this.#changes.asObservable();
  }

  /** Takes changes in order and links once. */
  apply(changes: readonly DefinitionChange[]): void {
    const told = new Set<DefinitionKey>();
    for (const change of changes) {
      const kind = definitionKind(change.resource);
      if (kind === undefined) continue;
      const name = { kind, name: change.resource.metadata.name };
      if (change.type === 'set') this.#set(name, change);
      else this.#remove(name, change);
      told.add(definitionKey(name));
    }
    const touched = [...told].filter((key) => !this.#meansWhatItMeant(key));
    const moved = [...told].filter((key) => this.#copy(key) !== this.#linked.get(key) && this.#meansWhatItMeant(key));
    if (touched.length > 0 || moved.length > 0) this.#relink(touched, moved);
  }

  #copy(key: DefinitionKey): DefinitionCopy | undefined {
    return this.#copies.get(key)?.first;
  }

  #set(name: DefinitionName, { from, resource }: DefinitionChange & { type: 'set' }): void {
    const place: CopyPlace = { store: from.store, namespace: resource.metadata.namespace ?? '' };
    if (!this.#order.accepts(place)) return;
    const key = definitionKey(name);
    const copies = this.#copies.get(key) ?? new DefinitionCopies(name, this.#order);
    const old = copies.at(place);
    if (old !== undefined && old.origin === from.origin && meansTheSame(old.resource, resource)) return;
    copies.set({ ...place, resource, origin: from.origin, result: prepareDefinition(resource, from, this.#context) });
    this.#copies.set(key, copies);
  }

  #remove(name: DefinitionName, { resource, store }: DefinitionChange & { type: 'remove' }): void {
    const key = definitionKey(name);
    const copies = this.#copies.get(key);
    copies?.remove({ store, namespace: resource.metadata.namespace ?? '' });
    if (copies?.first === undefined) this.#copies.delete(key);
  }

  /** Whether the copy that counts says what the one that was linked said; it may have moved within its file. */
  #meansWhatItMeant(key: DefinitionKey): boolean {
    const before = this.#linked.get(key);
    const now = this.#copy(key);
    if (before === now) return true;
    if (before === undefined || now === undefined || !isSamePlace(before, now)) return false;
    return before.result.status === now.result.status && meansTheSame(before.resource, now.resource);
  }

  #relink(touched: readonly DefinitionKey[], moved: readonly DefinitionKey[]): void {
    for (const key of touched) this.#graph.setTargets(key, targetsOf(this.#copy(key)));
    const affected = this.#graph.affectedBy(touched);
    const before = this.#entries;
    const next = new Map(before);
    this.#version += 1;
    for (const key of componentsInOrder(affected, (from) => this.#graph.targets(from)).flat()) {
      this.#linkInto(next, key, this.#version);
    }
    for (const key of moved) {
      const version = before.get(key)?.version;
      if (version !== undefined && !affected.has(key)) this.#linkInto(next, key, version);
    }
    this.#entries = next;
    this.#current = new DefinitionSnapshot(next);
    const changed = [...affected].flatMap((key) => nameOf(next.get(key) ?? before.get(key)));
    if (changed.length > 0) this.#changes.next({ changed, definitions: this.#current });
  }

  #linkInto(next: Map<DefinitionKey, DefinitionEntry>, key: DefinitionKey, version: number): void {
    const copies = this.#copies.get(key);
    const copy = copies?.first;
    if (copies === undefined || copy === undefined) {
      next.delete(key);
      this.#linked.delete(key);
      return;
    }
    const find = (target: DefinitionName): DefinitionEntry | undefined => next.get(definitionKey(target));
    next.set(key, link(copies.name, copy, { find, cycle: this.#cycleOf(key), version }));
    this.#linked.set(key, copy);
  }

  #cycleOf(key: DefinitionKey): readonly DefinitionName[] | undefined {
    const cycle = shortestCycle(key, (from) => this.#graph.targets(from));
    return cycle?.flatMap((member) => this.#copies.get(member)?.name ?? []);
  }
}

function nameOf(entry: DefinitionEntry | undefined): readonly DefinitionName[] {
  return entry === undefined ? [] : [{ kind: entry.kind, name: entry.name }];
}

function targetsOf(copy: DefinitionCopy | undefined): ReadonlySet<DefinitionKey> {
  return new Set(copy === undefined ? [] : referencesOf(copy).map(definitionKey));
}

/** Everything that is wrong with the definitions: of the broken ones, of those that wait for others, and the warnings of the ready ones. */
export function problemsOf(definitions: DefinitionLookup): readonly Problem[] {
  return [...definitions.entries()].flatMap((entry) => (entry.status === 'ready' ? entry.warnings : entry.problems));
}
