export * from './cluster-choice.js';
export * from './config.js';
export * from './config-error.js';
export { definitionCrds } from './crds/definition-crd.js';
export { manifestText } from './crds/manifest-text.js';
export type { Environment } from './environment.js';
export * from './load-config.js';
export * from './schema.js';
export * from './to-kernel-options.js';
