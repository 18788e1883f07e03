import type { DocumentLimits, EvaluationLimits, JsonObject } from '../kernel/index.js';

/** A place that holds resources: a name of the user's choice, a registered type, and that type's own options. */
export interface StoreConfig {
  readonly name: string;
  readonly type: string;
  readonly options: JsonObject;
}

/** Sends the kinds that it matches to a store. `*` in `apiVersion` and `kind` stands for any text. */
export interface RouteConfig {
  readonly apiVersion: string;
  readonly kind: string;
  readonly store: string;
}

/** A store that definitions are read from, and the namespaces that count there, in order of priority; absent: all of them. */
export interface DefinitionSourceConfig {
  readonly store: string;
  readonly namespaces?: readonly string[];
}

/** Bounds on what is read, computed and run at once. */
export interface LimitsConfig extends DocumentLimits, EvaluationLimits {
  readonly forEachItems: number;
  readonly forEachConcurrency: number;
}

/** The delay after an unexpected error: it doubles with each in a row, up to the maximum. */
export interface BackoffConfig {
  readonly initialSeconds: number;
  readonly maximumSeconds: number;
}

/** The rhythm of the control loop. */
export interface LoopConfig {
  readonly periodSeconds: number;
  readonly periodJitter: number;
  readonly concurrency: number;
  readonly stepTimeoutSeconds: number;
  readonly stopGraceSeconds: number;
  readonly backoff: BackoffConfig;
}

/** What a `koreo.config.yaml` says, checked, with every default filled in. */
export interface KoreoConfig {
  readonly language: string;
  readonly stores: readonly StoreConfig[];
  readonly routing: readonly RouteConfig[];
  readonly defaultStore?: string;
  readonly definitions: readonly DefinitionSourceConfig[];
  readonly plugins: readonly string[];
  readonly limits: LimitsConfig;
  readonly loop: LoopConfig;
}
