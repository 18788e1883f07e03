/** The group of every definition. */
export const KOREO_GROUP = 'koreo.dev';
/** The version of every definition. */
export const KOREO_API_VERSION = 'koreo.dev/v1beta1';

/** The kinds of definition, in the order in which they may depend on one another at the least. */
export const DEFINITION_KINDS = [
  'ResourceTemplate',
  'ValueFunction',
  'ResourceFunction',
  'Workflow',
  'FunctionTest',
] as const;
export type DefinitionKind = (typeof DEFINITION_KINDS)[number];

/** Annotations that this project reads or writes. */
export const annotations = {
  abandonedBy: 'koreo.dev/abandoned-by',
  drift: 'koreo.dev/drift',
  expressionLanguage: 'koreo.dev/expression-language',
  lastApplied: 'koreo.dev/last-applied-configuration',
  managedResources: 'koreo.dev/managed-resources',
  mergeConditions: 'koreo.dev/merge-conditions',
  paused: 'koreo.dev/paused',
  reconcileRequestedAt: 'koreo.dev/reconcile-requested-at',
  setOnce: 'koreo.dev/set-once',
  workflow: 'koreo.dev/workflow',
} as const;

/** Labels that this project writes. */
export const labels = {
  /** On a resource that its Workflow no longer wants and that was left as it is. */
  abandoned: 'koreo.dev/abandoned',
} as const;

/** The finalizer of a trigger that manages resources. */
export const FINALIZER = 'koreo.dev/managed-resources';
