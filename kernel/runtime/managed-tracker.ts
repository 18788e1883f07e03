import type { ManagedNode, ManagedResource } from '../model/managed-resources.js';

/**
 * What a Logic that runs is known to manage so far. It is written as soon as a resource's name is known and read when the
 * Logic has ended or was given up, so that whatever the outcome, no resource is forgotten.
 */
export class ManagedTracker {
  #read: () => ManagedNode = () => null;

  /** What is known by now; null when it is nothing. */
  get node(): ManagedNode {
    return this.#read();
  }

  /** The Logic is about this resource. */
  resource(resource: ManagedResource): void {
    this.#read = () => resource;
  }

  /** The Logic runs once for each item; what manages nothing is left out. */
  items(count: number): readonly ManagedTracker[] {
    const items = Array.from({ length: count }, () => new ManagedTracker());
    this.#read = () => {
      const nodes = items.map(({ node }) => node).filter((node) => node !== null);
      return nodes.length === 0 ? null : nodes;
    };
    return items;
  }

  /** The Logic is a Workflow with these steps. */
  workflow(name: string, labels: readonly string[]): readonly ManagedTracker[] {
    const steps = labels.map(() => new ManagedTracker());
    this.#read = () => ({
      workflow: name,
      resources: Object.fromEntries(labels.map((label, index) => [label, steps[index]?.node ?? null])),
    });
    return steps;
  }
}
