import jsonata from 'jsonata';
import type { Value } from '../values/kinds.js';
import type { Definition, Focus } from './builtin.js';

/** JSONata's own functions, for builtins that only check what they are given. */
export class StandardFunctions {
  readonly #definitions = new Map<string, Promise<Definition>>();

  /** Calls the function of that name as JSONata would, its arguments being right. */
  async call(name: string, args: readonly Value[], focus: Focus): Promise<Value> {
    const { implementation } = await this.#definition(name);
    return implementation.apply(focus, [...args]);
  }

  #definition(name: string): Promise<Definition> {
    const known = this.#definitions.get(name) ?? jsonata(`$${name}`).evaluate(null);
    this.#definitions.set(name, known);
    return known;
  }
}
