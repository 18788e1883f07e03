import type { JsonObject } from '../../kernel/index.js';

/** A column of `kubectl get`. One with a priority is shown with `-o wide` only. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  readonly jsonPath: string;
  readonly description?: string;
  readonly priority?: number;
}

/** What a CustomResourceDefinition is made of. Schemas are structural. */
export interface CustomKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly scope: 'Namespaced' | 'Cluster';
  readonly description: string;
  readonly spec: JsonObject;
  /** Whether a resource without a `spec` makes no sense; true by default. */
  readonly needsSpec?: boolean;
  /** Fields of `status`, beside its conditions. */
  readonly status: JsonObject;
  /** Before those that tell of the condition Ready and of the age. */
  readonly columns: readonly PrinterColumn[];
}

/** A CustomResourceDefinition (apiextensions.k8s.io/v1) of one version, with the status subresource and conditions. */
export function customResourceDefinition(about: CustomKind): JsonObject {
  const { categories, group, kind, plural, scope, shortNames, version } = about;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular: kind.toLowerCase(),
        ...(shortNames === undefined ? {} : { shortNames }),
        ...(categories === undefined ? {} : { categories }),
      },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          additionalPrinterColumns: [...about.columns, ...READY_COLUMNS].map((column) => ({ ...column })),
          schema: { openAPIV3Schema: wholeSchema(about) },
          subresources: { status: {} },
        },
      ],
    },
  };
}

function wholeSchema({ description, needsSpec = true, spec, status }: CustomKind): JsonObject {
  return {
    description,
    type: 'object',
    ...(needsSpec ? { required: ['spec'] } : {}),
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
      spec,
      status: {
        description: 'What the controller tells of it.',
        type: 'object',
        properties: { conditions: CONDITIONS, ...status },
        'x-kubernetes-preserve-unknown-fields': true,
      },
    },
  };
}

const READY_COLUMNS: readonly PrinterColumn[] = [
  { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
  { name: 'Reason', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].reason' },
  { name: 'Message', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].message', priority: 1 },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];

const CONDITIONS: JsonObject = {
  description: 'How it is, in the form that Kubernetes has for it.',
  type: 'array',
  items: {
    type: 'object',
    required: ['type', 'status'],
    properties: {
      type: { type: 'string' },
      status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
      reason: { type: 'string' },
      message: { type: 'string' },
      lastTransitionTime: { type: 'string', format: 'date-time' },
      observedGeneration: { type: 'integer', format: 'int64' },
    },
  },
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['type'],
};
