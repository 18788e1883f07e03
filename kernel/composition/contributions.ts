import type { DependencyContainer } from 'tsyringe';
import type { ExpressionEngine } from '../contracts/expression-engine.js';
import type { LibraryFunction } from '../contracts/function-library.js';
import type { PluginRegistry, StoreType } from '../contracts/plugin.js';
import type { ResourceHandler } from '../contracts/resource-handler.js';
import type { RunObserver } from '../contracts/run-report.js';

/** What plug-ins can bring, by the name of the registry's method that takes it. */
export interface Contributions {
  readonly engine: ExpressionEngine;
  readonly function: LibraryFunction;
  readonly resourceHandler: ResourceHandler;
  readonly storeType: StoreType;
  readonly observer: RunObserver;
}

/** A sort of thing that plug-ins bring. */
export type ContributionKind = keyof Contributions;

/** One thing that a plug-in brings. */
export interface Contribution<K extends ContributionKind> {
  readonly plugin: string;
  readonly value: Contributions[K];
}

const token = (kind: ContributionKind): symbol => Symbol.for(`koreo.contribution.${kind}`);

/** Records what one plug-in brings in that plug-in's own container, and nowhere else. */
export class RecordingRegistry implements PluginRegistry {
  readonly #container: DependencyContainer;

  constructor(container: DependencyContainer) {
    this.#container = container;
  }

  engine(engine: ExpressionEngine): void {
    this.#record('engine', engine);
  }

  function(definition: LibraryFunction): void {
    this.#record('function', definition);
  }

  resourceHandler(handler: ResourceHandler): void {
    this.#record('resourceHandler', handler);
  }

  storeType(type: StoreType): void {
    this.#record('storeType', type);
  }

  observer(observer: RunObserver): void {
    this.#record('observer', observer);
  }

  /** What was recorded of a kind, in order. */
  recorded<K extends ContributionKind>(kind: K): readonly Contributions[K][] {
    return this.#container.isRegistered(token(kind)) ? this.#container.resolveAll<Contributions[K]>(token(kind)) : [];
  }

  #record<K extends ContributionKind>(kind: K, value: Contributions[K]): void {
    this.#container.register<Contributions[K]>(token(kind), { useValue: value });
  }
}
