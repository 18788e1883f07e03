import type { DependencyContainer } from 'tsyringe';
import type { Plugin } from '../contracts/plugin.js';
import { type DependencyOrder, formatCycle, orderByNeed } from '../model/dependency-order.js';
import { errorMessage } from '../model/errors.js';
import type { Problem } from '../model/problem.js';
import { doubleNames } from './claims.js';
import { type Contribution, type ContributionKind, RecordingRegistry } from './contributions.js';
import { PluginStartError } from './kernel-errors.js';

/** Registers plug-ins, checks them together, and starts and stops them in the order of their needs. */
export class PluginHost {
  readonly #plugins: readonly Plugin[];
  readonly #registries = new Map<Plugin, RecordingRegistry>();
  readonly #failures: Problem[] = [];
  readonly #started: Plugin[] = [];

  /** Registers every plug-in, each with a container of its own below the kernel's. */
  constructor(plugins: readonly Plugin[], kernel: DependencyContainer) {
    this.#plugins = plugins;
    for (const plugin of plugins) this.#register(plugin, new RecordingRegistry(kernel.createChildContainer()));
  }

  /** What the plug-ins bring of a kind, in the order in which they were given. */
  contributions<K extends ContributionKind>(kind: K): readonly Contribution<K>[] {
    return [...this.#registries].flatMap(([plugin, registry]) =>
      registry.recorded(kind).map((value) => ({ plugin: plugin.name, value })),
    );
  }

  /** What is wrong with the plug-ins by themselves: failures to register, names, needs, circles. */
  problems(): readonly Problem[] {
    const names = this.#plugins.map(({ name }) => name);
    const needs = this.#plugins.flatMap(({ name, requires = [] }) => requires.map((need) => ({ name, need })));
    const missing = needs.filter(({ need }) => !names.includes(need));
    return [
      ...this.#failures,
      ...doubleNames('plug-ins', names),
      ...missing.map(({ name, need }) => ({
        code: 'reference-missing',
        message: `plug-in '${name}' needs plug-in '${need}', which is not there`,
      })),
      ...this.#order().cycles.map((cycle) => ({
        code: 'cycle',
        message: `plug-ins need one another in a circle: ${formatCycle(cycle)}`,
      })),
    ];
  }

  /** Starts each plug-in after those that it needs. @throws PluginStartError when one fails; then none is running */
  async start(): Promise<void> {
    const byName = new Map(this.#plugins.map((plugin) => [plugin.name, plugin]));
    for (const name of this.#order().order) {
      const plugin = byName.get(name);
      if (plugin === undefined) continue;
      try {
        await plugin.start?.();
      } catch (error) {
        await this.stop();
        throw new PluginStartError(name, errorMessage(error), { cause: error });
      }
      this.#started.push(plugin);
    }
  }

  /** Stops what was started, in reverse order, and gives what was thrown: one that fails keeps no other from stopping. */
  async stop(): Promise<readonly { readonly plugin: string; readonly error: unknown }[]> {
    const failures: { plugin: string; error: unknown }[] = [];
    for (const plugin of this.#started.splice(0).reverse()) {
      try {
        await plugin.stop?.();
      } catch (error) {
        failures.push({ plugin: plugin.name, error });
      }
    }
    return failures;
  }

  #register(plugin: Plugin, registry: RecordingRegistry): void {
    this.#registries.set(plugin, registry);
    try {
      plugin.register(registry);
    } catch (error) {
      const message = `plug-in '${plugin.name}' could not register: ${errorMessage(error)}`;
      this.#failures.push({ code: 'plugin-register', message });
    }
  }

  #order(): DependencyOrder {
    const needs = new Map(this.#plugins.map(({ name, requires = [] }) => [name, requires]));
    return orderByNeed([...needs.keys()], (name) => needs.get(name) ?? []);
  }
}
