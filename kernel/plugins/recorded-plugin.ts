import type { Plugin, PluginContext } from '../contracts/plugin.js';
import { SystemClock } from '../scheduler/system-clock.js';
import { type ContributionKind, type Contributions, RecordingRegistry } from './contributions.js';

/** All that a plug-in records, in the order in which it does. */
export type RecordedPlugin = { readonly [K in ContributionKind]: readonly Contributions[K][] };

/**
 * Registers one plug-in by itself, without a kernel: for its own tests, and for tools that need no more than what it brings.
 * Nothing is checked or started; options are taken to fit its schema, and to be complete. What is left out of the context has a
 * default: no options, the current folder, the machine's clock, no variables.
 */
export function recordPlugin(plugin: Plugin, context: Partial<PluginContext> = {}): RecordedPlugin {
  const recorded: { readonly [K in ContributionKind]: Contributions[K][] } = {
    engine: [],
    function: [],
    resourceHandler: [],
    storeType: [],
    observer: [],
    lifecycle: [],
  };
  const registry = new RecordingRegistry((kind, value) => recorded[kind].push(value));
  plugin.register(registry, {
    options: {},
    baseDirectory: '.',
    clock: new SystemClock(),
    environment: () => undefined,
    incident: () => undefined,
    ...context,
  });
  return recorded;
}
