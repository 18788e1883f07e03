import type { Path } from '../../kernel/plugin.js';
import { type Outline, plainName, type Step } from './outline.js';

/** The names of macro variables around a part of an expression. */
type Bound = ReadonlySet<string>;

/** What an expression asks of its scope, each path once. */
export interface ScopePaths {
  /** All that it reads. */
  readonly reads: readonly Path[];
  /** Those of them whose presence it asks after with `has`. */
  readonly tests: readonly Path[];
  /** Those of them whose values it may give just as they are. */
  readonly gives: readonly Path[];
}

/** The paths that an expression names, wherever it may come to evaluate them. */
export function scopePaths(outline: Outline): ScopePaths {
  const walk = new ReadsWalk();
  walk.visit(outline, new Set());
  return { reads: [...walk.reads.values()], tests: [...walk.tests.values()], gives: givenBy(outline) };
}

function givenBy(outline: Outline): readonly Path[] {
  if (outline.kind === 'conditional') return outline.branches.flatMap(givenBy);
  if (outline.kind !== 'path' || outline.root.kind !== 'name') return [];
  const path = constantPath(outline.root.name, outline.steps);
  return path.length === outline.steps.length + 1 ? [path] : [];
}

class ReadsWalk {
  readonly reads = new Map<string, Path>();
  readonly tests = new Map<string, Path>();

  visit(outline: Outline, bound: Bound): void {
    switch (outline.kind) {
      case 'constant':
        return;
      case 'parts':
        for (const part of outline.parts) this.visit(part, bound);
        return;
      case 'conditional':
        for (const part of [outline.condition, ...outline.branches]) this.visit(part, bound);
        return;
      case 'call':
        for (const arg of outline.args) this.visit(arg, bound);
        if (outline.name === 'has') this.#test(outline.args[0], bound);
        return;
      case 'path':
        if (outline.root.kind === 'parts') this.visit(outline.root.parts, bound);
        else if (!bound.has(outline.root.name)) note(this.reads, constantPath(outline.root.name, outline.steps));
        for (const step of outline.steps) this.#step(step, bound);
        return;
    }
  }

  #step(step: Step, bound: Bound): void {
    if (step.kind === 'index') this.visit(step.index, bound);
    if (step.kind !== 'method') return;
    const [variable, ...bodies] = step.args;
    const inner = new Set([...bound, plainName(variable) ?? '']);
    for (const body of bodies) this.visit(body, inner);
  }

  #test(arg: Outline | undefined, bound: Bound): void {
    if (arg?.kind !== 'path' || arg.root.kind !== 'name' || bound.has(arg.root.name)) return;
    note(this.tests, constantPath(arg.root.name, arg.steps));
  }
}

/** The path up to the first part that is computed or called. */
function constantPath(name: string, steps: readonly Step[]): Path {
  const path: (string | number)[] = [name];
  for (const step of steps) {
    const segment = step.kind === 'member' ? step.name : constantIndex(step);
    if (segment === undefined) break;
    path.push(segment);
  }
  return path;
}

function constantIndex(step: Step): string | number | undefined {
  return step.kind === 'index' && step.index.kind === 'constant' ? step.index.value : undefined;
}

function note(paths: Map<string, Path>, path: Path): void {
  paths.set(JSON.stringify(path), path);
}
