import test from 'ava';
import {
  type HandlerCapabilities,
  resourceHandlerContract as handlerCases,
  type MakeHandlerHarness,
} from 'koreo-kernel/testing/contracts';

/** Registers a test for every case of the contract of resource handlers, one after the other: some count the handles of the process. */
export function resourceHandlerContract(
  name: string,
  makeHarness: MakeHandlerHarness,
  capabilities: Partial<HandlerCapabilities> = {},
): void {
  for (const { title, runWith } of handlerCases(makeHarness, capabilities)) test.serial(`${name}: ${title}`, runWith);
}
