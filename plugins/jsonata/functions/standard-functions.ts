import jsonata from 'jsonata';
import { BEFORE_NODE } from '../evaluation/hooks.js';
import type { Value } from '../values/kinds.js';
import type { Definition, Focus } from './builtin.js';

/** JSONata's own functions, for builtins that only check what they are given. */
export class StandardFunctions {
  readonly #environment = standardEnvironment();

  /** Calls the function of that name as JSONata would, its arguments being right. */
  call(name: string, args: readonly Value[], focus: Focus): Value {
    const { implementation } = this.#environment.lookup(name) as Definition;
    return implementation.apply(focus, [...args]);
  }
}

/**
 * Where JSONata itself looks its functions up. Taken from the first step of an evaluation, which runs at once: were they
 * waited for, the first call would end later than all others, and what runs beside it in another order.
 */
function standardEnvironment(): Focus['environment'] {
  let environment: Focus['environment'] | undefined;
  const expression = jsonata('null');
  expression.assign(BEFORE_NODE, (_node: unknown, _input: unknown, found: Focus['environment']) => {
    environment = found;
  });
  void expression.evaluate(null);
  if (environment === undefined) throw new Error('JSONata did not begin with the evaluation');
  return environment;
}
