import { ApiError } from './api-error.js';
import type { ApiObject } from './api-object.js';

/** The test that `labelSelector` and `fieldSelector` of a request ask for. @throws ApiError 400 for what is not understood */
export function selectorOf(query: URLSearchParams): (object: ApiObject) => boolean {
  const tests = [
    ...terms(query.get('fieldSelector')).map(fieldTest),
    ...terms(query.get('labelSelector')).map(labelTest),
  ];
  return (object) => tests.every((test) => test(object));
}

function terms(text: string | null): string[] {
  return text === null || text === '' ? [] : text.split(',').map((term) => term.trim());
}

function fieldTest(term: string): (object: ApiObject) => boolean {
  const match = /^(metadata\.name|metadata\.namespace)(==?|!=)(.*)$/.exec(term);
  if (match === null) throw new ApiError(400, `Unable to find field label for selector "${term}"`);
  const [, field, operator, value] = match;
  return ({ metadata }) => {
    const actual = field === 'metadata.name' ? metadata.name : (metadata.namespace ?? '');
    return (actual === value) === (operator !== '!=');
  };
}

function labelTest(term: string): (object: ApiObject) => boolean {
  const match = /^(!?)([\w./-]+)(?:\s*(==?|!=)\s*(.*))?$/.exec(term);
  if (match === null) throw new ApiError(400, `unable to parse requirement: "${term}"`);
  const [, not, key = '', operator, value] = match;
  return ({ metadata }) => {
    const actual = metadata.labels?.[key];
    if (operator === undefined) return (actual !== undefined) === (not === '');
    return (actual === value) === (operator !== '!=');
  };
}
