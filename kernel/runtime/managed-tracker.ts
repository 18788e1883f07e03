import type { ManagedNode, ManagedResource, ManagedWorkflow } from '../model/managed-resources.js';

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

  /** The Logic is a Workflow; gives what tracks its steps, by label. */
  workflow(name: string, labels: readonly string[]): WorkflowTracker {
    const workflow = new WorkflowTracker(name, labels);
    this.#read = () => workflow.record;
    return workflow;
  }
}

/** What a Workflow that runs is known to manage so far. */
export class WorkflowTracker {
  readonly #name: string;
  readonly #steps: ReadonlyMap<string, ManagedTracker>;

  constructor(name: string, labels: readonly string[]) {
    this.#name = name;
    this.#steps = new Map(labels.map((label) => [label, new ManagedTracker()]));
  }

  step(label: string): ManagedTracker {
    return this.#steps.get(label) ?? new ManagedTracker();
  }

  get record(): ManagedWorkflow {
    const nodes = [...this.#steps].map(([label, { node }]) => [label, node]);
    return { workflow: this.#name, resources: Object.fromEntries(nodes) };
  }
}
