/**
 * The contracts that plug-ins implement, as tests: what the kernel relies on, in the words of its own adapters' tests. They
 * need no particular test runner.
 */
export * from './assertions.js';
export { EventLog } from './store/event-log.js';
export {
  GADGET,
  type MakeStoreHarness,
  type OutsideWorld,
  type StoreCapabilities,
  type StoreHarness,
  WIDGET,
} from './store/harness.js';
export * from './store-contract.js';
