import { formatProblem, type Problem, type StoreHealth } from '../../kernel/index.js';

/** Told of a problem when it arises and when it is gone. */
export type OnProblem = (state: 'found' | 'solved', problem: Problem) => void;

/** Remembers the problems of each source, so that each is told once, and once more when it is solved. */
export class ProblemBoard {
  readonly #known = new Map<string, ReadonlyMap<string, Problem>>();
  readonly #tell: OnProblem;
  #isClosed = false;

  constructor(tell: OnProblem) {
    this.#tell = tell;
  }

  /** Tells nothing more: what nobody looks at any longer is not solved. */
  close(): void {
    this.#isClosed = true;
  }

  /** Whether no source has a problem now. */
  get isEmpty(): boolean {
    return [...this.#known.values()].every((problems) => problems.size === 0);
  }

  /** Takes all the problems that a source has now. What moved to another line is not another problem. */
  set(source: string, problems: readonly Problem[]): void {
    if (this.#isClosed) return;
    const before = this.#known.get(source) ?? new Map<string, Problem>();
    const now = new Map(problems.map((problem) => [identity(problem), problem]));
    this.#known.set(source, now);
    for (const [key, problem] of before) {
      if (!now.has(key)) this.#tell('solved', problem);
    }
    for (const [key, problem] of now) {
      if (before.get(key)?.message !== problem.message) this.#tell('found', problem);
    }
  }
}

/** What a store waits for is one problem, whatever it comes to wait for: it is solved when it waits no more. */
function identity(problem: Problem): string {
  if (problem.code === 'store') return `store ${problem.store}`;
  const { location, ...rest } = problem;
  if (location === undefined) return formatProblem(rest);
  const { line: _line, column: _column, ...place } = location;
  return formatProblem({ ...rest, location: place });
}

/** The problems of a store: what its user can mend in it, and that it cannot be used now, and why. */
export function storeProblems(store: string, { state, message, problems }: StoreHealth): readonly Problem[] {
  if (state !== 'degraded' || (message === undefined && problems.length > 0)) return problems;
  return [...problems, { code: 'store', store, message: message ?? 'cannot be used now' }];
}
