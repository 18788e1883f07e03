import { fork } from 'node:child_process';
import type { JsonObject } from 'koreo-kernel';

/** How a child process is started: a module beside the caller's, and what it is told. */
export interface ChildOptions {
  readonly module: URL;
  readonly task: JsonObject;
  /** Flags of Node, such as `--expose-gc`. */
  readonly flags?: readonly string[];
}

/**
 * Runs a module in a process of its own, so that nothing else is in its memory or has warmed its code, and gives what it
 * answers. The module answers once, by {@link answerParent}. Rejects when it ends without an answer.
 */
export function inChild<T>({ flags = [], module, task }: ChildOptions): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = fork(module, [JSON.stringify(task)], { execArgv: [...flags] });
    let answer: { readonly value: T } | undefined;
    child.on('message', (value) => {
      answer = { value: value as T };
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (answer !== undefined && code === 0) resolve(answer.value);
      else reject(new Error(`the child process of a benchmark ended with ${code}, and without an answer`));
    });
  });
}

/** What the parent told this process to do. */
export function taskOfParent<T>(): T {
  return JSON.parse(process.argv[2] ?? 'null') as T;
}

/** Gives the parent the answer, and lets this process end. */
export function answerParent(answer: JsonObject | number): void {
  process.send?.(answer, () => process.disconnect());
}
