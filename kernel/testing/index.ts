export * from './function-test-result.js';
export { type FunctionTestEnvironment, runFunctionTest } from './function-test-runner.js';
export * from './memory-store.js';
export * from './virtual-clock.js';
