import type { DependencyContainer } from 'tsyringe';
import type { Clock } from '../contracts/clock.js';
import type { Plugin, PluginEntry } from '../contracts/plugin.js';
import { type DependencyOrder, formatCycle, orderByNeed } from '../model/dependency-order.js';
import { errorMessage } from '../model/errors.js';
import { meantOrKnown } from '../model/nearest.js';
import type { Problem } from '../model/problem.js';
import type { Contribution, ContributionKind } from './contributions.js';
import { PluginStartError, PluginStopError } from './plugin-errors.js';
import { entryOf, inWords, problemOf } from './plugin-identity.js';
import { type PluginSurroundings, Registration } from './registration.js';
import { within } from './within.js';

/** How a plug-in is. */
export interface PluginStatus {
  readonly name: string;
  /** The path or package that it was loaded from, when somebody said. */
  readonly module?: string;
  /** Why nothing that it brings can be used; absent while all can. */
  readonly outage?: string;
}

/** Registers plug-ins, checks them together, and starts and stops them in the order of their needs. */
export class PluginHost {
  readonly #all: readonly Registration[];
  /** The first of each name. */
  readonly #usable: readonly Registration[];
  readonly #clock: Clock;
  readonly #incident: PluginSurroundings['incident'];
  readonly #started: Registration[] = [];

  /** Registers every plug-in, each with a container of its own below the kernel's. */
  constructor(
    plugins: readonly (Plugin | PluginEntry)[],
    kernel: DependencyContainer,
    surroundings: PluginSurroundings,
  ) {
    this.#clock = surroundings.clock;
    this.#incident = surroundings.incident;
    this.#all = plugins.map((given) => new Registration(entryOf(given), kernel.createChildContainer(), surroundings));
    this.#usable = [...new Map(this.#all.toReversed().map((one) => [one.name, one])).values()].reverse();
  }

  /** What the plug-ins bring of a kind, behind their guards, in the order in which they were given. */
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
      ...this.#order().cycles.flatMap((cycle) => this.#circle(cycle)),
    ];
  }

  /** How each plug-in is. */
  status(): readonly PluginStatus[] {
    return this.#usable.map(({ name, entry, guard }) => ({
      name,
      ...(entry.origin === undefined ? {} : { module: entry.origin.module }),
      ...(guard.outage === undefined ? {} : { outage: guard.outage }),
    }));
  }

  /**
   * Starts each plug-in after those that it needs. One that fails, or takes too long, is out with what it brings, and so are those
   * that need it; incidents tell. @throws the reason of the signal, which ends it
   */
  async start({ seconds, signal }: { readonly seconds: number; readonly signal: AbortSignal }): Promise<void> {
    const byName = new Map(this.#usable.map((registration) => [registration.name, registration]));
    for (const name of this.#order().order) {
      const registration = byName.get(name);
      if (registration === undefined) continue;
      signal.throwIfAborted();
      const missing = registration.requires.find((need) => byName.get(need)?.guard.outage !== undefined);
      if (missing === undefined) await this.#startOne(registration, seconds, signal);
      else this.#takeOut(registration, new PluginStartError(`it needs plug-in '${missing}', which is out`));
    }
  }

  /** Stops what was started, in reverse order; incidents tell what was thrown: one that fails keeps no other from stopping. */
  async stop({ seconds }: { readonly seconds: number }): Promise<void> {
    for (const registration of this.#started.splice(0).reverse()) await this.#stopOne(registration, seconds);
  }

  async #startOne(registration: Registration, seconds: number, signal: AbortSignal): Promise<void> {
    const { lifecycles } = registration;
    if (lifecycles.length === 0) return;
    this.#started.push(registration);
    try {
      for (const one of lifecycles) {
        await within({ clock: this.#clock, seconds, signal }, (end) => one.start?.({ signal: end }));
      }
    } catch (cause) {
      signal.throwIfAborted();
      this.#takeOut(registration, new PluginStartError(`could not start: ${errorMessage(cause)}`, { cause }));
      this.#started.pop();
      await this.#stopOne(registration, seconds);
    }
  }

  #takeOut({ guard, entry }: Registration, error: PluginStartError): void {
    guard.takeOut(error.cause === undefined ? error.message : 'it could not start; the log of the start says why');
    this.#incident(inWords(entry), error);
  }

  async #stopOne({ entry, lifecycles }: Registration, seconds: number): Promise<void> {
    for (const one of lifecycles.toReversed()) {
      try {
        await within({ clock: this.#clock, seconds }, (signal) => one.stop?.({ signal }));
      } catch (cause) {
        const error = new PluginStopError(`could not stop: ${errorMessage(cause)}`, { cause });
        this.#incident(inWords(entry), error);
      }
    }
  }

  #doubled(): readonly Problem[] {
    const firsts = new Map(this.#usable.map((one) => [one.name, one]));
    return this.#all.flatMap((one) => {
      const first = firsts.get(one.name);
      if (first === undefined || first === one) return [];
      const other = first.origin === undefined ? 'another plug-in' : `the plug-in of ${first.origin.module}`;
      const message = `${other} has the name '${one.name}' already; take away one of them`;
      return [problemOf(one.entry, { code: 'duplicate-name', message })];
    });
  }

  #circle(cycle: readonly string[]): readonly Problem[] {
    const message = `plug-ins need one another in a circle: ${formatCycle(cycle)}; take one of these needs away`;
    return this.#usable
      .filter(({ name }) => name === cycle[0])
      .map(({ entry }) => problemOf(entry, { code: 'cycle', message }));
  }

  #order(): DependencyOrder {
    const needs = new Map(this.#usable.map(({ name, requires }) => [name, requires]));
    return orderByNeed([...needs.keys()], (name) => needs.get(name) ?? []);
  }
}

function needs(name: string, known: readonly string[]): string {
  return `it needs plug-in '${name}', which is not there: add it to the plug-ins${meantOrKnown(name, known)}`;
}
