import type { DependencyContainer } from 'tsyringe';
import {
  PLUGIN_API_VERSION,
  type PluginContext,
  type PluginEntry,
  type PluginLifecycle,
  PluginOptionsError,
  type PluginOrigin,
} from '../contracts/plugin.js';
import { errorMessage } from '../model/errors.js';
import type { JsonObject } from '../model/json.js';
import type { Problem } from '../model/problem.js';
import { checkOptions } from './check-options.js';
import { shapeFaults } from './contribution-shape.js';
import { type ContributionKind, type Contributions, RecordingRegistry } from './contributions.js';
import { guarded } from './guarded.js';
import { guardedClock } from './guarded-clock.js';
import { isThenable, PluginGuard, type PluginIncident } from './plugin-guard.js';
import { inWords, type PluginProblem, problemOf } from './plugin-identity.js';

/** What a kernel, or a tool without one, has for all of its plug-ins. */
export interface PluginSurroundings extends Omit<PluginContext, 'options' | 'incident'> {
  readonly incident: PluginIncident;
}

const token = (kind: ContributionKind): symbol => Symbol.for(`koreo.contribution.${kind}`);

/** One plug-in as it registered with one kernel: what it recorded, behind its guard, or why it could not. */
export class Registration {
  readonly name: string;
  readonly requires: readonly string[];
  readonly guard: PluginGuard;
  /** What keeps it from being used. */
  readonly problems: readonly Problem[];
  readonly #container: DependencyContainer;
  readonly #surroundings: PluginSurroundings;

  /** Registers the plug-in with a container of its own, unless its version or options do not fit. */
  constructor(
    readonly entry: PluginEntry,
    container: DependencyContainer,
    surroundings: PluginSurroundings,
  ) {
    const { name, requires = [] } = entry.plugin;
    this.name = name;
    this.requires = Array.isArray(requires) ? requires : [];
    this.guard = new PluginGuard(inWords(entry), surroundings.incident);
    this.#container = container;
    this.#surroundings = surroundings;
    this.problems = this.#register().map((problem) => problemOf(entry, problem));
  }

  get origin(): PluginOrigin | undefined {
    return this.entry.origin;
  }

  /** What it brings of a kind, in the order in which it was recorded. */
  recorded<K extends ContributionKind>(kind: K): readonly Contributions[K][] {
    return this.#container.isRegistered(token(kind)) ? this.#container.resolveAll<Contributions[K]>(token(kind)) : [];
  }

  get lifecycles(): readonly PluginLifecycle[] {
    return this.recorded('lifecycle');
  }

  #register(): readonly PluginProblem[] {
    const { plugin } = this.entry;
    const { options, problems } = checkedOptions(this.entry);
    const shape = [...checkVersion(plugin.apiVersion), ...checkRequires(plugin.requires)];
    if (options === undefined || shape.length > 0) return [...shape, ...problems];
    const faults: PluginProblem[] = [];
    let open = true;
    const registry = new RecordingRegistry((kind, value) => {
      if (!open) throw new TypeError('what a plug-in brings is to be registered before `register` returns');
      const found = shapeFaults(kind, value);
      faults.push(...found.map((message) => ({ code: 'plugin-contribution', message })));
      if (found.length === 0) this.#record(kind, value);
    });
    try {
      const result: unknown = plugin.register(registry, this.#context(options));
      if (isThenable(result)) {
        result.then(undefined, () => undefined);
        faults.push({ code: 'plugin-register', message: ASYNC_REGISTER });
      }
    } catch (error) {
      faults.push(...registrationFaults(error));
    }
    open = false;
    return faults;
  }

  #record<K extends ContributionKind>(kind: K, value: Contributions[K]): void {
    const { clock } = this.#surroundings;
    this.#container.register(token(kind), { useValue: guarded(kind, value, this.guard, clock) });
  }

  #context(options: JsonObject): PluginContext {
    const { baseDirectory, clock, environment } = this.#surroundings;
    const incident = (error: unknown): void => this.#surroundings.incident(inWords(this.entry), error);
    return { options, baseDirectory, environment, incident, clock: guardedClock(clock, incident) };
  }
}

function registrationFaults(error: unknown): readonly PluginProblem[] {
  if (error instanceof PluginOptionsError) return error.faults.map((fault) => ({ code: 'plugin-options', ...fault }));
  return [{ code: 'plugin-register', message: `it could not register: ${errorMessage(error)}` }];
}

const ASYNC_REGISTER =
  '`register` must not be async: it only records. Do what takes time in `start` of `registry.lifecycle({start, stop})`';

function checkVersion(version: unknown): readonly PluginProblem[] {
  if (version === PLUGIN_API_VERSION) return [];
  const offer = `this kernel offers '${PLUGIN_API_VERSION}'`;
  const message =
    version === undefined
      ? `it does not say which version of the plug-in API it was written for: give it an \`apiVersion\`; ${offer}`
      : `it was written for version '${String(version)}' of the plug-in API, and ${offer}: take a version of the one or the other that fits`;
  return [{ code: 'plugin-version', message }];
}

function checkRequires(requires: unknown): readonly PluginProblem[] {
  const fits = requires === undefined || (Array.isArray(requires) && requires.every((one) => typeof one === 'string'));
  return fits ? [] : [{ code: 'plugin-contribution', message: '`requires` must be a list of names of plug-ins' }];
}

function checkedOptions({ plugin: { optionsSchema }, options = {} }: PluginEntry): {
  readonly options?: JsonObject;
  readonly problems: readonly PluginProblem[];
} {
  if (optionsSchema === undefined) {
    if (Object.keys(options).length === 0) return { options: {}, problems: [] };
    return { problems: [{ code: 'schema', path: [], message: 'this plug-in takes no options' }] };
  }
  const checked = checkOptions(optionsSchema, options);
  switch (checked.type) {
    case 'fit':
      return { options: checked.options, problems: [] };
    case 'misfit':
      return { problems: checked.faults.map((fault) => ({ code: 'schema', ...fault })) };
    case 'bad-schema':
      return {
        problems: [{ code: 'plugin-schema', message: `its \`optionsSchema\` cannot be used: ${checked.message}` }],
      };
  }
}
