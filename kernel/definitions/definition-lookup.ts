import type { PreparedDefinition } from '../language/definition.js';
import type { DefinitionKind } from '../model/names.js';
import type { Problem } from '../model/problem.js';
import type { GroupVersionKind } from '../model/resource.js';

/** Names a definition wherever it came from: what references mean. */
export interface DefinitionName {
  readonly kind: DefinitionKind;
  readonly name: string;
}

/** How a definition is: ready to run, waiting for others that it names, or broken by itself. */
export type DefinitionEntry =
  | ReadyEntry
  | (DefinitionPlace & {
      readonly status: 'waiting';
      readonly definition: PreparedDefinition;
      /** Each thing waited for, and why: `ValueFunction price.v1 is missing`. */
      readonly waitingFor: readonly string[];
      readonly problems: readonly Problem[];
    })
  | (DefinitionPlace & {
      readonly status: 'broken';
      readonly problems: readonly Problem[];
      /** The kind that its `crdRef` names, when it is a Workflow of which that much can be read: its triggers are told so. */
      readonly trigger?: GroupVersionKind;
    });

export interface ReadyEntry<D extends PreparedDefinition = PreparedDefinition> extends DefinitionPlace {
  readonly status: 'ready';
  readonly definition: D;
  /** What will fail when it is evaluated: names that are out of scope. */
  readonly warnings: readonly Problem[];
}

/** Where a definition came from. */
export interface DefinitionPlace extends DefinitionName {
  readonly namespace: string;
  readonly store: string;
  /** Changes whenever what running it means may have changed: itself, or anything it refers to, directly or not. */
  readonly version: number;
}

/** The prepared definitions at one moment. A run keeps the one that it began with, so that it never mixes two states. */
export interface DefinitionLookup {
  /** The definition of that kind and name in the first namespace that holds one. */
  find(kind: DefinitionKind, name: string): DefinitionEntry | undefined;
  /** Every Workflow whose `crdRef` names the kind, healthy or not, as far as that can be told. */
  workflowsFor(gvk: GroupVersionKind): readonly DefinitionEntry[];
  /** All that references can meet, without those that an earlier namespace hides. */
  entries(): Iterable<DefinitionEntry>;
}
