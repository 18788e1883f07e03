import type {
  DefinitionSources,
  ElectionOptions,
  JsonObject,
  KernelLimits,
  KindPattern,
  LoopOptions,
  RoutingRule,
  StoreConfiguration,
} from '../kernel/index.js';

/** A place that holds resources, with its type's own options as the configuration gives them. */
export interface ConfiguredStore extends StoreConfiguration {
  readonly options: JsonObject;
}

/** A plug-in by its built-in name, its path or its package, with its options as the configuration gives them. */
export interface ConfiguredPlugin {
  readonly plugin: string;
  readonly options?: JsonObject;
}

/** What a `koreo.config.yaml` says, checked, with every default filled in. */
export interface KoreoConfig {
  readonly language: string;
  readonly stores: readonly ConfiguredStore[];
  readonly routing: readonly RoutingRule[];
  readonly unwatched: readonly KindPattern[];
  readonly defaultStore?: string;
  readonly triggerStore?: string;
  readonly definitions: readonly DefinitionSources[];
  readonly plugins: readonly ConfiguredPlugin[];
  readonly limits: KernelLimits;
  readonly loop: LoopOptions;
  /** Absent: nothing is served. */
  readonly server?: ServerConfig;
  readonly logging: LoggingConfig;
  /** Absent: the process is the only one. */
  readonly leaderElection?: LeaderElectionConfig;
}

/** Where probes and metrics are answered, and how much is forgiven before a probe fails; times are in seconds. */
export interface ServerConfig {
  readonly address: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly stalledAfterSeconds: number;
  readonly degradedAfterSeconds: number;
}

/** From what is told to those who look for an error, to what must be seen. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What a run prints, and how. */
export interface LoggingConfig {
  readonly level: LogLevel;
  readonly format: 'text' | 'json';
}

/** In which store, and how, several processes agree on the one that acts. */
export interface LeaderElectionConfig extends Omit<ElectionOptions, 'identity'> {
  readonly store: string;
  /** The name of the pod, or of the machine, when absent. */
  readonly identity?: string;
}
