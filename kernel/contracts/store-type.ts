import type { JsonObject } from '../model/json.js';
import type { Clock } from './clock.js';
import type { WriteFence } from './leadership.js';
import type { Store } from './store.js';

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
export interface StoreType<Options extends object = JsonObject> {
  /** `file-system`, `json`. */
  readonly type: string;
  /** JSON Schema (2020-12) of the store's own options, beside `name` and `type`; the kernel checks them before `create`. */
  readonly optionsSchema: JsonObject;
  /** Must not do I/O: a store starts its work with the first call or watch. The options have the schema's defaults filled in. */
  create(context: StoreContext, options: Options): Store;
}
