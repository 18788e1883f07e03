import { DEFAULT_ELECTION_TIMES, type JsonObject } from '../kernel/index.js';

const seconds = { type: 'number', exclusiveMinimum: 0, maximum: 3600 };
const name = { type: 'string', pattern: '^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$' };

/** The part of the configuration's schema that says how several processes agree on the one that acts. */
export const LEADER_ELECTION_SCHEMA: JsonObject = {
  type: 'object',
  description:
    'Has `koreo run` act only while it leads: of several processes with the same election one works, and the others stand by. Left out: it is the only one.',
  additionalProperties: false,
  properties: {
    store: {
      type: 'string',
      description:
        'The store in which they agree; one of type `kubernetes`. With a single store it may be left out, and with a `triggerStore` or a `defaultStore`, which it is then.',
    },
    namespace: {
      ...name,
      description: "The namespace of the Lease. Left out: that of the pod, or of the kubeconfig's context.",
    },
    name: { ...name, description: 'The name of the Lease.', default: 'koreo' },
    identity: {
      type: 'string',
      minLength: 1,
      maxLength: 200,
      description:
        'What people know this process by; something of chance is added to it. Left out: the name of the pod, or of the machine.',
    },
    leaseSeconds: {
      type: 'integer',
      minimum: 1,
      maximum: 3600,
      description: 'How long others leave a leader alone that they have not seen renew its Lease.',
      default: DEFAULT_ELECTION_TIMES.leaseSeconds,
    },
    renewDeadlineSeconds: {
      ...seconds,
      description: 'A leader that could not renew its Lease for this time stops to act; shorter than `leaseSeconds`.',
      default: DEFAULT_ELECTION_TIMES.renewDeadlineSeconds,
    },
    retrySeconds: {
      ...seconds,
      description: 'The time between two tries to take the Lease, or to renew it.',
      default: DEFAULT_ELECTION_TIMES.retrySeconds,
    },
  },
};
