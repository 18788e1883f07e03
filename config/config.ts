import type {
  DefinitionSources,
  JsonObject,
  KernelLimits,
  LoopOptions,
  RoutingRule,
  StoreConfiguration,
} from '../kernel/index.js';

/** A place that holds resources, with its type's own options as the configuration gives them. */
export interface ConfiguredStore extends StoreConfiguration {
  readonly options: JsonObject;
}

/** What a `koreo.config.yaml` says, checked, with every default filled in. */
export interface KoreoConfig {
  readonly language: string;
  readonly stores: readonly ConfiguredStore[];
  readonly routing: readonly RoutingRule[];
  readonly defaultStore?: string;
  readonly triggerStore?: string;
  readonly definitions: readonly DefinitionSources[];
  readonly plugins: readonly string[];
  readonly limits: KernelLimits;
  readonly loop: LoopOptions;
}
