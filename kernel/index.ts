import 'reflect-metadata';

export * from './composition/kernel-errors.js';
export * from './composition/kernel-options.js';
export {
  type CheckedWorkbench,
  checkWorkbench,
  createWorkbench,
  type Workbench,
  type WorkbenchOptions,
} from './composition/workbench.js';
export type { TriggerStatus } from './controller/controller.js';
export type { FightLimits } from './controller/fights.js';
export type { Incident } from './controller/incident.js';
export { type Change, changesOf, nameResources } from './controller/run-changes.js';
export type { LastRun } from './controller/trigger-book.js';
export type { WatchedKind } from './controller/watched-kind.js';
export * from './definitions/catalog.js';
export * from './definitions/definition-lookup.js';
export * from './definitions/definition-readiness.js';
export type { DefinitionSources } from './definitions/source-order.js';
export { createKernel, type Kernel, type NamedActivity } from './kernel.js';
export * from './language/definition.js';
export { type DefinitionOrigin, definitionKind } from './language/definition-source.js';
export * from './language/documents/documents.js';
export { YAML_OPTIONS } from './language/documents/yaml-tree.js';
export * from './language/evaluation-error.js';
export * from './language/expression-text.js';
export * from './language/prepare-definition.js';
export type { SchemaFault } from './language/schema-check.js';
export { patternInWords } from './language/schema-words.js';
export * from './language/schemas/definition-schemas.js';
export * from './language/template.js';
export * from './plugin.js';
export { checkOptions, fillOptions } from './plugins/check-options.js';
export * from './plugins/plugin-errors.js';
export type { PluginStatus } from './plugins/plugin-host.js';
export { compareExactly, compareResource } from './resources/compare.js';
export type { KindPattern } from './resources/kind-pattern.js';
export { lastAppliedOf, withRecordOf } from './resources/last-applied.js';
export { hashSecrets, isSecretPath } from './resources/secret.js';
export { pointerTo, recordedSetOnce, setOncePointers } from './resources/set-once.js';
export * from './resources/store-handler.js';
export * from './resources/store-router.js';
export * from './resources/watch-queue.js';
export * from './runtime/run-context.js';
export * from './runtime/trigger-run.js';
export type { QueueStats } from './scheduler/queue-stats.js';
export { DEFAULT_RETRY_TIMES, type RetryTimes } from './scheduler/retry-policy.js';
export type { BrakeLimits } from './scheduler/run-brake.js';
export * from './scheduler/system-clock.js';
