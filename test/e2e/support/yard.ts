import type { Running } from '../../support/koreo.js';
import type { Boat } from './boats.js';

/** A place where boats are asked for and their parts are made, and a controller that may be started there. */
export interface Yard {
  /** False while a boat of that name is still on its way out: it has to be asked for again. */
  ask(name: string, boat: Boat): Promise<boolean>;
  withdraw(name: string): Promise<void>;
  /** `NAME COLOUR` of every part there is, but for what is foreign; sorted. */
  parts(): Promise<readonly string[]>;
  /** The boats that are known of; of one that is not settled, what it is instead; sorted. */
  boats(): Promise<readonly string[]>;
  /** What somebody else has put there, whole, as it is now. */
  foreign(): Promise<unknown>;
  start(): Running;
}
