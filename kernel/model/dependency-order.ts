/** An order in which everything comes after what it needs, and the cycles because of which there is none. */
export interface DependencyOrder {
  /** All names; those of a cycle stand in the order in which they were given. */
  readonly order: readonly string[];
  /** Each cycle once, from its first member in the order given; `['a', 'b']` for a → b → a. */
  readonly cycles: readonly (readonly string[])[];
}

/** Orders names by need, keeping the given order wherever need leaves it open. Needs that are no names are ignored. */
export function orderByNeed(names: readonly string[], needs: (name: string) => readonly string[]): DependencyOrder {
  const order: string[] = [];
  const cycles: string[][] = [];
  const state = new Map<string, 'open' | 'done'>();
  const known = new Set(names);
  for (const root of names) {
    const path: { name: string; rest: string[] }[] = [];
    const enter = (name: string): void => {
      if (!known.has(name) || state.get(name) === 'done') return;
      if (state.get(name) === 'open') {
        const start = path.findIndex((frame) => frame.name === name);
        cycles.push(path.slice(start).map((frame) => frame.name));
        return;
      }
      state.set(name, 'open');
      path.push({ name, rest: [...needs(name)] });
    };
    enter(root);
    // A stack of our own: chains may be longer than the engine's stack is deep.
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.rest.shift();
      if (next !== undefined) {
        enter(next);
        continue;
      }
      path.pop();
      state.set(top.name, 'done');
      order.push(top.name);
    }
  }
  return { order, cycles };
}

/** A cycle as people read it: `a → b → a`. */
export function formatCycle(cycle: readonly string[]): string {
  return [...cycle, cycle[0] ?? ''].join(' → ');
}
