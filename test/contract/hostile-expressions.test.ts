import { existsSync, readdirSync } from 'node:fs';
import test from 'ava';
import { isLacking } from '../../kernel/testing/contracts/expression-engine/harness.js';
import { HOSTILE_KINDS, type HostileList } from './hostile-expressions/hostile-list.js';
import type { HostileReport } from './hostile-expressions/report.js';
import { runHostile } from './hostile-expressions/run.js';

/** The codes of errors that an expression may end with. */
const TYPED = ['expression-syntax', 'expression-evaluation', 'limit-exceeded'];

/** For how long the event loop may stand still, in milliseconds of the processor's time. */
const LONGEST_STALL = 250;

/** How often an expression is measured before it counts as too slow: others may be at work on the same processor. */
const ATTEMPTS = 3;

/** What a process may hold at most, in MiB: its 512 of values, and what Node itself needs. */
const MOST_MEMORY = 800;

// Every language whose tests have a list.
const plugins = new URL('../plugins/', import.meta.url);
const modules = readdirSync(plugins)
  .filter((plugin) => existsSync(new URL(`${plugin}/hostile-list.js`, plugins)))
  .map((plugin) => new URL(`${plugin}/hostile-list.js`, plugins));
const lists = await Promise.all(
  modules.map(async (module) => {
    const { hostile } = (await import(module.href)) as { readonly hostile: HostileList };
    return { module, hostile };
  }),
);

for (const { hostile, module } of lists) {
  let running: Promise<ReadonlyMap<string, HostileReport>> | undefined;

  for (const kind of HOSTILE_KINDS) {
    const expressions = hostile.expressions[kind];
    if (isLacking(expressions)) continue;
    const title = `${hostile.language}: ${kind} ends with an error of ours, soon, and without filling the memory`;
    test.serial(title, async (t) => {
      t.timeout(300_000);
      running ??= runHostile(module);
      const reports = await running;
      for (const entry of expressions) {
        const source = typeof entry === 'string' ? entry : entry.source;
        const report = reports.get(source);
        const label = `${source.slice(0, 200)} → ${JSON.stringify(report)?.slice(0, 500)}`;
        if (report === undefined) return t.fail(`not run: ${label}`);
        if (typeof entry === 'string') t.true(TYPED.includes(report.outcome), label);
        else t.is(report.value, JSON.stringify(entry.gives), label);
        t.false(report.message.includes('hunter2'), label);
        t.true(report.memory < MOST_MEMORY, label);
        t.true((await shortestStall(module, report)) < LONGEST_STALL, label);
      }
    });
  }
}

/** The stall of an expression, measured again where it was too long. */
async function shortestStall(module: URL, { source, stall }: HostileReport): Promise<number> {
  let shortest = stall;
  for (let attempt = 1; attempt < ATTEMPTS && shortest >= LONGEST_STALL; attempt++) {
    const again = (await runHostile(module, [source])).get(source);
    shortest = Math.min(shortest, again?.stall ?? shortest);
  }
  return shortest;
}
