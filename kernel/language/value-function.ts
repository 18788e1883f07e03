import type { PreparedValueFunction } from './definition.js';
import type { DefinitionSource } from './definition-source.js';
import { localNames, prepareLocals } from './locals.js';
import { preparePredicates } from './predicates.js';

/** Prepares a ValueFunction. */
export function prepareValueFunction(source: DefinitionSource): PreparedValueFunction {
  const { preparation, spec } = source;
  const locals = spec.at('locals');
  const preconditions = preparePredicates(spec.at('preconditions'), { inScope: ['inputs'] });
  const preparedLocals = prepareLocals(locals);
  // As an overlay the function sees the target as `resource`; who uses it how is not known here.
  const result = spec.at('return').template({ inScope: ['inputs', 'locals', 'resource'], locals: localNames(locals) });
  return {
    kind: 'ValueFunction',
    ...source.prepared([]),
    preconditions,
    locals: preparedLocals,
    ...(result === undefined ? {} : { return: result }),
    inputNames: preparation.inputNames,
  };
}
