/** How long what was let go may take to be gone. */
const DEADLINE_MS = 3000;

/** What keeps this process alive, by type, with how many there are of each. */
export function handles(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}

/** The types of which there are still more than before, when they have had time to go. */
export async function leftOver(before: ReadonlyMap<string, number>): Promise<readonly string[]> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const more = [...handles()].filter(([type, count]) => count > (before.get(type) ?? 0)).map(([type]) => type);
    // What a poll itself needs is nobody else's.
    const others = more.filter((type) => type !== 'Immediate');
    if (others.length === 0 || Date.now() > deadline) return others;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
