import {
  DEFAULT_RUN_LIMITS,
  type DefinitionLookup,
  type RunEnvironment,
  StoreHandler,
  SystemClock,
} from 'koreo-kernel';
import { MemoryStore } from 'koreo-kernel/testing';

const NEVER = new AbortController().signal;

/** What a run of a Workflow gets from a kernel that has one store, in memory. */
export function environmentOf(definitions: DefinitionLookup, store = new MemoryStore()): RunEnvironment {
  return {
    definitions,
    handlers: [new StoreHandler({ storeFor: () => store })],
    clock: new SystemClock(),
    limits: DEFAULT_RUN_LIMITS,
    signal: NEVER,
    dryRun: false,
  };
}
