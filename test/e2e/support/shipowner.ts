import { seededRandom } from 'koreo-kernel/testing';
import { eventually } from '../../support/eventually.js';
import { ALL_PARTS, BOAT_NAMES, type Boat } from './boats.js';
import type { Yard } from './yard.js';

/** Somebody who asks for boats, changes them and takes them back by chance, and knows what there should be. */
export class Shipowner {
  readonly random: () => number;
  readonly #yard: Yard;
  readonly #wanted = new Map<string, Boat>();

  constructor(yard: Yard, seed: number) {
    this.#yard = yard;
    this.random = seededRandom(seed);
  }

  /** The names of all boats that are asked for. */
  get boats(): readonly string[] {
    return [...this.#wanted.keys()].toSorted();
  }

  /** What they should be made of: the name of each part, and its colour. */
  get parts(): readonly string[] {
    return [...this.#wanted]
      .flatMap(([name, { colour, parts }]) => parts.map((part) => `${name}-${part} ${colour}`))
      .toSorted();
  }

  async change(): Promise<void> {
    const name = BOAT_NAMES[Math.floor(this.random() * BOAT_NAMES.length)] ?? '';
    if (this.#wanted.has(name) && this.random() < 0.4) return this.#withdraw(name);
    const parts = this.random() < 0.5 ? ALL_PARTS : ALL_PARTS.filter(() => this.random() < 0.7);
    await this.#ask(name, { colour: Math.floor(this.random() * 1000), parts });
  }

  /** All are asked for in the end, whole, but for every fifth. Needs a controller: what is on its way out has to go first. */
  async finish(): Promise<void> {
    for (const [index, name] of BOAT_NAMES.entries()) {
      const boat = { colour: index, parts: ALL_PARTS };
      if (index % 5 !== 0) await eventually(`that ${name} can be asked for`, () => this.#ask(name, boat));
      else if (this.#wanted.has(name)) await this.#withdraw(name);
    }
  }

  async withdrawAll(): Promise<void> {
    for (const name of this.boats) await this.#withdraw(name);
  }

  async #ask(name: string, boat: Boat): Promise<boolean> {
    const isTaken = await this.#yard.ask(name, boat);
    if (isTaken) this.#wanted.set(name, boat);
    return isTaken;
  }

  async #withdraw(name: string): Promise<void> {
    this.#wanted.delete(name);
    await this.#yard.withdraw(name);
  }
}
