import test from 'ava';
import {
  AlreadyExistsError,
  ConflictError,
  ForbiddenError,
  InvalidResourceError,
  type Json,
  type JsonObject,
  NotFoundError,
  UnavailableError,
  UnknownKindError,
} from 'koreo-kernel';
import {
  ExpiredError,
  FieldConflictError,
  OmittedKeyError,
  RejectedError,
  UnauthorizedError,
  UnsupportedError,
} from '../../../../adapters/kubernetes/api/api-errors.js';
import { statusError } from '../../../../adapters/kubernetes/api/status-error.js';

const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' };
const SECRET = { apiVersion: 'v1', kind: 'Secret' };

/** What a server answers a PATCH with, and the error that it comes to. */
function errorOf(
  status: number,
  body: JsonObject | null = {},
  { kind = DEPLOYMENT, method = 'PATCH' } = {},
): ReturnType<typeof statusError> {
  return statusError({ status, body }, { server: 'https://cluster', method, kind });
}

function invalid(causes: readonly Json[], message = 'Deployment.apps "web" is invalid'): JsonObject {
  return { kind: 'Status', reason: 'Invalid', message, details: { name: 'web', kind: 'Deployment', causes } };
}

test('404: an object, a kind and a namespace that are missing are told apart', (t) => {
  const object = errorOf(404, {
    reason: 'NotFound',
    message: 'deployments.apps "web" not found',
    details: { name: 'web', group: 'apps', kind: 'deployments' },
  });
  t.true(object instanceof NotFoundError);
  t.is(object.message, 'deployments.apps "web" not found');
  const namespace = errorOf(404, {
    reason: 'NotFound',
    message: 'namespaces "prod" not found',
    details: { name: 'prod', kind: 'namespaces' },
  });
  t.true(namespace instanceof NotFoundError);
  for (const body of [
    null,
    { reason: 'NotFound', message: 'the server could not find the requested resource', details: {} },
  ]) {
    const error = errorOf(404, body);
    t.true(error instanceof UnknownKindError);
    t.is(
      error.message,
      'https://cluster has no kind Deployment in apps/v1, now: is its CustomResourceDefinition installed?',
    );
  }
});

test('409: what exists, what has changed, and what other managers have set are told apart', (t) => {
  t.true(
    errorOf(409, { reason: 'AlreadyExists', message: 'deployments.apps "web" already exists' }) instanceof
      AlreadyExistsError,
  );
  const stale = errorOf(409, { reason: 'Conflict', message: 'the object has been modified' });
  t.true(stale instanceof ConflictError && !(stale instanceof FieldConflictError));
  const contested = errorOf(409, {
    reason: 'Conflict',
    message: 'Apply failed with 2 conflicts',
    details: {
      causes: [
        { reason: 'FieldManagerConflict', message: 'conflict with "kubectl" using apps/v1', field: '.spec.replicas' },
        { reason: 'FieldManagerConflict', message: 'conflict with "hpa"', field: '.spec.paused' },
      ],
    },
  });
  t.true(contested instanceof FieldConflictError);
  t.is(contested.message, 'other field managers have set .spec.replicas (kubectl), .spec.paused (hpa)');
  t.deepEqual((contested as FieldConflictError).fields, [
    { path: '.spec.replicas', manager: 'kubectl' },
    { path: '.spec.paused', manager: 'hpa' },
  ]);
});

test('403: no permission stays; a namespace that ends and a quota pass', (t) => {
  const forbidden = errorOf(403, {
    reason: 'Forbidden',
    message: 'deployments.apps is forbidden: User "koreo" cannot patch',
  });
  t.true(forbidden instanceof ForbiddenError);
  t.regex(forbidden.message, /User "koreo" cannot patch/);
  const ending = errorOf(403, {
    reason: 'Forbidden',
    message: 'unable to create new content in namespace prod because it is being terminated',
    details: { causes: [{ reason: 'NamespaceTerminating', message: 'namespace prod is being terminated' }] },
  });
  t.true(ending instanceof UnavailableError);
  const quota = errorOf(403, { reason: 'Forbidden', message: 'pods "a" is forbidden: exceeded quota: small' });
  t.true(quota instanceof UnavailableError);
});

