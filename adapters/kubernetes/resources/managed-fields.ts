import {
  equalJson,
  getAt,
  isList,
  isObject,
  type Json,
  type JsonObject,
  type Resource,
} from '../../../kernel/plugin.js';
import { coveredBy, type FieldSet, removalOf, sparing, split, union } from './owned-fields.js';

/** An entry of `metadata.managedFields`: which fields a manager set last, and how. */
type Entry = JsonObject;

/** Who owns what of a resource. */
export interface Owners {
  /** Of what targets say: what is created, and what is applied. */
  readonly manager: string;
  /** Of what is never to be taken away by an apply: what was patched, and what was set once. */
  readonly keeper: string;
  /** JSON pointers of what was set once. */
  readonly setOnce: readonly string[];
}

/** What the field managers of a store own of a resource. */
export class ManagedFields {
  readonly #entries: readonly Entry[];
  readonly #owners: Owners;

  constructor(resource: Resource, owners: Owners) {
    const entries = getAt(resource.metadata as unknown as Json, ['managedFields']);
    this.#entries = isList(entries) ? entries.filter(isObject) : [];
    this.#owners = owners;
  }

  /** Whether the manager owns nothing that the target does not speak of, so that an apply of it would take nothing away. */
  coveredBy(target: JsonObject): boolean {
    const { manager, setOnce } = this.#owners;
    const applied = this.#entry(manager, 'Apply');
    const updated = this.#entriesOf(manager, 'Update').map((entry) => split(fieldsOf(entry), setOnce).beside ?? {});
    return [...(applied === undefined ? [] : [fieldsOf(applied)]), ...updated].every((one) => coveredBy(one, target));
  }

  /**
   * The entries as they should be before an apply of the target: what the manager created or updated counts as applied, but
   * for what was set once, which becomes the keeper's. Undefined when they are so already.
   */
  before(target: JsonObject): readonly Entry[] | undefined {
    const { manager, keeper, setOnce } = this.#owners;
    const applied = this.#entry(manager, 'Apply');
    const version = (applied ?? this.#entry(manager, 'Update'))?.apiVersion;
    if (version === undefined) return undefined;
    // Fields of another version may have other names: they stay where they are.
    const ofVersion = (entry: Entry): boolean => entry.apiVersion === version;
    const updated = this.#entriesOf(manager, 'Update').filter(ofVersion);
    const kept = this.#entriesOf(keeper, 'Update').find(ofVersion);
    const parts = split(updated.map(fieldsOf).reduce(union, {}), setOnce);
    const changed = new Set([applied, kept, ...updated]);
    const others = this.#entries.filter((entry) => !changed.has(entry));
    const theirs = [...others.filter(ofVersion), ...(kept ? [kept] : [])].map(fieldsOf).reduce(union, parts.at ?? {});
    const own = union(applied === undefined ? {} : fieldsOf(applied), parts.beside ?? {});
    const ours = sparing(own, theirs, target);
    if (updated.length === 0 && equalJson(ours, own)) return undefined;
    const keeps = union(kept === undefined ? {} : fieldsOf(kept), parts.at ?? {});
    const base = { apiVersion: version, fieldsType: 'FieldsV1' };
    return [
      ...others,
      ...entryOf({ ...base, manager, operation: 'Apply' }, ours),
      ...entryOf({ ...base, manager: keeper, operation: 'Update' }, keeps),
    ];
  }

  /** The merge patch that takes away what the manager owns, that the target does not say, and that nobody else owns. */
  removal(target: JsonObject): JsonObject {
    const { manager, setOnce } = this.#owners;
    const applied = this.#entriesOf(manager, 'Apply').map(fieldsOf);
    const parts = split(this.#entriesOf(manager, 'Update').map(fieldsOf).reduce(union, {}), setOnce);
    const others = this.#entries.filter((entry) => entry.manager !== manager).map(fieldsOf);
    return removalOf(applied.reduce(union, parts.beside ?? {}), others.reduce(union, parts.at ?? {}), target);
  }

  #entry(manager: string, operation: Operation): Entry | undefined {
    return this.#entriesOf(manager, operation)[0];
  }

  #entriesOf(manager: string, operation: Operation): readonly Entry[] {
    return this.#entries.filter(
      (entry) => entry.manager === manager && entry.operation === operation && (entry.subresource ?? '') === '',
    );
  }
}

type Operation = 'Apply' | 'Update';

function entryOf(base: Entry, fieldsV1: FieldSet): readonly Entry[] {
  return Object.keys(fieldsV1).length === 0 ? [] : [{ ...base, fieldsV1 }];
}

function fieldsOf({ fieldsV1 }: Entry): FieldSet {
  return isObject(fieldsV1) ? fieldsV1 : {};
}
