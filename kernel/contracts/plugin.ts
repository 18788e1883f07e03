import type { JsonObject } from '../model/json.js';
import type { Clock } from './clock.js';
import type { ExpressionEngine } from './expression-engine.js';
import type { LibraryFunction } from './function-library.js';
import type { WriteFence } from './leadership.js';
import type { ResourceHandler } from './resource-handler.js';
import type { RunObserver } from './run-report.js';
import type { Store } from './store.js';

/** What a plug-in module exports by default. `register` only records; the kernel checks the whole, then starts in order, then stops in reverse. */
export interface Plugin {
  readonly name: string;
  /** Names of plug-ins that must be there, and start before this one. */
  readonly requires?: readonly string[];
  register(registry: PluginRegistry): void;
  /** Called after all plug-ins have registered and been checked, in the order of `requires`. */
  start?(): Promise<void> | void;
  /** Called in reverse order. */
  stop?(): Promise<void> | void;
}

/** Records what a plug-in brings. Two that claim one name are an error that names both. */
export interface PluginRegistry {
  engine(engine: ExpressionEngine): void;
  function(definition: LibraryFunction): void;
  resourceHandler(handler: ResourceHandler): void;
  storeType(type: StoreType): void;
  observer(observer: RunObserver): void;
}

/** Bounds on a document that is read; see `limits` in the configuration. */
export interface ReadLimits {
  readonly documentBytes: number;
  readonly documentDepth: number;
  readonly documentAliases: number;
}

/** What a store is made with. Paths in the options are relative to `baseDirectory`. */
export interface StoreContext {
  readonly name: string;
  readonly baseDirectory: string;
  readonly clock: Clock;
  /** For stores that read what people write; the defaults when absent. */
  readonly limits?: ReadLimits;
  /**
   * To be asked right before a write leaves this process. The kernel asks it before every call that writes; a store that
   * works on before it writes (it looks something up, waits its turn) asks again at the last moment.
   */
  readonly fence?: WriteFence;
}

/** A type of store that a configuration can ask for by its `type`. */
export interface StoreType {
  /** `file-system`, `json`. */
  readonly type: string;
  /** JSON Schema (2020-12) of the store's own options, beside `name` and `type`; the kernel checks them before `create`. */
  readonly optionsSchema: JsonObject;
  /** Must not do I/O: a store starts its work with the first call or watch. */
  create(context: StoreContext, options: JsonObject): Store;
}
