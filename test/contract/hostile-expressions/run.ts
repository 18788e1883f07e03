import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { HostileReport } from './report.js';

/** The memory that a child may use for its values, in MiB. */
const HEAP = 512;

/** Evaluates the expressions of a list in a process of their own; `only` some of them. Rejects when the process dies. */
export async function runHostile(
  module: URL,
  only: readonly string[] = [],
): Promise<ReadonlyMap<string, HostileReport>> {
  const reports = new Map<string, HostileReport>();
  let current = 'loading the engine';
  const child = fork(fileURLToPath(new URL('child.js', import.meta.url)), [module.href, ...only], {
    execArgv: [`--max-old-space-size=${HEAP}`, '--import', 'reflect-metadata'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2_000);
  });
  child.on('message', (message: HostileReport | { readonly begins: string }) => {
    if ('begins' in message) current = message.begins;
    else reports.set(message.source, message);
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...ended) => resolve(ended));
  });
  if (code !== 0) throw new Error(`the process died (${signal ?? code}) of: ${current.slice(0, 200)}\n${complaint}`);
  return reports;
}
