import {
  type ContestedField,
  type GroupVersionKind,
  getAt,
  isList,
  isObject,
  type JsonObject,
} from '../../../kernel/plugin.js';

/** One of the causes that a Status gives. */
export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** The causes of a Status; none where it gives none. */
export function causesOf(status: JsonObject): readonly StatusCause[] {
  const causes = getAt(status, ['details', 'causes']);
  if (!isList(causes)) return [];
  return causes.filter(isObject).map((cause) => {
    const text = (key: string): string => (typeof cause[key] === 'string' ? cause[key] : '');
    return { reason: text('reason'), message: text('message'), field: text('field') };
  });
}

/** The fields that an apply was refused for, and who set them: `conflict with "kubectl" using apps/v1`. */
export function contestedFields(status: JsonObject): readonly ContestedField[] {
  return causesOf(status)
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ field, message }) => ({
      path: field,
      manager: /^conflict with "([^"]*)"/.exec(message)?.[1] ?? 'unknown',
    }));
}

/** What makes a resource invalid: each field with why; of a Secret no more than the kind of reason. */
export function invalidMessage(status: JsonObject, kind: GroupVersionKind | undefined, message: string): string {
  const causes = causesOf(status).filter(({ field, reason }) => field !== '' || reason !== '');
  if (causes.length === 0) return `the server refused it: ${message}`;
  const told = causes.map(({ field, reason, message: why }) => {
    const detail = isSecret(kind) ? '' : withoutValues(detailOf(why), kind);
    return [field, detail === '' ? (REASONS[reason] ?? reason) : detail]
      .filter((part) => part !== '' && part !== '<nil>')
      .join(': ');
  });
  return `the server refused it: ${[...new Set(told)].join('; ')}`;
}

/** A message of the server without the values that some of them quote. */
export function withoutValues(message: string, kind: GroupVersionKind | undefined): string {
  if (isSecret(kind) && /invalid|decod|unmarshal|base64/i.test(message)) return 'it cannot be read as a Secret';
  // Decoders quote what stands around the place: `…, error found in #10 byte of ...|"key":"value"|...`.
  const text = message.replace(/,? error found in #.*$/s, '').replace(/got &?value\.[^{]*\{.*$/s, 'got another type');
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const LONGEST = 1000;

/** The kinds of reason in words, where there are no others. */
const REASONS: Readonly<Record<string, string>> = {
  FieldValueInvalid: 'invalid value',
  FieldValueRequired: 'required',
  FieldValueNotSupported: 'a value that is not supported',
  FieldValueDuplicate: 'a value that is there already',
  FieldValueForbidden: 'forbidden',
  FieldValueTypeInvalid: 'a value of the wrong type',
  FieldValueTooLong: 'too long',
  FieldValueTooMany: 'too many',
  FieldValueNotFound: 'refers to what is not there',
};

function isSecret(kind: GroupVersionKind | undefined): boolean {
  return kind?.kind === 'Secret' && kind.apiVersion === 'v1';
}

/** The rule in `Invalid value: "abc": must be …`: what stands behind the kind of error, and behind the value that it quotes. */
function detailOf(message: string): string {
  const [, type = '', rest = ''] = /^([A-Z][a-z]+(?: [a-z]+)?): (.*)$/s.exec(message) ?? [];
  if (type === '') return /^[A-Z][a-z]+(?: [a-z]+)?$/.test(message) ? '' : message;
  if (type === 'Forbidden' || type === 'Required value' || type === 'Too long' || type === 'Internal error')
    return rest;
  const quoted =
    /^"(?:[^"\\]|\\.)*"(?:: (.*))?$/s.exec(rest) ?? /^(?:-?[\d.]+|true|false|null)(?:: (.*))?$/s.exec(rest);
  if (quoted !== null) return quoted[1] ?? '';
  // A whole structure, in Go's notation; the rule is behind its last bracket.
  const behind = Math.max(rest.lastIndexOf('}: '), rest.lastIndexOf(']: '), rest.lastIndexOf('": '));
  return behind < 0 ? '' : rest.slice(behind + 3);
}
