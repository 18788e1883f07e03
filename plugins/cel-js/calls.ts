import type { ExpressionSyntaxError, FunctionLibrary } from '../../kernel/plugin.js';
import { type Outline, plainName, type Step } from './outline.js';

/** The macros of cel-js, and how many arguments they take, their variable included. */
const MACROS: ReadonlyMap<string, readonly number[]> = new Map([
  ['all', [2]],
  ['exists', [2]],
  ['exists_one', [2]],
  ['filter', [2]],
  ['map', [2, 3]],
]);

/** Finds calls that can never work before anything is evaluated, where cel-js would wait until it comes to them. */
export class CallCheck {
  constructor(
    private readonly library: FunctionLibrary,
    private readonly fault: (offset: number, message: string) => ExpressionSyntaxError,
  ) {}

  /** @throws ExpressionSyntaxError */
  visit(outline: Outline): void {
    switch (outline.kind) {
      case 'constant':
        return;
      case 'parts':
        this.#all(outline.parts);
        return;
      case 'conditional':
        this.#all([outline.condition, ...outline.branches]);
        return;
      case 'call':
        this.#call(outline);
        this.#all(outline.args);
        return;
      case 'path':
        if (outline.root.kind === 'parts') this.visit(outline.root.parts);
        for (const step of outline.steps) this.#step(step);
    }
  }

  #all(outlines: readonly Outline[]): void {
    for (const outline of outlines) this.visit(outline);
  }

  #call({ args, at, name }: Extract<Outline, { kind: 'call' }>): void {
    const wanted = this.library.get(name)?.parameters.length ?? (name === 'size' || name === 'has' ? 1 : undefined);
    if (wanted === undefined) throw this.fault(at, `there is no function \`${name}\``);
    if (args.length !== wanted) throw this.fault(at, wrongCount(name, [wanted], args.length));
    if (name === 'has' && !isField(args[0])) throw this.fault(at, 'has takes names with dots between: `has(a.b.c)`');
  }

  #step(step: Step): void {
    if (step.kind === 'index') this.visit(step.index);
    if (step.kind !== 'method') return;
    const { args, at, name } = step;
    const counts = MACROS.get(name);
    if (counts === undefined) throw this.fault(at, this.#unknownMethod(name));
    if (!counts.includes(args.length)) throw this.fault(at, wrongCount(name, counts, args.length));
    if (plainName(args[0]) === undefined) throw this.fault(at, `${name} needs a plain name for its variable`);
    this.#all(args.slice(1));
  }

  #unknownMethod(name: string): string {
    const hint =
      this.library.has(name) || name === 'size' ? `; write \`${name}(…)\`, with what it is called on first` : '';
    return `cel-js has no method \`${name}\`${hint}`;
  }
}

function isField(outline: Outline | undefined): boolean {
  if (outline?.kind !== 'path' || outline.root.kind !== 'name' || outline.steps.length === 0) return false;
  return outline.steps.every(({ kind }) => kind === 'member');
}

function wrongCount(name: string, counts: readonly number[], count: number): string {
  return `\`${name}\` takes ${counts.join(' or ')} argument${counts.at(-1) === 1 ? '' : 's'}, not ${count}`;
}