test('422: each field with the rule that it breaks, and no value', (t) => {
  const error = errorOf(
    422,
    invalid([
      {
        reason: 'FieldValueInvalid',
        message: 'Invalid value: -7001: must be greater than or equal to 0',
        field: 'spec.replicas',
      },
      {
        reason: 'FieldValueInvalid',
        message: 'Invalid value: "hun: \\"ter2": must be no more than 63 characters',
        field: 'a',
      },
      {
        reason: 'FieldValueInvalid',
        message: 'Invalid value: v1.LabelSelector{MatchLabels:map[string]string{"app":"hunter2"}}: field is immutable',
        field: 'b',
      },
      {
        reason: 'FieldValueInvalid',
        message: 'Invalid value: map[string]interface {}{"k":"hunter2"}: a rule of the author',
        field: 'c',
      },
      { reason: 'FieldValueRequired', message: 'Required value', field: 'd' },
      {
        reason: 'FieldValueNotSupported',
        message: 'Unsupported value: "hunter2": supported values: "Always", "Never"',
        field: 'e',
      },
      { reason: 'FieldValueDuplicate', message: 'Duplicate value: "hunter2"', field: 'f' },
      { reason: 'FieldValueForbidden', message: 'Forbidden: updates to it are not possible', field: 'g' },
      {
        reason: 'FieldValueTypeInvalid',
        message: 'Invalid value: "string": spec.h in body must be of type integer: "string"',
        field: 'h',
      },
    ]),
  );
  t.true(error instanceof RejectedError);
  t.is(
    error.message,
    [
      'the server refused it: spec.replicas: must be greater than or equal to 0',
      'a: must be no more than 63 characters',
      'b: field is immutable',
      'c: a rule of the author',
      'd: required',
      'e: supported values: "Always", "Never"',
      'f: a value that is there already',
      'g: updates to it are not possible',
      'h: spec.h in body must be of type integer: "string"',
    ].join('; '),
  );
  t.is((error as RejectedError).fields.length, 9);
});

test('422: of a Secret nothing but fields and kinds of reason', (t) => {
  const causes = [
    { reason: 'FieldValueInvalid', message: 'Invalid value: "x": hunter2 is no key', field: 'data[hunter]' },
  ];
  const error = errorOf(422, invalid(causes), { kind: SECRET });
  t.is(error.message, 'the server refused it: data[hunter]: invalid value');
});

test('400: what a decoder quotes of the text is left out, and of a Secret all of it', (t) => {
  const decoder =
    'Deployment in version "v1" cannot be handled: v1.Replicas: readUint32: unexpected character, error found in #10 byte of ...|"hunter2"|...';
  const error = errorOf(400, { reason: 'BadRequest', message: decoder });
  t.true(error instanceof InvalidResourceError);
  t.regex(error.message, /v1\.Replicas: readUint32/);
  t.notRegex(error.message, /hunter2/);
  const message =
    'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 4 of hunter2';
  t.notRegex(errorOf(400, { message }, { kind: SECRET }).message, /hunter2|byte/);
  const typed = errorOf(400, { message: '.spec.a: expected string, got &value.valueUnstructured{Value:"hunter2"}' });
  t.notRegex(typed.message, /hunter2/);
});

test('what a target lacks for an apply, and what a schema does not know, are told apart, whatever the status', (t) => {
  const because = 'failed to create typed patch object: ';
  for (const status of [400, 500]) {
    const omitted = errorOf(status, {
      message: `${because}.spec.ports: element 0: associative list with keys has an element that omits key field "protocol"`,
    });
    t.true(omitted instanceof OmittedKeyError);
    const unknown = errorOf(status, { message: `${because}.spec.replica: field not declared in schema` });
    t.true(unknown instanceof RejectedError);
    t.regex(unknown.message, /\.spec\.replica: field not declared in schema$/);
  }
});

test('what passes is told from what does not', (t) => {
  const cases: readonly [number, boolean, new (...args: never[]) => Error][] = [
    [400, false, InvalidResourceError],
    [401, true, UnauthorizedError],
    [403, false, ForbiddenError],
    [404, true, UnknownKindError],
    [405, false, UnsupportedError],
    [409, true, ConflictError],
    [410, true, ExpiredError],
    [413, false, InvalidResourceError],
    [415, false, UnsupportedError],
    [418, false, InvalidResourceError],
    [422, false, InvalidResourceError],
    [429, true, UnavailableError],
    [500, true, UnavailableError],
    [503, true, UnavailableError],
    [504, true, UnavailableError],
  ];
  for (const [status, retriable, type] of cases) {
    const error = errorOf(status, null);
    t.is(error.retriable, retriable, String(status));
    t.true(error instanceof type, String(status));
  }
});

test('of a write that a server failed at it says that it may have been done, of a read not', (t) => {
  t.regex(errorOf(504).message, /^https:\/\/cluster answered 504: .*; the write may have taken effect$/);
  t.notRegex(errorOf(504, {}, { method: 'GET' }).message, /may have/);
});

test('how long to wait comes from the header, or else from the details', (t) => {
  const body = { details: { retryAfterSeconds: 5 } };
  const asked = { server: 'https://cluster', method: 'GET' };
  const seconds = (refusal: Parameters<typeof statusError>[0]): number | undefined => {
    const error = statusError(refusal, asked);
    return error instanceof UnavailableError ? error.retryAfter : undefined;
  };
  t.is(seconds({ status: 429, body, retryAfter: 9 }), 9);
  t.is(seconds({ status: 429, body }), 5);
  t.is(seconds({ status: 503, body }), 5);
  t.is(seconds({ status: 500, body: 'no Status' }), undefined);
});
