import { type ResourceRef, refKey } from '../../../kernel/plugin.js';

/** What is not there, and was not asked for so many looks, is looked for no longer. */
const PATIENCE = 10;
const MOST = 10_000;

/**
 * Which resources of a kind somebody has asked for: they are looked at where there is no list, and their namespaces are
 * listed where a list is of one.
 */
export class KnownRefs {
  readonly #known = new Map<string, { readonly ref: ResourceRef; absent: number }>();

  /** Somebody has asked for the resource. Of very many the one that was asked for longest ago is forgotten. */
  note(ref: ResourceRef): void {
    const key = refKey(ref);
    this.#known.delete(key);
    this.#known.set(key, { ref, absent: 0 });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest);
  }

  /** It was looked at, and is there or not. */
  seen(ref: ResourceRef, isThere: boolean): void {
    const key = refKey(ref);
    const known = this.#known.get(key);
    if (known === undefined) return;
    known.absent = isThere ? 0 : known.absent + 1;
    if (known.absent >= PATIENCE) this.#known.delete(key);
  }

  get refs(): readonly ResourceRef[] {
    return [...this.#known.values()].map(({ ref }) => ref);
  }

  get namespaces(): readonly string[] {
    return [...new Set(this.refs.flatMap(({ namespace }) => namespace ?? []))];
  }
}
