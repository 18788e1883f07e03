export { BAD_DAY, type Faults, NO_FAULTS } from './faults.js';
export * from './function-test-result.js';
export { type FunctionTestEnvironment, runFunctionTest } from './function-test-runner.js';
export * from './memory-store.js';
export * from './process-clock.js';
export * from './seeded-random.js';
export * from './simulated-connection.js';
export * from './simulated-server.js';
export * from './virtual-clock.js';
