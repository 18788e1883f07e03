/**
 * The contracts that plug-ins implement, as tests: what the kernel relies on, in the words of its own adapters' tests. They
 * need no particular test runner.
 */
export * from './assertions.js';
export type { ContractCase } from './contract-case.js';
export { EventLog } from './event-log.js';
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
