import { BAD_DAY, type Faults, NO_FAULTS, SimulatedServer, VirtualClock } from 'koreo-kernel/testing';
import { Chance } from './chance.js';
import { SecondActor } from './second-actor.js';
import { SimulatedProcess } from './simulated-process.js';
import { World } from './world.js';
import { drawModel } from './world-model.js';

const SECOND = 1000;
const PERIOD = 1200 * SECOND;
/** Within so long after the last fault everything has to be right. */
const BOUND = 3 * PERIOD;

/** What became of one seed. */
export interface Verdict {
  /** What went wrong; empty when all promises were kept. */
  readonly problems: readonly string[];
  /** What happened, with the seconds at which it did. */
  readonly trace: readonly string[];
  readonly crashes: number;
  readonly runs: number;
}

/** Plays one history: chance decides who does what when and what fails; then peace, in which everything has to come right. */
export async function simulate(seed: number): Promise<Verdict> {
  const simulation = new Simulation(seed);
  await simulation.play();
  await simulation.comeToRest();
  return simulation.verdict;
}

class Simulation {
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #world: World;
  readonly #server: SimulatedServer;
  readonly #actor: SecondActor;
  readonly #processes: SimulatedProcess[] = [];
  readonly #problems: string[] = [];
  readonly #trace: string[] = [];
  readonly #crashes: boolean;
  readonly #events: number;
  #crashed = 0;

  constructor(seed: number) {
    this.#chance = new Chance(seed);
    this.#clock = new VirtualClock({ seed });
    const limits = { destroysAll: this.#chance.flip(0.4) };
    const behaviour = { holdsDeletion: this.#chance.flip(0.75), ownsFields: this.#chance.flip(0.4) };
    // What nothing holds is let go of from memory: no crash may come between.
    const deletesTriggers = behaviour.holdsDeletion || this.#chance.flip();
    this.#crashes = behaviour.holdsDeletion || !deletesTriggers;
    this.#world = new World(this.#clock, drawModel(this.#chance, limits), behaviour);
    this.#server = new SimulatedServer(this.#world.store, { clock: this.#clock, seed, faults: this.#drawFaults() });
    this.#actor = new SecondActor(this.#world, this.#chance, {
      ...limits,
      deletesTriggers,
      pauses: behaviour.holdsDeletion,
    });
    this.#world.store.intercept(({ verb, ref, body }) => {
      if (verb !== 'get') this.#note(`  ${verb} ${ref.kind} ${ref.name} ${JSON.stringify(body ?? null)}`);
    });
    this.#events = this.#chance.between(5, 40);
    this.#note(JSON.stringify({ ...limits, ...behaviour, model: this.#world.model }));
    this.#begin();
  }

  get verdict(): Verdict {
    const ofProcesses = this.#processes.flatMap(({ problems }) => problems);
    return {
      problems: [...this.#world.problems, ...ofProcesses, ...this.#problems],
      trace: this.#trace,
      crashes: this.#crashed,
      runs: this.#processes.reduce((sum, { reports }) => sum + reports.length, 0),
    };
  }

  /** The troubled part. */
  async play(): Promise<void> {
    for (let event = 0; event < this.#events; event += 1) {
      const pause = this.#chance.flip(0.05)
        ? 2 * PERIOD
        : this.#chance.between(1, this.#chance.pick([300, 5000, 60_000]));
      await this.#clock.advance(pause);
      if (this.#crashes && this.#chance.flip(0.15)) await this.#replaceProcess();
      else if (this.#chance.flip(0.1)) this.#server.faults = this.#drawFaults();
      else this.#note(this.#actor.act());
    }
  }

  /** Peace: nothing fails, nobody meddles. */
  async comeToRest(): Promise<void> {
    this.#server.faults = NO_FAULTS;
    await this.#actor.rest();
    this.#note('peace');
    for (let waited = 0; waited < BOUND && this.#world.faults().length > 0; waited += PERIOD / 10) {
      await this.#clock.advance(PERIOD / 10);
      // Who wants a trigger that is still on its way out has to ask again when it is gone.
      this.#world.want(this.#world.model);
    }
    await this.#clock.advance(PERIOD * 1.2);
    this.#problems.push(...this.#world.faults());
    const before = this.#calls();
    await this.#clock.advance(3 * PERIOD * 1.1);
    const { reads, writes } = this.#calls();
    if (reads !== before.reads) this.#problems.push(`${reads - before.reads} reads at rest`);
    if (writes !== before.writes) this.#problems.push(`${writes - before.writes} writes at rest`);
    this.#processes.at(-1)?.crash();
  }

  #calls(): { readonly reads: number; readonly writes: number } {
    const connections = this.#processes.map(({ connection }) => connection);
    return {
      reads: connections.reduce((sum, { reads }) => sum + reads, 0),
      writes: connections.reduce((sum, { writes }) => sum + writes, 0),
    };
  }

  /** The process crashes, or loses its term and lingers; after a while another one begins. */
  async #replaceProcess(): Promise<void> {
    const process = this.#processes.at(-1);
    this.#crashed += 1;
    if (this.#chance.flip(0.7)) {
      this.#note('crash');
      process?.crash();
    } else {
      this.#note('the term ends');
      process?.fence.fall();
    }
    await this.#clock.advance(this.#chance.between(2 * SECOND, 40 * SECOND));
    this.#begin();
  }

  #begin(): void {
    this.#note('a process begins');
    this.#processes.push(new SimulatedProcess(this.#server, this.#clock));
  }

  #drawFaults(): Faults {
    const scale = this.#chance.pick([0, 0.3, 1]);
    return {
      refused: BAD_DAY.refused * scale,
      unanswered: BAD_DAY.unanswered * scale,
      hanging: BAD_DAY.hanging * scale,
      cut: BAD_DAY.cut * scale,
      coalesced: BAD_DAY.coalesced,
      latencyMs: this.#chance.pick([1, 50, BAD_DAY.latencyMs]),
      lagMs: this.#chance.pick([0, 100, BAD_DAY.lagMs]),
      outageMs: this.#chance.pick([100, BAD_DAY.outageMs]),
    };
  }

  #note(what: string): void {
    this.#trace.push(`${(this.#clock.monotonic() / SECOND).toFixed(3)} ${what}`);
  }
}
