import type { ExpressionEngine } from '../contracts/expression-engine.js';
import type { LibraryFunction, Parameter } from '../contracts/function-library.js';
import type { PluginEntry, PluginLifecycle, PluginRegistry } from '../contracts/plugin.js';
import type { ResourceHandler } from '../contracts/resource-handler.js';
import type { RunObserver } from '../contracts/run-report.js';
import type { StoreType } from '../contracts/store-type.js';

/** What plug-ins can bring, by the name of the registry's method that takes it. */
export interface Contributions {
  readonly engine: ExpressionEngine;
  readonly function: LibraryFunction;
  readonly resourceHandler: ResourceHandler;
  readonly storeType: StoreType;
  readonly observer: RunObserver;
  readonly lifecycle: PluginLifecycle;
}

/** A sort of thing that plug-ins bring. */
export type ContributionKind = keyof Contributions;

/** One thing that a plug-in brings. */
export interface Contribution<K extends ContributionKind> {
  /** The plug-in that brings it. */
  readonly entry: PluginEntry;
  readonly value: Contributions[K];
}

/** Takes one thing that a plug-in records. */
export type ContributionSink = <K extends ContributionKind>(kind: K, value: Contributions[K]) => void;

/** A registry that hands all that is recorded to one place. */
export class RecordingRegistry implements PluginRegistry {
  constructor(private readonly record: ContributionSink) {}

  engine(engine: ExpressionEngine): void {
    this.record('engine', engine);
  }

  function<const P extends readonly Parameter[]>(definition: LibraryFunction<P>): void {
    // Engines check arguments by the parameters before they call.
    this.record('function', definition as unknown as LibraryFunction);
  }

  resourceHandler(handler: ResourceHandler): void {
    this.record('resourceHandler', handler);
  }

  storeType<Options extends object>(type: StoreType<Options>): void {
    // The kernel checks options by the type's schema before it gives them.
    this.record('storeType', type as unknown as StoreType);
  }

  observer(observer: RunObserver): void {
    this.record('observer', observer);
  }

  lifecycle(lifecycle: PluginLifecycle): void {
    this.record('lifecycle', lifecycle);
  }
}
