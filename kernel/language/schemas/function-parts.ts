import type { JsonObject } from '../../model/json.js';
import { delay, exactlyOne, expression, list, marker, requiredMapping, text } from './schema-parts.js';

const MOST_PREDICATES = 20;

/** The schema of `preconditions` and `postconditions`. */
export function predicates(description: string, scope: string): JsonObject {
  return list(
    description,
    requiredMapping(
      'A check, and what it means when it does not hold.',
      {
        assert: expression(`An expression over ${scope} that gives true when all is well, and false otherwise.`),
        ok: marker('When the assert is false: stop checking, and go on.'),
        skip: verdict('When the assert is false: end with Skip. Nothing is to be done, and that is no error.'),
        depSkip: verdict('When the assert is false: end with DepSkip. Something that this depends on is not there.'),
        retry: requiredMapping(
          'When the assert is false: end with Retry. It is tried again after the delay.',
          { message: text('Why, for people. May be an expression.'), delay: delay('Seconds until the next try.') },
          { required: ['message', 'delay'] },
        ),
        permFail: verdict('When the assert is false: end with PermFail. It cannot succeed until something is changed.'),
      },
      { required: ['assert'], ...exactlyOne('ok', 'skip', 'depSkip', 'retry', 'permFail') },
    ),
    { maxItems: MOST_PREDICATES },
  );
}

function verdict(description: string): JsonObject {
  return requiredMapping(
    description,
    { message: text('Why, for people. May be an expression.') },
    { required: ['message'] },
  );
}

/** The schema of `locals`. */
export const LOCALS: JsonObject = {
  description: 'Values by name, for use in what follows. May be expressions over inputs and other locals.',
  type: ['object', 'null'],
};
