import type { DefinitionKey } from './definition-key.js';

/** Which definitions refer to which, whether or not those they refer to are there. */
export class ReferenceGraph {
  readonly #targets = new Map<DefinitionKey, ReadonlySet<DefinitionKey>>();
  readonly #dependents = new Map<DefinitionKey, Set<DefinitionKey>>();

  /** What a definition refers to. */
  targets(key: DefinitionKey): ReadonlySet<DefinitionKey> {
    return this.#targets.get(key) ?? NONE;
  }

  /** Replaces what a definition refers to; nothing, once it is gone. */
  setTargets(key: DefinitionKey, targets: ReadonlySet<DefinitionKey>): void {
    for (const target of this.targets(key)) this.#removeDependent(target, key);
    if (targets.size === 0) this.#targets.delete(key);
    else this.#targets.set(key, targets);
    for (const target of targets) {
      const dependents = this.#dependents.get(target) ?? new Set();
      this.#dependents.set(target, dependents.add(key));
    }
  }

  /** The given definitions, and all that depend on them, directly or not. */
  affectedBy(keys: Iterable<DefinitionKey>): ReadonlySet<DefinitionKey> {
    const affected = new Set(keys);
    // A set that grows while it is iterated over is its own queue.
    for (const key of affected) {
      for (const dependent of this.#dependents.get(key) ?? NONE) affected.add(dependent);
    }
    return affected;
  }

  #removeDependent(target: DefinitionKey, key: DefinitionKey): void {
    const dependents = this.#dependents.get(target);
    dependents?.delete(key);
    if (dependents?.size === 0) this.#dependents.delete(target);
  }
}

const NONE: ReadonlySet<DefinitionKey> = new Set();
