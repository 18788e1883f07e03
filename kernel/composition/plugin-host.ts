import type { DependencyContainer } from 'tsyringe';
import type { Plugin, PluginEntry } from '../contracts/plugin.js';
import { type DependencyOrder, formatCycle, orderByNeed } from '../model/dependency-order.js';
import { errorMessage } from '../model/errors.js';
import { meantOrKnown } from '../model/nearest.js';
import type { Problem } from '../model/problem.js';
import type { Contribution, ContributionKind } from './contributions.js';
import { PluginStartError } from './kernel-errors.js';
import { entryOf, problemOf } from './plugin-identity.js';
import { type PluginSurroundings, Registration } from './registration.js';

/** Registers plug-ins, checks them together, and starts and stops them in the order of their needs. */
export class PluginHost {
  readonly #all: readonly Registration[];
  /** The first of each name. */
  readonly #usable: readonly Registration[];
  readonly #started: Registration[] = [];

  /** Registers every plug-in, each with a container of its own below the kernel's. */
  constructor(
    plugins: readonly (Plugin | PluginEntry)[],
    kernel: DependencyContainer,
    surroundings: PluginSurroundings,
  ) {
    this.#all = plugins.map((given) => new Registration(entryOf(given), kernel.createChildContainer(), surroundings));
    this.#usable = [...new Map(this.#all.toReversed().map((one) => [one.name, one])).values()].reverse();
  }

  /** What the plug-ins bring of a kind, in the order in which they were given. */
  contributions<K extends ContributionKind>(kind: K): readonly Contribution<K>[] {
    return this.#usable.flatMap((registration) =>
      registration.recorded(kind).map((value) => ({ entry: registration.entry, value })),
    );
  }

  /** What is wrong with the plug-ins by themselves: failures to register, names, needs, circles. */
  problems(): readonly Problem[] {
    const names = this.#all.map(({ name }) => name);
    return [
      ...this.#all.flatMap(({ problems }) => problems),
      ...this.#doubled(),
      ...this.#all.flatMap(({ entry, requires }) =>
        requires
          .filter((need) => !names.includes(need))
          .map((need) => problemOf(entry, { code: 'reference-missing', message: needs(need, names) })),
      ),
      ...this.#order().cycles.flatMap((cycle) => {
        const message = `plug-ins need one another in a circle: ${formatCycle(cycle)}`;
        return this.#usable
          .filter(({ name }) => name === cycle[0])
          .map(({ entry }) => problemOf(entry, { code: 'cycle', message }));
      }),
    ];
  }

  /** Starts each plug-in after those that it needs. @throws PluginStartError when one fails; then none is running */
  async start(): Promise<void> {
    const byName = new Map(this.#usable.map((registration) => [registration.name, registration]));
    const { signal } = new AbortController();
    for (const name of this.#order().order) {
      const registration = byName.get(name);
      if (registration === undefined) continue;
      this.#started.push(registration);
      try {
        for (const { start } of registration.lifecycles) await start?.({ signal });
      } catch (error) {
        await this.stop();
        throw new PluginStartError(name, errorMessage(error), { cause: error });
      }
    }
  }

  /** Stops what was started, in reverse order, and gives what was thrown: one that fails keeps no other from stopping. */
  async stop(): Promise<readonly { readonly plugin: string; readonly error: unknown }[]> {
    const failures: { plugin: string; error: unknown }[] = [];
    const { signal } = new AbortController();
    for (const { name, lifecycles } of this.#started.splice(0).reverse()) {
      for (const { stop } of [...lifecycles].reverse()) {
        try {
          await stop?.({ signal });
        } catch (error) {
          failures.push({ plugin: name, error });
        }
      }
    }
    return failures;
  }

  #doubled(): readonly Problem[] {
    const firsts = new Map(this.#usable.map((one) => [one.name, one]));
    return this.#all.flatMap(({ name, entry }) => {
      const first = firsts.get(name);
      if (first === undefined || first.entry === entry) return [];
      const other =
        first.entry.origin === undefined ? 'another plug-in' : `the plug-in of ${first.entry.origin.module}`;
      const message = `${other} has the name '${name}' already; take away one of them`;
      return [problemOf(entry, { code: 'duplicate-name', message })];
    });
  }

  #order(): DependencyOrder {
    const needs = new Map(this.#usable.map(({ name, requires }) => [name, requires]));
    return orderByNeed([...needs.keys()], (name) => needs.get(name) ?? []);
  }
}

function needs(name: string, known: readonly string[]): string {
  return `it needs plug-in '${name}', which is not there: add it to the plug-ins${meantOrKnown(name, known)}`;
}
