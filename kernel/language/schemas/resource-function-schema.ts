import { LOCALS, predicates } from './function-parts.js';
import {
  constant,
  definitionSchema,
  delay,
  exactlyOne,
  expression,
  flag,
  list,
  mapping,
  marker,
  referenceProperties,
  requiredMapping,
  templateMapping,
  text,
} from './schema-parts.js';

const DEFAULT_DELAY = 30;

const apiConfig = requiredMapping(
  'Which resource the function is about, and how it stands to it.',
  {
    apiVersion: constant('The API version of the resource.'),
    kind: constant('The kind of the resource.'),
    plural: constant('The plural of the kind; asked of the store when absent.'),
    name: text('The name of the resource. May be an expression over inputs and locals.', { minLength: 1 }),
    namespace: text('The namespace of the resource. May be an expression over inputs and locals.', { minLength: 1 }),
    namespaced: flag('Whether resources of the kind lie in namespaces.', true),
    owned: flag('Whether the trigger owns the resource.', true),
    readonly: flag('Whether the resource is only read.', false),
    deleteIfExists: flag('Whether the resource is to be deleted.', false),
    store: constant('The store that holds the resource, when it is not the one that routing gives.'),
  },
  { required: ['apiVersion', 'kind', 'name'] },
);

const overlay = requiredMapping(
  'One change of the target.',
  {
    skipIf: expression('An expression over inputs and locals; true leaves the overlay out.'),
    overlay: templateMapping('What is laid over the target. May hold expressions over inputs, locals and resource.'),
    overlayRef: requiredMapping(
      'A ValueFunction whose return is laid over the target.',
      referenceProperties('ValueFunction'),
      {
        required: ['kind', 'name'],
      },
    ),
    inputs: templateMapping('The inputs of the overlayRef. May hold expressions over inputs and locals.'),
  },
  exactlyOne('overlay', 'overlayRef'),
);

const create = mapping('Whether and how the resource is created when it is missing.', {
  enabled: flag('Whether a missing resource is created.', true),
  delay: delay('Seconds until the next look after it was created.', DEFAULT_DELAY),
  overlay: templateMapping('Laid over the target when it is created, and never compared.'),
});

function change(description: string) {
  return mapping(description, { delay: delay('Seconds until the next look after the change.', DEFAULT_DELAY) });
}

const update = mapping(
  'What is done about differences.',
  {
    patch: change('The resource is patched.'),
    recreate: change('The resource is deleted, and created anew by the next run.'),
    never: marker('The resource is left as it is.'),
  },
  exactlyOne('patch', 'recreate', 'never'),
);

const release = mapping(
  'What becomes of the resource when it is no longer wanted.',
  { abandon: marker('It is left as it is.'), destroy: marker('It is deleted.') },
  exactlyOne('abandon', 'destroy'),
);

/** JSON Schema of a ResourceFunction. */
export const resourceFunctionSchema = definitionSchema(
  'ResourceFunction',
  'Keeps one resource as it should be, or reads it, and computes a value from it.',
  requiredMapping(
    'What the resource should be, and what the function gives.',
    {
      preconditions: predicates('Checks before anything is read, in order; the first that fails decides.', 'inputs'),
      locals: LOCALS,
      apiConfig,
      resource: templateMapping('What the resource should be. May hold expressions over inputs and locals.'),
      resourceTemplateRef: mapping(
        'A ResourceTemplate that says what the resource should be.',
        { name: text('Its name. May be an expression over inputs and locals.', { minLength: 1 }) },
        { required: ['name'] },
      ),
      overlays: list('Changes of the target, in order.', overlay),
      create,
      update,
      delete: release,
      postconditions: predicates(
        'Checks of the resource as it was read, in order; the first that fails decides.',
        'inputs, locals and resource',
      ),
      return: templateMapping('The value. May hold expressions over inputs, locals and resource.'),
    },
    { required: ['apiConfig'] },
  ),
);
