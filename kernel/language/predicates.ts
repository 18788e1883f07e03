import type { Predicate, Verdict } from './definition.js';
import type { Field } from './field.js';
import type { Names } from './preparation.js';

/** Prepares `preconditions` or `postconditions`. */
export function preparePredicates(field: Field, names: Names): readonly Predicate[] {
  return field.items().flatMap((item) => {
    const assert = item.at('assert').expression(names);
    const verdict = prepareVerdict(item, names);
    return assert === undefined || verdict === undefined ? [] : [{ assert, verdict }];
  });
}

const VERDICTS_WITH_MESSAGE = ['skip', 'depSkip', 'permFail'] as const;

function prepareVerdict(item: Field, names: Names): Verdict | undefined {
  for (const type of VERDICTS_WITH_MESSAGE) {
    const message = item.at(type).at('message').template(names);
    if (message !== undefined) return { type, message };
  }
  const retry = item.at('retry');
  const message = retry.at('message').template(names);
  const delay = retry.at('delay').number();
  if (message !== undefined && delay !== undefined) return { type: 'retry', message, delay };
  return item.at('ok').value === undefined ? undefined : { type: 'ok' };
}
