/**
 * The contracts that plug-ins implement, as tests: what the kernel relies on, in the words of its own adapters' tests. They
 * need no particular test runner.
 */
export * from './assertions.js';
export type { ContractCase } from './contract-case.js';
export { EventLog } from './event-log.js';
export { type BudgetCase, budgetScope } from './expression-engine/budget-cases.js';
export type { At, Dialect, DifferingCall, Differs, Entries, Faulty, Lacks } from './expression-engine/dialect.js';
export { type FaultCase, type SyntaxCase, secretScope } from './expression-engine/fault-cases.js';
export { type Reading, type ReadingCase, readingCases } from './expression-engine/reading-cases.js';
export { type Expected, type SharedCase, sharedCases, sharedScope } from './expression-engine/shared-cases.js';
export * from './expression-engine-contract.js';
export type {
  HandledWorld,
  HandlerCapabilities,
  HandlerHarness,
  HandlerSamples,
  MakeHandlerHarness,
} from './resource-handler/harness.js';
export * from './resource-handler-contract.js';
export {
  GADGET,
  type MakeStoreHarness,
  type OutsideWorld,
  type StoreCapabilities,
  type StoreHarness,
  WIDGET,
} from './store/harness.js';
export * from './store-contract.js';
