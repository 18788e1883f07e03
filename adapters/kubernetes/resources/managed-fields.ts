import { getAt, isList, isObject, type Json, type JsonObject, type Resource } from '../../../kernel/plugin.js';
import { coveredBy, type FieldSet, union, without } from './owned-fields.js';

/** An entry of `metadata.managedFields`: which fields a manager set last, and how. */
type Entry = JsonObject;

/** What a field manager owns of a resource: by what it created or updated, and by what it applied. */
export class ManagedFields {
  readonly #entries: readonly Entry[];
  readonly #manager: string;
  readonly #setOnce: readonly string[];

  /** @param setOnce JSON pointers of what was set once, and is never to be taken away */
  constructor(resource: Resource, manager: string, setOnce: readonly string[]) {
    const entries = getAt(resource.metadata as unknown as Json, ['managedFields']);
    this.#entries = isList(entries) ? entries.filter(isObject) : [];
    this.#manager = manager;
    this.#setOnce = setOnce;
  }

  /** Whether the manager owns nothing that the target does not speak of, so that an apply of it would take nothing away. */
  coveredBy(target: JsonObject): boolean {
    return this.#entries.every((entry) => {
      if (this.#isUpdate(entry)) return coveredBy(this.#lasting(entry), target);
      return !this.#isApply(entry) || coveredBy(fieldsOf(entry), target);
    });
  }

  /**
   * The entries as they should be before an apply: what the manager created or updated counts as applied, but for what was
   * set once, which then belongs to nobody. Undefined when they are so already.
   */
  asApplied(): readonly Entry[] | undefined {
    const apply = this.#entries.find((entry) => this.#isApply(entry));
    const updates = this.#entries.filter((entry) => this.#isUpdate(entry));
    const base = apply ?? updates[0];
    // Fields of another version may have other names: they stay where they are.
    const moved = updates.filter(({ apiVersion }) => apiVersion === base?.apiVersion);
    if (base === undefined || moved.length === 0) return undefined;
    const sets = [...(apply === undefined ? [] : [fieldsOf(apply)]), ...moved.map((entry) => this.#lasting(entry))];
    const { time: _time, ...kept } = base;
    const merged = { ...kept, operation: 'Apply', fieldsV1: sets.reduce(union, {}) };
    return [...this.#entries.filter((entry) => entry !== apply && !moved.includes(entry)), merged];
  }

  #isUpdate(entry: Entry): boolean {
    return this.#isOurs(entry) && entry.operation === 'Update';
  }

  #isApply(entry: Entry): boolean {
    return this.#isOurs(entry) && entry.operation === 'Apply';
  }

  #isOurs({ manager, subresource }: Entry): boolean {
    return manager === this.#manager && (subresource ?? '') === '';
  }

  #lasting(entry: Entry): FieldSet {
    return this.#setOnce.reduce(without, fieldsOf(entry));
  }
}

function fieldsOf({ fieldsV1 }: Entry): FieldSet {
  return isObject(fieldsV1) ? fieldsV1 : {};
}
