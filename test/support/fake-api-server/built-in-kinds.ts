import { getAt, isObject, type Json } from 'koreo-kernel';
import type { Cause } from './api-error.js';
import { type ApiObject, jsonOf } from './api-object.js';
import { crdCauses } from './custom-kind.js';
import type { ListType, ServedKind } from './served-kind.js';

const POD = 'spec.template.spec';
const POD_LISTS: Readonly<Record<string, ListType>> = {
  [`${POD}.containers`]: ['name'],
  [`${POD}.containers.env`]: ['name'],
  [`${POD}.containers.ports`]: ['containerPort', 'protocol'],
  [`${POD}.containers.volumeMounts`]: ['mountPath'],
  [`${POD}.volumes`]: ['name'],
  'status.conditions': ['type'],
};

function kind(
  apiVersion: string,
  name: string,
  plural: string,
  more: Partial<ServedKind> & { readonly lists?: Readonly<Record<string, ListType>> } = {},
): ServedKind {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const { lists = {}, ...rest } = more;
  return {
    group: group ?? '',
    versions: [version ?? ''],
    kind: name,
    plural,
    namespaced: true,
    statusSubresource: false,
    counted: false,
    unconditionalUpdate: true,
    listType: (path) => lists[path],
    ...rest,
  };
}

/** The kinds that every server serves from its start. Their rules are a few of a real server's: those that people run into. */
export const BUILT_IN_KINDS: readonly ServedKind[] = [
  kind('v1', 'Namespace', 'namespaces', { shortNames: ['ns'], namespaced: false, statusSubresource: true }),
  kind('v1', 'ConfigMap', 'configmaps', { shortNames: ['cm'], validate: textData }),
  kind('v1', 'Secret', 'secrets', { validate: base64Data }),
  kind('v1', 'ServiceAccount', 'serviceaccounts', { shortNames: ['sa'] }),
  kind('v1', 'Service', 'services', {
    shortNames: ['svc'],
    statusSubresource: true,
    lists: { 'spec.ports': ['port', 'protocol'] },
  }),
  kind('v1', 'Event', 'events', { shortNames: ['ev'], validate: coreEvent }),
  kind('events.k8s.io/v1', 'Event', 'events', { shortNames: ['ev'], validate: modernEvent }),
  kind('apps/v1', 'Deployment', 'deployments', {
    shortNames: ['deploy'],
    categories: ['all'],
    statusSubresource: true,
    counted: true,
    lists: POD_LISTS,
    validate: deployment,
  }),
  kind('batch/v1', 'Job', 'jobs', { statusSubresource: true, counted: true, lists: POD_LISTS }),
  kind('coordination.k8s.io/v1', 'Lease', 'leases', { unconditionalUpdate: false, validate: lease }),
  kind('rbac.authorization.k8s.io/v1', 'Role', 'roles'),
  kind('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings'),
  kind('rbac.authorization.k8s.io/v1', 'ClusterRole', 'clusterroles', { namespaced: false }),
  kind('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'clusterrolebindings', { namespaced: false }),
  kind('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'customresourcedefinitions', {
    shortNames: ['crd', 'crds'],
    namespaced: false,
    statusSubresource: true,
    counted: true,
    unconditionalUpdate: false,
    lists: { 'status.conditions': ['type'] },
    validate: crdCauses,
  }),
];

function required(object: ApiObject, ...fields: readonly string[]): readonly Cause[] {
  const missing = fields.filter((field) => {
    const value = getAt(jsonOf(object), field.split('.'));
    return value === undefined || value === null || value === '';
  });
  return missing.map((field) => ({ reason: 'FieldValueRequired', message: 'Required value', field }));
}

function textData(object: ApiObject): readonly Cause[] {
  return dataCauses(object, (value) => (typeof value === 'string' ? undefined : 'must be a string'));
}

function base64Data(object: ApiObject): readonly Cause[] {
  return dataCauses(object, (value) =>
    typeof value === 'string' && Buffer.from(value, 'base64').toString('base64') === value
      ? undefined
      : 'illegal base64 data',
  );
}

function dataCauses(object: ApiObject, fault: (value: Json | undefined) => string | undefined): readonly Cause[] {
  const data = isObject(object.data) ? object.data : {};
  return Object.entries(data).flatMap(([key, value]) => {
    const why = /^[-._a-zA-Z0-9]+$/.test(key)
      ? fault(value)
      : 'a valid config key must consist of alphanumeric characters';
    return why === undefined
      ? []
      : [{ reason: 'FieldValueInvalid', message: `Invalid value: ${why}`, field: `data[${key}]` }];
  });
}

function coreEvent(object: ApiObject): readonly Cause[] {
  const about = getAt(jsonOf(object), ['involvedObject', 'namespace']) ?? '';
  const expected = about === '' ? 'default' : about;
  if (object.metadata.namespace === expected) return [];
  const message = 'Invalid value: does not match event.namespace';
  return [{ reason: 'FieldValueInvalid', message, field: 'involvedObject.namespace' }];
}

function modernEvent(object: ApiObject): readonly Cause[] {
  return required(object, 'eventTime', 'reportingController', 'reportingInstance', 'action', 'reason', 'type');
}

function lease(object: ApiObject): readonly Cause[] {
  const seconds = getAt(jsonOf(object), ['spec', 'leaseDurationSeconds']);
  if (seconds === undefined || seconds === null || (typeof seconds === 'number' && seconds > 0)) return [];
  const message = 'Invalid value: must be greater than 0';
  return [{ reason: 'FieldValueInvalid', message, field: 'spec.leaseDurationSeconds' }];
}

function deployment(object: ApiObject): readonly Cause[] {
  return required(object, 'spec.selector', 'spec.template.spec.containers');
}
