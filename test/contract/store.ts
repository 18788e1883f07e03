import test from 'ava';
import {
  type MakeStoreHarness,
  type StoreCapabilities,
  storeContract as storeCases,
} from 'koreo-kernel/testing/contracts';

export {
  EventLog,
  GADGET,
  type OutsideWorld,
  type StoreCapabilities,
  type StoreHarness,
  WIDGET,
} from 'koreo-kernel/testing/contracts';

/** Registers a test for every case of the contract of stores, one after the other: some count the handles of the process. */
export function storeContract(
  name: string,
  makeHarness: MakeStoreHarness,
  capabilities: Partial<StoreCapabilities> = {},
): void {
  for (const { title, runWith } of storeCases(makeHarness, capabilities)) test.serial(`${name}: ${title}`, runWith);
}
