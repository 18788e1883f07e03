import { KoreoError } from '../model/errors.js';
import type { Json, JsonObject, MaybePromise } from '../model/json.js';
import type { SourceLocation } from '../model/location.js';
import { formatPath, type Path } from '../model/path.js';
import type { Clock } from './clock.js';
import type { ExpressionEngine } from './expression-engine.js';
import type { LibraryFunction, Parameter } from './function-library.js';
import type { ResourceHandler } from './resource-handler.js';
import type { RunObserver } from './run-report.js';
import type { StoreType } from './store-type.js';

/** The version of the plug-in API that this kernel offers. It changes only when plug-ins that were written for it would break. */
export const PLUGIN_API_VERSION = 'v1';

/** A version of the plug-in API that plug-ins may be written for. */
export type PluginApiVersion = typeof PLUGIN_API_VERSION;

/**
 * What a plug-in module exports by default: a description, with no state of its own. Write it with {@link definePlugin}.
 * Several kernels in one process may use the same one, so what has a life or a state is made in `register`, for that kernel.
 */
export interface Plugin {
  /** By which others require it and messages speak of it: `cel`, `acme-billing`. */
  readonly name: string;
  /** The version of the plug-in API that it was written for. */
  readonly apiVersion: PluginApiVersion;
  /** Names of plug-ins that must be there, and start before this one. */
  readonly requires?: readonly string[];
  /** JSON Schema (2020-12) of its options. A plug-in without one takes none. */
  readonly optionsSchema?: JsonObject;
  /**
   * Records what the plug-in brings, and does nothing else: no I/O, no timers. It may be called several times in a process, once
   * for every kernel, and for tools that never start one (`koreo validate`, `koreo test`).
   */
  register(registry: PluginRegistry, context: PluginContext): void;
}

/** Thrown by `register` when options fit the schema, and are wrong all the same: the kernel tells each fault at its place. */
export class PluginOptionsError extends KoreoError {
  readonly code = 'plugin-options';

  /** @param faults each with its path in the options, and what is wrong there and what to do */
  constructor(readonly faults: readonly { readonly path: Path; readonly message: string }[]) {
    super(faults.map(({ path, message }) => `${formatPath(path)}: ${message}`).join('; '));
  }
}

/** What a plug-in is told about the kernel that it registers with. */
export interface PluginContext<Options extends object = JsonObject> {
  /** What the configuration says, checked by the schema, with its defaults filled in. Not shared with other kernels. */
  readonly options: Options;
  /** What relative paths in the options are relative to. */
  readonly baseDirectory: string;
  /** Time, timers and chance: for all of them, so that the plug-in can be tested in virtual time. */
  readonly clock: Clock;
  /** The value of an environment variable: options name those that hold secrets, and never the secrets themselves. */
  environment(variable: string): string | undefined;
  /** Takes note of what went wrong beside any call, and that the plug-in goes on without: for the log. Never throws. */
  incident(error: unknown): void;
}

/** Records what a plug-in brings to one kernel. Two plug-ins that claim one name are an error that names both. */
export interface PluginRegistry {
  engine(engine: ExpressionEngine): void;
  /** The types of the parameters are those of the arguments that `call` gets. */
  function<const P extends readonly Parameter[]>(definition: LibraryFunction<P>): void;
  resourceHandler(handler: ResourceHandler): void;
  storeType<Options extends object>(type: StoreType<Options>): void;
  observer(observer: RunObserver): void;
  /** What is to be started and stopped with the kernel: in the order in which it was recorded, and in reverse. */
  lifecycle(lifecycle: PluginLifecycle): void;
}

/**
 * What a plug-in does beside answering calls: connections, files, workers. Engines, functions and stores must work without it, as
 * tools that start nothing use them too.
 */
export interface PluginLifecycle {
  /** Called when the whole has been checked, after the plug-ins that this one requires have started. */
  start?(call: LifecycleCall): MaybePromise<void>;
  /** Called once when the kernel stops, if `start` was called at all, even if it failed. */
  stop?(call: LifecycleCall): MaybePromise<void>;
}

/** A call to start or to stop. */
export interface LifecycleCall {
  /** Aborted when the time for it is over; the kernel goes on without waiting any longer. */
  readonly signal: AbortSignal;
}

/** Options of a plug-in that takes none. */
export type NoOptions = Readonly<Record<string, never>>;

/** A JSON Schema (2020-12) that describes each option of a type, and no other. */
export type OptionsSchema<Options extends object> = {
  readonly type: 'object';
  readonly properties: { readonly [Key in keyof Options]-?: JsonObject };
  readonly required?: readonly (keyof Options & string)[];
  readonly additionalProperties?: boolean | JsonObject;
} & { readonly [keyword: string]: Json };

/** A plug-in as it is written: with a schema for its options, when it has any. */
export type PluginDefinition<Options extends object> = Omit<Plugin, 'optionsSchema' | 'register'> & {
  register(registry: PluginRegistry, context: PluginContext<Options>): void;
} & ([Options] extends [NoOptions]
    ? { readonly optionsSchema?: never }
    : { readonly optionsSchema: OptionsSchema<Options> });

/** Checks the types of a plug-in, and gives it as it is; of one with options: `definePlugin<Options>({…})`. */
export function definePlugin<Options extends object = NoOptions>(plugin: PluginDefinition<Options>): Plugin {
  // The kernel calls `register` only with options that fit the schema, which describes the same as the type.
  return plugin as unknown as Plugin;
}

/** A plug-in that a kernel is to have, with what the deployment says about it. A {@link Plugin} by itself is one without options. */
export interface PluginEntry {
  readonly plugin: Plugin;
  readonly options?: JsonObject;
  /** Where it came from, for messages. */
  readonly origin?: PluginOrigin;
}

/** Where a plug-in came from. */
export interface PluginOrigin {
  /** The path or package that it was loaded from, as the deployment names it: `./plugins/acme.js`. */
  readonly module: string;
  /** The place in the configuration of what stands at the path of its options, or of the whole entry when that is empty. */
  locate?(path: Path, of?: 'key' | 'value'): SourceLocation;
}
