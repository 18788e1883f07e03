import type { DependencyContainer } from 'tsyringe';
import {
  PLUGIN_API_VERSION,
  type PluginContext,
  type PluginEntry,
  type PluginLifecycle,
  PluginOptionsError,
} from '../contracts/plugin.js';
import { errorMessage } from '../model/errors.js';
import type { JsonObject } from '../model/json.js';
import type { Problem } from '../model/problem.js';
import { checkOptions } from './check-options.js';
import { type ContributionKind, type Contributions, RecordingRegistry } from './contributions.js';
import { type PluginProblem, problemOf } from './plugin-identity.js';

/** What a kernel, or a tool without one, has for all of its plug-ins. */
export type PluginSurroundings = Omit<PluginContext, 'options' | 'incident'> & {
  readonly incident: (entry: PluginEntry, error: unknown) => void;
};

const token = (kind: ContributionKind): symbol => Symbol.for(`koreo.contribution.${kind}`);

/** One plug-in as it registered with one kernel: what it recorded, or why it could not. */
export class Registration {
  readonly name: string;
  readonly requires: readonly string[];
  /** What keeps it from being used. */
  readonly problems: readonly Problem[];
  readonly #container: DependencyContainer;

  /** Registers the plug-in with a container of its own, unless its version or options do not fit. */
  constructor(
    readonly entry: PluginEntry,
    container: DependencyContainer,
    surroundings: PluginSurroundings,
  ) {
    this.name = entry.plugin.name;
    this.requires = entry.plugin.requires ?? [];
    this.#container = container;
    this.problems = this.#register(surroundings).map((problem) => problemOf(entry, problem));
  }

  /** What it brings of a kind, in the order in which it was recorded. */
  recorded<K extends ContributionKind>(kind: K): readonly Contributions[K][] {
    return this.#container.isRegistered(token(kind)) ? this.#container.resolveAll<Contributions[K]>(token(kind)) : [];
  }

  get lifecycles(): readonly PluginLifecycle[] {
    return this.recorded('lifecycle');
  }

  #register({ incident, ...surroundings }: PluginSurroundings): readonly PluginProblem[] {
    const { entry } = this;
    const version = checkVersion(entry.plugin.apiVersion);
    const { options, problems } = checkedOptions(entry);
    if (version !== undefined) return [version, ...problems];
    if (options === undefined) return problems;
    try {
      const registry = new RecordingRegistry((kind, value) =>
        this.#container.register(token(kind), { useValue: value }),
      );
      entry.plugin.register(registry, {
        ...surroundings,
        options,
        incident: (error) => incident(entry, error),
      });
      return [];
    } catch (error) {
      if (error instanceof PluginOptionsError)
        return error.faults.map((fault) => ({ code: 'plugin-options', ...fault }));
      return [{ code: 'plugin-register', message: `it could not register: ${errorMessage(error)}` }];
    }
  }
}

function checkVersion(version: unknown): PluginProblem | undefined {
  if (version === PLUGIN_API_VERSION) return undefined;
  const offer = `this kernel offers '${PLUGIN_API_VERSION}'`;
  if (version === undefined) {
    const message = `it does not say which version of the plug-in API it was written for: give it an \`apiVersion\`; ${offer}`;
    return { code: 'plugin-version', message };
  }
  const message = `it was written for version '${String(version)}' of the plug-in API, and ${offer}: take a version of the one or the other that fits`;
  return { code: 'plugin-version', message };
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
