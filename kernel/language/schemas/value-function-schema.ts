import { LOCALS, predicates } from './function-parts.js';
import { definitionSchema, requiredMapping, templateMapping } from './schema-parts.js';

/** JSON Schema of a ValueFunction. */
export const valueFunctionSchema = definitionSchema(
  'ValueFunction',
  'A pure function: checks its inputs and computes a value from them.',
  requiredMapping(
    'What the function checks and gives.',
    {
      preconditions: predicates(
        'Checks before anything is computed, in order; the first that fails decides.',
        'inputs',
      ),
      locals: LOCALS,
      return: templateMapping('The value. May hold expressions over inputs and locals (and resource, as an overlay).'),
    },
    { anyOf: [{ required: ['preconditions'] }, { required: ['return'] }] },
  ),
);
