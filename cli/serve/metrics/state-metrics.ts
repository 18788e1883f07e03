import type { Registry } from 'prom-client';
import type { DefinitionLookup, Kernel, QueueStats, StoreHealth, TriggerStatus } from '../../../kernel/index.js';
import { groupOf } from '../../../kernel/index.js';
import type { DutyBoard } from '../duty.js';
import { type Reading, readGauge, Tally } from './gauges.js';

/** What kernels tell of their state, as it is now. */
export interface KernelState {
  definitions?: DefinitionLookup;
  stores: ReadonlyMap<string, StoreHealth>;
}

/** Gauges of what is there now: the queue, definitions, triggers, stores, plug-ins, leadership. */
export function registerStateMetrics(registry: Registry, board: DutyBoard, state: KernelState): void {
  const queue = (name: string, help: string, of: (stats: QueueStats) => number): void =>
    readGauge({
      registry,
      name: `koreo_queue_${name}`,
      help,
      labelNames: [],
      read: () => readings(board.kernel, (kernel) => [{ labels: {}, value: of(kernel.queue()) }]),
    });
  queue('waiting', 'Triggers in line: due now, and no worker has come to them yet.', ({ waiting }) => waiting);
  queue('delayed', 'Triggers that are due later, at the latest at the end of their period.', ({ delayed }) => delayed);
  queue('running', 'Triggers that are run now.', ({ running }) => running);
  queue(
    'oldest_waiting_seconds',
    'How long the trigger has been in line that has been so longest; 0 when none is.',
    ({ oldestWaitingMs = 0 }) => oldestWaitingMs / 1000,
  );
  queue(
    'longest_running_seconds',
    'How long the run has been going on that began first of those that go on; 0 when none does.',
    ({ longestRunningMs = 0 }) => longestRunningMs / 1000,
  );
  readGauge({
    registry,
    name: 'koreo_definitions',
    help: 'Definitions, by kind and by whether they can be used.',
    labelNames: ['kind', 'status'],
    read: () => countDefinitions(board.kernel && state.definitions),
  });
  readGauge({
    registry,
    name: 'koreo_triggers',
    help: 'Triggers that are known, by kind and by what their last run left them.',
    labelNames: ['group', 'kind', 'state'],
    read: () => countTriggers(board.kernel?.triggers() ?? []),
  });
  readGauge({
    registry,
    name: 'koreo_unsynced_watches',
    help: 'Watches that have not told yet all that was there when they began.',
    labelNames: [],
    read: () => readings(board.kernel, (kernel) => [{ labels: {}, value: kernel.unsynced().length }]),
  });
  readGauge({
    registry,
    name: 'koreo_store_healthy',
    help: '1 when the store has nothing to complain of, else 0.',
    labelNames: ['store'],
    read: () =>
      readings(board.kernel, () =>
        [...state.stores].map(([store, { state: is }]) => ({ labels: { store }, value: is === 'healthy' ? 1 : 0 })),
      ),
  });
  readGauge({
    registry,
    name: 'koreo_plugin_up',
    help: '1 when what the plug-in brings can be used, 0 when it is out.',
    labelNames: ['plugin'],
    read: () =>
      readings(board.kernel, (kernel) =>
        kernel.plugins().map(({ name, outage }) => ({ labels: { plugin: name }, value: outage === undefined ? 1 : 0 })),
      ),
  });
  readGauge({
    registry,
    name: 'koreo_leader',
    help: '1 when this process does the work, 0 when it stands by or starts.',
    labelNames: [],
    read: () => [{ labels: {}, value: board.kernel === undefined ? 0 : 1 }],
  });
}

function readings<L extends string>(
  kernel: Kernel | undefined,
  of: (kernel: Kernel) => readonly Reading<L>[],
): readonly Reading<L>[] {
  return kernel === undefined ? [] : of(kernel);
}

function countDefinitions(definitions: DefinitionLookup | undefined): Iterable<Reading<'kind' | 'status'>> {
  const tally = new Tally<'kind' | 'status'>();
  for (const { kind, status } of definitions?.entries() ?? []) tally.add({ kind, status });
  return tally.readings();
}

function countTriggers(triggers: readonly TriggerStatus[]): Iterable<Reading<'group' | 'kind' | 'state'>> {
  const tally = new Tally<'group' | 'kind' | 'state'>();
  for (const { trigger, lastRun, ready } of triggers) {
    const state = lastRun === undefined ? 'pending' : ready ? 'ready' : 'not-ready';
    tally.add({ group: groupOf(trigger.apiVersion), kind: trigger.kind, state });
  }
  return tally.readings();
}
