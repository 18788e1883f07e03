/** A store that definitions are read from, and which of its namespaces count, first ones first; absent: all, by name. */
export interface DefinitionSources {
  readonly store: string;
  readonly namespaces?: readonly string[];
}

/** Where one copy of a definition lies. */
export interface CopyPlace {
  readonly store: string;
  readonly namespace: string;
}

/** Decides which copy of a definition counts when several stores or namespaces hold one of the same kind and name. */
export class SourceOrder {
  readonly #sources: readonly DefinitionSources[] | undefined;

  /** @param sources first ones first; absent: every store and namespace counts, ordered by name */
  constructor(sources?: readonly DefinitionSources[]) {
    this.#sources = sources;
  }

  /** Whether definitions of this place count at all. */
  accepts(place: CopyPlace): boolean {
    return this.#rank(place) !== undefined;
  }

  /** Negative when copies of the first place come before those of the second. Zero only for the same place. */
  compare(a: CopyPlace, b: CopyPlace): number {
    const [sourceA, namespaceA] = this.#rank(a) ?? LAST;
    const [sourceB, namespaceB] = this.#rank(b) ?? LAST;
    return sourceA - sourceB || namespaceA - namespaceB || byName(a.store, b.store) || byName(a.namespace, b.namespace);
  }

  #rank({ store, namespace }: CopyPlace): readonly [source: number, namespace: number] | undefined {
    if (this.#sources === undefined) return [0, 0];
    for (const [index, source] of this.#sources.entries()) {
      if (source.store !== store) continue;
      const rank = source.namespaces === undefined ? 0 : source.namespaces.indexOf(namespace);
      if (rank >= 0) return [index, rank];
    }
    return undefined;
  }
}

const LAST = [Number.MAX_SAFE_INTEGER, 0] as const;

function byName(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
