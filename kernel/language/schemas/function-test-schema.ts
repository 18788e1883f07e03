import type { JsonObject } from '../../model/json.js';
import {
  constantMapping,
  definitionSchema,
  delay,
  exactlyOne,
  flag,
  list,
  mapping,
  marker,
  referenceProperties,
  requiredMapping,
  templateMapping,
} from './schema-parts.js';

const MOST_CASES = 200;

const message: JsonObject = {
  description: 'Text that the message must hold, whatever its case; empty for any.',
  type: 'string',
  default: '',
};

function outcome(name: string): JsonObject {
  return mapping(`The function gives ${name}.`, { message });
}

const expectOutcome = mapping(
  'The type of outcome that is expected.',
  {
    ok: marker('The function gives Ok, with any value.'),
    skip: outcome('Skip'),
    depSkip: outcome('DepSkip'),
    retry: mapping('The function gives Retry.', { message, delay: delay('The delay; 0 for any.', 0) }),
    permFail: outcome('PermFail'),
  },
  exactlyOne('ok', 'skip', 'depSkip', 'retry', 'permFail'),
);

const testCase = requiredMapping(
  'One run of the function, and what is expected of it.',
  {
    label: { description: 'What the case shows.', type: 'string' },
    variant: flag('Whether later cases start from what was before this one.', false),
    skip: flag('Whether the case is left out.', false),
    inputOverrides: templateMapping('Laid over the inputs. May hold expressions over inputs.'),
    currentResource: constantMapping('The resource that is there, in place of the one so far.'),
    overlayResource: templateMapping(
      'Laid over the resource that is there. May hold expressions over inputs and resource.',
    ),
    expectResource: { ...constantMapping('The resource that the function creates or patches.'), type: 'object' },
    expectReturn: { ...constantMapping('The value that the function gives, with nothing changed.'), type: 'object' },
    expectOutcome,
    expectDelete: { description: 'Whether the function deletes the resource.', type: 'boolean' },
  },
  exactlyOne('expectResource', 'expectReturn', 'expectOutcome', 'expectDelete'),
);

/** JSON Schema of a FunctionTest. */
export const functionTestSchema = definitionSchema(
  'FunctionTest',
  'Runs one function against a simulated store, case after case.',
  requiredMapping(
    'The function, what it starts from, and the cases.',
    {
      functionRef: requiredMapping('The function.', referenceProperties('ValueFunction', 'ResourceFunction'), {
        required: ['kind', 'name'],
      }),
      inputs: templateMapping('The inputs of the first case.'),
      currentResource: constantMapping('The resource that is there before the first case.'),
      testCases: list('The cases, in order.', testCase, { maxItems: MOST_CASES }),
    },
    { required: ['functionRef'] },
  ),
);
