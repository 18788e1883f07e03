import { Budget, type Json, KoreoError, standardLibrary } from 'koreo-kernel';
import { type HostileList, hostileScope } from './hostile-list.js';
import type { HostileReport } from './report.js';
import { Turns } from './turns.js';

// Started by the test with the module of a list, and perhaps the sources to try again: evaluates one after the other.
const [module = '', ...only] = process.argv.slice(2);
const { hostile } = (await import(module)) as { readonly hostile: HostileList };
const engine = hostile.engine();
const library = standardLibrary();
const turns = new Turns();

// The first of everything is slow, and no fault of any expression.
await outcomeOf('1');
await turns.longest();

for (const listed of Object.values(hostile.expressions)) {
  if ('lacks' in listed) continue;
  for (const entry of listed) {
    const source = typeof entry === 'string' ? entry : entry.source;
    if (only.length > 0 && !only.includes(source)) continue;
    process.send?.({ begins: source });
    const told = await outcomeOf(source);
    const memory = process.resourceUsage().maxRSS / 1_024;
    const report: HostileReport = { source, ...told, stall: await turns.longest(), memory };
    process.send?.(report);
  }
}
turns.stop();

async function outcomeOf(source: string): Promise<Pick<HostileReport, 'message' | 'outcome' | 'value'>> {
  try {
    const program = engine.compile(source, library);
    await new Promise((resolve) => setImmediate(resolve));
    const text = JSON.stringify(await program.evaluate(hostileScope as unknown as Record<string, Json>, new Budget()));
    return { outcome: 'value', message: '', value: text.slice(0, 1_000) };
  } catch (error) {
    if (error instanceof KoreoError) return { outcome: error.code, message: error.message };
    return { outcome: error instanceof Error ? error.name : typeof error, message: String(error) };
  }
}
