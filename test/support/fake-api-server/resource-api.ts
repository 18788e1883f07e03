import { randomUUID } from 'node:crypto';
import type { Json } from 'koreo-kernel';
import type { ApiCall } from './api-call.js';
import { ApiError, conflict, invalid, notFound } from './api-error.js';
import { type ApiObject, jsonOf } from './api-object.js';
import { jsonBody, objectIn, patchedBy, yamlBody } from './call-body.js';
import { applyFields, trackUpdate, type Writer } from './field-managers.js';
import type { ObjectKeeper } from './object-keeper.js';
import { checked, ofAppliedPart, ofPart, withSystemMetadata } from './object-rules.js';
import { apiVersionOf, type ServedKind } from './served-kind.js';

/** An answer: its status code and its body. */
export interface ApiAnswer {
  readonly code: number;
  readonly body: unknown;
}

const CHANGED = 'the object has been modified; please apply your changes to the latest version and try again';

/** Single objects: read, created, changed and deleted by the rules of a real server. */
export class ResourceApi {
  readonly #keeper: ObjectKeeper;

  constructor(keeper: ObjectKeeper) {
    this.#keeper = keeper;
  }

  get(call: ApiCall): ApiAnswer {
    return { code: 200, body: inVersion(this.#present(call), call) };
  }

  create(call: ApiCall): ApiAnswer {
    const given = objectIn(call, jsonBody(call));
    const { resourceVersion, generateName } = given.metadata;
    if (resourceVersion) {
      throw new ApiError(500, 'resourceVersion should not be set on objects to be created', {}, 'InternalError');
    }
    const name = given.metadata.name || (generateName ? `${generateName}${randomUUID().slice(0, 5)}` : '');
    if (name === '') {
      const message = 'Required value: name or generateName is required';
      throw invalid(call.kind, '', [{ reason: 'FieldValueRequired', field: 'metadata.name', message }]);
    }
    const named = { ...given, metadata: { ...given.metadata, name } };
    const created = this.#keeper.create(call, named, (object) =>
      trackUpdate(call.kind, { before: undefined, after: object, writer: this.#writer(call) }),
    );
    return { code: 201, body: inVersion(created, call) };
  }

  update(call: ApiCall): ApiAnswer {
    const given = objectIn(call, jsonBody(call));
    const before = this.#present(call);
    if (!given.metadata.resourceVersion && !call.kind.unconditionalUpdate) {
      const message = 'Invalid value: 0x0: must be specified for an update';
      const cause = { reason: 'FieldValueInvalid', field: 'metadata.resourceVersion', message };
      throw invalid(call.kind, before.metadata.name, [cause]);
    }
    refuseOtherUid(call.kind, before, given.metadata.uid);
    return { code: 200, body: inVersion(this.#change(call, before, given), call) };
  }

  patch(call: ApiCall): ApiAnswer {
    const before = this.#present(call);
    const after = objectIn(call, patchedBy(call, jsonOf(inVersion(before, call))));
    return { code: 200, body: inVersion(this.#change(call, before, after), call) };
  }

  apply(call: ApiCall): ApiAnswer {
    if (!call.query.get('fieldManager')) {
      const message = 'Required value: is required for apply patch';
      const causes = [{ reason: 'FieldValueRequired', field: 'fieldManager', message }];
      throw new ApiError(422, `PatchOptions.meta.k8s.io "" is invalid: fieldManager: ${message}`, { causes });
    }
    const applied = objectIn(call, yamlBody(call));
    if (applied.metadata.managedFields !== undefined) throw new ApiError(400, 'metadata.managedFields must be nil');
    const options = { writer: this.#writer(call), force: call.query.get('force') === 'true' };
    const before = this.#keeper.find(call);
    const { uid, resourceVersion } = applied.metadata;
    if (before === undefined) {
      if (call.target.subresource !== undefined) throw notFound(call.kind, call.target.name ?? '');
      if (uid || resourceVersion) {
        const why = 'the provided object specified a uid or a revision, and no existing object was found';
        throw conflict(call.kind, applied.metadata.name, why);
      }
      const object = applyFields(call.kind, undefined, ofAppliedPart(call, applied), options);
      return {
        code: 201,
        body: inVersion(
          this.#keeper.create(call, object, (same) => same),
          call,
        ),
      };
    }
    refuseStale(call.kind, before, resourceVersion);
    refuseOtherUid(call.kind, before, uid);
    const merged = applyFields(call.kind, before, ofAppliedPart(call, applied), options);
    return { code: 200, body: inVersion(this.#keeper.change(call, before, inVersion(merged, call)), call) };
  }

  delete(call: ApiCall): ApiAnswer {
    const before = this.#present(call);
    const options = (call.body === '' ? {} : jsonBody(call)) as Readonly<Record<string, Json>>;
    const { uid, resourceVersion } = (options.preconditions ?? {}) as Record<string, string | undefined>;
    const { name, ...metadata } = before.metadata;
    refuseOtherUid(call.kind, before, uid);
    if (resourceVersion && resourceVersion !== metadata.resourceVersion) {
      const why = preconditionFailed('ResourceVersion', resourceVersion, metadata.resourceVersion);
      throw conflict(call.kind, name, why);
    }
    const waits = metadata.finalizers ?? [];
    if (call.query.get('dryRun') === 'All' || (waits.length > 0 && metadata.deletionTimestamp !== undefined)) {
      return { code: 200, body: inVersion(before, call) };
    }
    if (waits.length > 0) {
      return { code: 200, body: inVersion(this.#keeper.mark(call.kind, before, waits), call) };
    }
    this.#keeper.remove(call.kind, before);
    const { group, plural } = call.kind;
    const details = { name, ...(group !== '' && { group }), kind: plural, uid: metadata.uid };
    return { code: 200, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details } };
  }

  #change(call: ApiCall, before: ApiObject, given: ApiObject): ApiObject {
    const { kind, target } = call;
    refuseStale(kind, before, given.metadata.resourceVersion);
    const part = ofPart(kind, inVersion(before, call), given, target.subresource);
    const whole = checked(kind, withSystemMetadata(kind, before, part));
    return this.#keeper.change(call, before, trackUpdate(kind, { before, after: whole, writer: this.#writer(call) }));
  }

  #present(call: ApiCall): ApiObject {
    const object = this.#keeper.find(call);
    if (object === undefined) throw notFound(call.kind, call.target.name ?? '');
    return object;
  }

  #writer({ verb, target, query, userAgent }: ApiCall): Writer {
    return {
      manager: query.get('fieldManager') ?? (userAgent.split('/')[0] || 'unknown'),
      operation: verb === 'apply' ? 'Apply' : 'Update',
      apiVersion: apiVersionOf(target.group, target.version),
      subresource: target.subresource,
      time: this.#keeper.time(),
    };
  }
}

/** The object in the version that the call names. */
export function inVersion(object: ApiObject, { target }: Pick<ApiCall, 'target'>): ApiObject {
  return { ...object, apiVersion: apiVersionOf(target.group, target.version) };
}

function refuseStale(kind: ServedKind, before: ApiObject, resourceVersion: string | undefined): void {
  if (resourceVersion && resourceVersion !== before.metadata.resourceVersion) {
    throw conflict(kind, before.metadata.name, CHANGED);
  }
}

function refuseOtherUid(kind: ServedKind, before: ApiObject, uid: string | undefined): void {
  if (uid && uid !== before.metadata.uid) {
    throw conflict(kind, before.metadata.name, preconditionFailed('UID', uid, before.metadata.uid));
  }
}

function preconditionFailed(what: string, given: string, actual: string | undefined): string {
  return `Precondition failed: ${what} in precondition: ${given}, ${what} in object meta: ${actual ?? ''}`;
}
