/**
 * What plug-ins are written with: the shapes that flow, the contracts, and the helpers of engines. Nothing here runs a
 * kernel, so that whoever needs no more than this loads no more: the only other entrance is `index.ts`, which has it all.
 */

export * from './contracts/budget.js';
export * from './contracts/clock.js';
export * from './contracts/expression-engine.js';
export * from './contracts/function-library.js';
export * from './contracts/leadership.js';
export * from './contracts/plugin.js';
export * from './contracts/resource-handler.js';
export * from './contracts/run-report.js';
export * from './contracts/store.js';
export * from './contracts/store-activity.js';
export * from './contracts/store-errors.js';
export * from './contracts/store-type.js';
export * from './language/create-prepare-context.js';
export * from './language/prepare-context.js';
export { checkArguments } from './library/arguments.js';
export { linearPatterns } from './library/linear-patterns.js';
export { patternExcess, patternSize } from './library/pattern-size.js';
export { standardLibrary } from './library/standard-library.js';
export { compareText } from './library/text-order.js';
export { indexOfText, lastIndexOfText, replaceText, searchSteps, splitText } from './library/text-search.js';
export { textSteps } from './library/text-steps.js';
export * from './model/condition.js';
export { errorMessage, KoreoError } from './model/errors.js';
export * from './model/exact-value.js';
export * from './model/json.js';
export * from './model/location.js';
export * from './model/managed-resources.js';
export * from './model/names.js';
export * from './model/nearest.js';
export * from './model/outcome.js';
export * from './model/path.js';
export * from './model/plural.js';
export * from './model/problem.js';
export * from './model/resource.js';
export { type RecordedPlugin, recordPlugin } from './plugins/recorded-plugin.js';
export { besideSpec } from './resources/beside-spec.js';
export * from './resources/merge-patch.js';
export { mergePatchBetween } from './resources/merge-patch-between.js';
