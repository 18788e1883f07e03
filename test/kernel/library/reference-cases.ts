import { type FunctionCases, fails, gives } from './function-case.js';

const bucket = {
  apiVersion: 'storage.example.com/v1',
  kind: 'Bucket',
  metadata: { name: 'photos', namespace: 'media', uid: '9f0c', labels: { tier: 'hot' } },
  spec: { size: 3 },
};
const reference = { apiVersion: 'storage.example.com/v1', kind: 'Bucket', name: 'photos', namespace: 'media' };
const needsName = '`external` or `name` are required to build a reference.';

export const referenceCases: FunctionCases = {
  self_ref: [
    gives([bucket], reference),
    gives([{ ...bucket, metadata: { name: 'photos' } }], {
      apiVersion: 'storage.example.com/v1',
      kind: 'Bucket',
      name: 'photos',
    }),
    fails([{ ...bucket, apiVersion: '' }], 'Missing `apiVersion`.'),
    fails([{ apiVersion: 'v1', metadata: { name: 'n' } }], 'Missing `kind`.'),
    fails([{ ...bucket, kind: null }], 'Missing `kind`.'),
    fails([{ apiVersion: 'v1', kind: 'Node' }], 'Missing `metadata`.'),
    fails([{ ...bucket, metadata: {} }], 'Missing `metadata`.'),
    fails([{ ...bucket, metadata: { namespace: 'media' } }], 'Missing `metadata.name`.'),
    fails([{ ...bucket, metadata: { name: '', namespace: 'media' } }], 'Missing `metadata.name`.'),
    fails([{ ...bucket, metadata: { name: 'photos', namespace: '' } }], 'Missing `metadata.namespace`.'),
    fails([{ ...bucket, metadata: { name: 'photos', namespace: null } }], 'Missing `metadata.namespace`.'),
    fails([{ ...bucket, metadata: 'photos' }], 'Missing `metadata.name`.'),
    fails(['photos'], 'self_ref: `resource` must be a mapping, not string'),
    fails([null], 'self_ref: `resource` must be a mapping, not null'),
    fails([[bucket]], 'self_ref: `resource` must be a mapping, not list'),
  ],
  to_ref: [
    gives([{ name: 'photos' }], { name: 'photos' }),
    gives([{ ...reference, labels: {} }], reference),
    gives([{ name: 'photos', apiVersion: '', kind: '', namespace: '' }], { name: 'photos' }),
    gives([{ name: 'photos', namespace: null }], { name: 'photos' }),
    gives([{ external: 'projects/7' }], { external: 'projects/7' }),
    gives([{ ...reference, external: 'projects/7' }], {
      apiVersion: 'storage.example.com/v1',
      kind: 'Bucket',
      external: 'projects/7',
    }),
    fails([{ external: '', name: 'photos' }], '`external` must contain a value.'),
    fails([{ external: null }], '`external` must contain a value.'),
    fails([{ kind: 'Bucket', namespace: 'media' }], needsName),
    fails([{ name: null }], '`name` must contain a value.'),
    fails([{ name: '' }], '`name` must contain a value.'),
    fails([bucket], needsName),
    fails([{}], needsName),
    fails([[]], 'to_ref: `source` must be a mapping, not list'),
  ],
  group_ref: [
    gives([reference], { apiGroup: 'storage.example.com', kind: 'Bucket', name: 'photos', namespace: 'media' }),
    gives([{ apiGroup: 'g.example', apiVersion: 'other.example/v1', name: 'n' }], { apiGroup: 'g.example', name: 'n' }),
    gives([{ apiGroup: '', apiVersion: 'other.example/v1', name: 'n' }], { apiGroup: 'other.example', name: 'n' }),
    gives([{ apiVersion: 'v1', kind: 'Pod', name: 'n' }], { apiGroup: 'v1', kind: 'Pod', name: 'n' }),
    gives([{ apiVersion: 7, name: 'n' }], { name: 'n' }),
    gives([{ name: 'n' }], { name: 'n' }),
    gives([{ apiVersion: 'g.example/v1', external: 'e', name: 'n' }], { apiGroup: 'g.example', external: 'e' }),
    fails([{ apiVersion: 'g.example/v1' }], needsName),
    fails([{ apiVersion: 'g.example/v1', external: '' }], '`external` must contain a value.'),
    fails([{ apiVersion: 'g.example/v1', name: '' }], '`name` must contain a value.'),
  ],
  kindless_ref: [
    gives([reference], { name: 'photos', namespace: 'media' }),
    gives([{ kind: 'Bucket', external: 'e', namespace: 'media' }], { external: 'e' }),
    gives([{ name: 'n', namespace: '' }], { name: 'n' }),
    fails([{ kind: 'Bucket' }], needsName),
    fails([{ external: '' }], '`external` must contain a value.'),
    fails([{ name: '' }], '`name` must contain a value.'),
    fails(['n'], 'kindless_ref: `source` must be a mapping, not string'),
  ],
  config_connect_ready: [
    gives([ready()], true),
    gives([ready({ message: 'fine' })], true),
    gives([{ status: { conditions: [{ type: 'Synced' }, ...ready().status.conditions] } }], true),
    gives([ready({ reason: 'Updating' })], false),
    gives([ready({ status: 'False' })], false),
    gives([ready({ status: true })], false),
    gives([ready({ type: 'ready' })], false),
    gives([{ status: { conditions: [...ready().status.conditions, ...ready().status.conditions] } }], false),
    gives([{ status: { conditions: [] } }], false),
    gives([{ status: { conditions: null } }], false),
    gives([{ status: { conditions: 'Ready' } }], false),
    gives([{ status: { conditions: ['Ready'] } }], false),
    gives([{ status: null }], false),
    gives([{}], false),
    gives([''], false),
    gives([null], false),
  ],
};

function ready(over: Readonly<Record<string, string | boolean>> = {}): {
  status: { conditions: Record<string, string | boolean>[] };
} {
  return { status: { conditions: [{ type: 'Ready', reason: 'UpToDate', status: 'True', ...over }] } };
}
