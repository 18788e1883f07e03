import type { Budget } from '../../../kernel/plugin.js';
import type { Node } from '../syntax/node.js';
import type { Value } from '../values/kinds.js';
import { treeSize } from './tree-size.js';

/** After how many steps the event loop gets a turn: some milliseconds of work. */
const STEPS_BETWEEN_TURNS = 4000;

/** The name of the variable that holds the evaluation. No source can write it. */
export const EVALUATION = ' evaluation';

/** All that one evaluation keeps: its budget, where it is, and what it came across. Programs keep nothing. */
export class Evaluation {
  /** The nodes being evaluated now, the last one entered at the end. */
  readonly inFlight = new Map<Node, number>();
  /** The nodes that gave nothing when they were evaluated last. */
  readonly gaveNothing = new Set<Node>();
  /** What `$clone` made, which is all that a transform may change. */
  readonly clones = new WeakSet<object>();
  /** How often a node with a role was evaluated. */
  readonly visits = new Map<Node, number>();
  /** Calls that were given functions which their caller had been given itself. */
  readonly handingOn = new Set<Node>();
  /** Set when there is a result: what runs on beside it then stops. */
  ended = false;
  readonly #sizes = new WeakMap<readonly Value[], number>();
  #stepsSinceTurn = 0;
  #turn: Promise<void> | undefined;

  constructor(readonly budget: Budget) {}

  /** Counts steps. @throws LimitExceededError */
  spend(steps: number): void {
    this.#stepsSinceTurn += steps;
    this.budget.spend(steps);
  }

  /** A promise to wait for when the event loop should have a turn. Whoever works on without a node being evaluated must ask. */
  turn(): Promise<void> | undefined {
    // All wait for the same turn: the parts of a list are evaluated side by side.
    if (this.#turn !== undefined || this.#stepsSinceTurn < STEPS_BETWEEN_TURNS) return this.#turn;
    this.#stepsSinceTurn = 0;
    this.#turn = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      this.#turn = undefined;
    });
    return this.#turn;
  }

  /** How many items a list holds, those of lists in it counted as often as they are there. */
  sizeOf(list: readonly Value[]): number {
    return treeSize(list, this.#sizes);
  }

  /** Whether the size of a list was asked for before; of short ones it is not remembered. */
  isKnown(list: readonly Value[]): boolean {
    return this.#sizes.has(list);
  }

  /** Notes one more evaluation of a node, and gives how many there were. */
  visit(node: Node): number {
    const visits = (this.visits.get(node) ?? 0) + 1;
    this.visits.set(node, visits);
    return visits;
  }
}
