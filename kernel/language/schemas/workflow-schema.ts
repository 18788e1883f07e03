import {
  CONDITION_TYPE_PATTERN,
  CONSTANT_PATTERN,
  constant,
  definitionSchema,
  exactlyOne,
  expression,
  flag,
  LABEL_PATTERN,
  list,
  mapping,
  referenceProperties,
  requiredMapping,
  templateMapping,
} from './schema-parts.js';

const MOST_STEPS = 100;

const logic = referenceProperties('ResourceFunction', 'ValueFunction', 'Workflow');

const switchCase = requiredMapping(
  'One choice.',
  {
    case: {
      description: 'The value of switchOn that this case is for.',
      type: ['string', 'integer'],
      pattern: CONSTANT_PATTERN,
    },
    ...logic,
    default: flag('Whether the case is taken when no other is.', false),
  },
  { required: ['case', 'kind', 'name'] },
);

const step = requiredMapping(
  'One piece of Logic to run.',
  {
    label: {
      description: 'The name under which later steps read its value: `steps.LABEL`.',
      type: 'string',
      pattern: LABEL_PATTERN,
    },
    ref: requiredMapping('The Logic.', logic, { required: ['kind', 'name'] }),
    refSwitch: requiredMapping(
      'A choice of the Logic while the Workflow runs.',
      {
        switchOn: expression('An expression over inputs, steps and parent that gives a text or an integer.'),
        cases: { ...list('The choices.', switchCase, { minItems: 1 }), type: 'array' },
      },
      { required: ['switchOn', 'cases'] },
    ),
    skipIf: expression('An expression over parent and steps; true skips the step.'),
    forEach: mapping(
      'Runs the Logic once for each item of a list.',
      {
        itemIn: expression('An expression over parent and steps that gives the list.'),
        inputKey: constant('The key under `inputs` that holds the item.'),
      },
      { required: ['itemIn', 'inputKey'] },
    ),
    inputs: templateMapping('The inputs of the Logic. May hold expressions over parent and steps.'),
    condition: mapping(
      'A condition of the trigger that tells how the step does.',
      {
        type: { description: 'The type of the condition.', type: 'string', pattern: CONDITION_TYPE_PATTERN },
        name: constant('What the step is about, in a few words for the messages.'),
      },
      { required: ['type', 'name'] },
    ),
    state: templateMapping('What is merged into the state of the Workflow. May hold expressions over value.'),
    timeoutSeconds: {
      description: 'Seconds that the step may take; the configured limit when absent.',
      type: 'number',
      exclusiveMinimum: 0,
    },
  },
  { required: ['label'], ...exactlyOne('ref', 'refSwitch') },
);

/** JSON Schema of a Workflow. */
export const workflowSchema = definitionSchema(
  'Workflow',
  'A graph of Functions and other Workflows that runs for a resource.',
  requiredMapping(
    'What starts the Workflow, and its steps.',
    {
      crdRef: mapping(
        'The kind whose resources start the Workflow.',
        {
          apiGroup: { description: 'The API group; empty for the core group.', type: 'string' },
          version: constant('The version of the API.'),
          kind: constant('The kind.'),
        },
        { required: ['apiGroup', 'version', 'kind'] },
      ),
      steps: {
        ...list('The steps; each may read only those before it.', step),
        type: 'array',
        minItems: 1,
        maxItems: MOST_STEPS,
      },
    },
    { required: ['steps'] },
  ),
);
