import { resolve } from 'node:path';
import type { JsonObject } from '../../kernel/plugin.js';
import type { RateLimit } from './api/token-bucket.js';
import type { ConnectionOptions, Impersonation } from './connection/connection-options.js';

/** How a target is made so: by server-side apply, or by a merge patch as the original does. */
export type WriteWay = 'apply' | 'merge';

/** Which way for some kinds; `*` stands for any text, and a pattern that is absent matches all. */
export interface WriteRule {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly writes: WriteWay;
}

/** What a watch keeps to; see the watch module. */
export interface WatchOptions {
  /** Resources in one page of a list. */
  readonly pageSize: number;
  /** How long a watch is asked to last, at least; up to twice as long, by chance. */
  readonly timeoutSeconds: number;
  /** After how long without a word a watch is given up and begun anew. */
  readonly silenceSeconds: number;
}

/** The options of a store of type `kubernetes`, complete. */
export interface KubernetesOptions {
  readonly connection: ConnectionOptions;
  /** Absent: all. */
  readonly namespaces?: readonly string[];
  readonly fieldManager: string;
  readonly writes: WriteWay;
  readonly writeRules: readonly WriteRule[];
  readonly conflicts: 'take' | 'refuse';
  readonly rateLimit?: RateLimit;
  readonly requestTimeoutSeconds: number;
  readonly watch: WatchOptions;
}

export const DEFAULT_FIELD_MANAGER = 'koreo';
export const DEFAULT_REQUEST_TIMEOUT_SECONDS = 30;
export const DEFAULT_WATCH: WatchOptions = { pageSize: 500, timeoutSeconds: 300, silenceSeconds: 90 };

const text: JsonObject = { type: 'string', minLength: 1 };
const way: JsonObject = { enum: ['apply', 'merge'] };

/** The schema of the options, as people write them. */
export const KUBERNETES_OPTIONS: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  description: 'A Kubernetes API server: kinds of every group, custom resources too.',
  type: 'object',
  additionalProperties: false,
  dependentRequired: { serviceAccount: ['server'] },
  properties: {
    kubeconfig: {
      ...text,
      description:
        "The kubeconfig. Left out: what `KUBECONFIG` names, then `~/.kube/config`, then, in a pod, the service account's token.",
    },
    context: { ...text, description: "The context of the kubeconfig. Left out: the file's current one." },
    server: {
      ...text,
      format: 'uri',
      description: "The URL of the API server. Left out: that of the kubeconfig's context, or of the pod's cluster.",
    },
    serviceAccount: {
      ...text,
      description:
        'A folder with the `token` and the `ca.crt` of a service account, as pods are given them, in place of a kubeconfig. Needs `server`.',
    },
    namespaces: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: text,
      description:
        'The namespaces that are looked at when nobody names one: a Role in each is enough then. Left out: all, which needs a ClusterRole.',
    },
    impersonate: {
      type: 'object',
      required: ['user'],
      additionalProperties: false,
      description: 'Acts as somebody else, if the user may.',
      properties: {
        user: { ...text, description: 'The user to act as: `system:serviceaccount:team:deployer`.' },
        groups: { type: 'array', items: text, description: 'The groups to act as a member of.' },
        uid: { ...text, description: 'The uid to act with. API servers know it from 1.22 on.' },
      },
    },
    fieldManager: {
      ...text,
      maxLength: 100,
      default: DEFAULT_FIELD_MANAGER,
      description: 'By which name the API server knows the fields that are set here.',
    },
    writes: {
      ...way,
      default: 'apply',
      description:
        'How a managed resource is brought to its target: by server-side apply, which also takes away what an earlier target set, or by a JSON merge patch.',
    },
    writeRules: {
      type: 'array',
      default: [],
      description: 'Kinds that are written another way than `writes` says; the first rule that matches decides.',
      items: {
        type: 'object',
        required: ['writes'],
        additionalProperties: false,
        properties: {
          apiVersion: { ...text, default: '*', description: 'The `apiVersion` to match; `*` stands for any text.' },
          kind: { ...text, default: '*', description: 'The kind to match.' },
          writes: { ...way, description: 'The way.' },
        },
      },
    },
    conflicts: {
      enum: ['take', 'refuse'],
      default: 'take',
      description:
        'What an apply does about fields that others have set to something else: takes them, and tells whom from, or fails and names them.',
    },
    rateLimit: {
      type: 'object',
      required: ['requestsPerSecond'],
      additionalProperties: false,
      description: 'How fast requests leave. Left out: as fast as they come; the API server has a limit of its own.',
      properties: {
        requestsPerSecond: { type: 'number', exclusiveMinimum: 0, description: 'Over time.' },
        burst: { type: 'integer', minimum: 1, default: 10, description: 'At once, after a while with fewer.' },
      },
    },
    requestTimeoutSeconds: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 3600,
      default: DEFAULT_REQUEST_TIMEOUT_SECONDS,
      description: 'For how long an answer is waited for.',
    },
    watch: {
      type: 'object',
      additionalProperties: false,
      default: {},
      description: 'How changes are noticed.',
      properties: {
        pageSize: {
          type: 'integer',
          minimum: 1,
          default: DEFAULT_WATCH.pageSize,
          description: 'Resources in one answer of a list.',
        },
        timeoutSeconds: {
          type: 'integer',
          minimum: 1,
          default: DEFAULT_WATCH.timeoutSeconds,
          description: 'How long one watch request lasts at least; up to twice as long, by chance.',
        },
        silenceSeconds: {
          type: 'integer',
          minimum: 1,
          default: DEFAULT_WATCH.silenceSeconds,
          description: 'A watch that says nothing for so long, not even that it lives, is begun anew.',
        },
      },
    },
  },
};

/** Options as the configuration has them, after the schema's check. */
interface GivenOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly server?: string;
  readonly serviceAccount?: string;
  readonly namespaces?: readonly string[];
  readonly impersonate?: Impersonation;
  readonly fieldManager?: string;
  readonly writes?: WriteWay;
  readonly writeRules?: readonly WriteRule[];
  readonly conflicts?: 'take' | 'refuse';
  readonly rateLimit?: { readonly requestsPerSecond: number; readonly burst?: number };
  readonly requestTimeoutSeconds?: number;
  readonly watch?: Partial<WatchOptions>;
}

/** Fills in what was left out. Paths become absolute. */
export function completeOptions(options: JsonObject, baseDirectory: string): KubernetesOptions {
  // The kernel has checked them by the schema, which says the same as the type.
  const given = options as unknown as GivenOptions;
  const { kubeconfig, context, impersonate, namespaces, rateLimit, server, serviceAccount } = given;
  return {
    connection: {
      ...(kubeconfig !== undefined && { kubeconfig: resolve(baseDirectory, kubeconfig) }),
      ...(context !== undefined && { context }),
      ...(server !== undefined && { server }),
      ...(serviceAccount !== undefined && { serviceAccount: resolve(baseDirectory, serviceAccount) }),
      ...(impersonate !== undefined && { impersonate }),
    },
    ...(namespaces !== undefined && { namespaces }),
    fieldManager: given.fieldManager ?? DEFAULT_FIELD_MANAGER,
    writes: given.writes ?? 'apply',
    writeRules: given.writeRules ?? [],
    conflicts: given.conflicts ?? 'take',
    ...(rateLimit !== undefined && { rateLimit: { burst: 10, ...rateLimit } }),
    requestTimeoutSeconds: given.requestTimeoutSeconds ?? DEFAULT_REQUEST_TIMEOUT_SECONDS,
    watch: { ...DEFAULT_WATCH, ...given.watch },
  };
}
