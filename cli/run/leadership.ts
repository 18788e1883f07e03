import { hostname } from 'node:os';
import type { Environment, LeaderElectionConfig, LoadedConfig } from '../../config/index.js';
import { errorMessage, KernelStateError, type LeaderElection, type LeadershipTerm } from '../../kernel/index.js';
import { type OpenStores, openStores } from '../open-stores.js';
import type { DutyBoard } from '../serve/duty.js';
import type { RunLog } from './run-log.js';

/** Whom a process tells that it stands by, leads, and leads no more. */
export interface LeadershipAudience {
  readonly log: Pick<RunLog, 'leadership'>;
  readonly duty: Pick<DutyBoard, 'set'>;
}

/** How one process of several comes to lead, term after term. */
export class Leadership {
  readonly #election: LeaderElection;
  readonly #stores: OpenStores;
  readonly #audience: LeadershipAudience;

  private constructor(election: LeaderElection, stores: OpenStores, audience: LeadershipAudience) {
    this.#election = election;
    this.#stores = stores;
    this.#audience = audience;
  }

  /**
   * Undefined where the configuration asks for no election: then nobody has to be asked. The stores that it opens are its
   * own, since those of a kernel last as long as the term, and ask its fence before they write.
   * @throws KernelConfigurationError
   */
  static open(loaded: LoadedConfig, environment: Environment, audience: LeadershipAudience): Leadership | undefined {
    const { leaderElection } = loaded.config;
    if (leaderElection === undefined) return undefined;
    const stores = openStores(loaded);
    const election = stores.all.get(leaderElection.store)?.election?.(electionOptions(leaderElection, environment));
    // Loading the configuration has tried it.
    if (election === undefined) throw new KernelStateError(`the store ${leaderElection.store} cannot hold elections`);
    return new Leadership(election, stores, audience);
  }

  /** The next term of this process; undefined when it was told to stop before it had one. */
  async next(stop: AbortSignal): Promise<LeadershipTerm | undefined> {
    const { duty, log } = this.#audience;
    duty.set({ type: 'standby' });
    try {
      const term = await this.#election.lead(stop, (why) => log.leadership('standing-by', why));
      log.leadership('leading', term.title);
      term.ended.addEventListener('abort', () => log.leadership('ended', errorMessage(term.ended.reason)));
      return term;
    } catch (error) {
      if (stop.aborted) return undefined;
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#stores.close();
  }
}

function electionOptions({ store: _store, ...election }: LeaderElectionConfig, environment: Environment) {
  const namespace = election.namespace ?? given(environment.POD_NAMESPACE);
  return {
    ...election,
    ...(namespace === undefined ? {} : { namespace }),
    identity: election.identity ?? given(environment.POD_NAME) ?? hostname(),
  };
}

function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
