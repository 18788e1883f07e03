/** The known word that a mistyped one was most likely meant to be; undefined when none is near enough to be guessed. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const allowed = Math.max(1, Math.floor(word.length / 3));
  const near = known
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase(), allowed) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance);
  return near[0]?.candidate;
}

/** `; did you mean 'x'?` for the end of a message, or nothing when no candidate is near to what was written. */
export function didYouMean(written: string, candidates: readonly string[]): string {
  const candidate = nearest(written, candidates);
  return candidate === undefined ? '' : `; did you mean '${candidate}'?`;
}

/** The same, and all candidates when none is near. */
export function meantOrKnown(written: string, candidates: readonly string[]): string {
  const known = candidates.length === 0 ? 'there are none' : `there are: ${candidates.join(', ')}`;
  return didYouMean(written, candidates) || `; ${known}`;
}

/** How many letters must be put in, taken out, changed or swapped; anything above the bound when it is more than that. */
function editDistance(a: string, b: string, bound: number): number {
  if (Math.abs(a.length - b.length) > bound) return bound + 1;
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= b.length; column += 1) {
      const changed = at(row, column - 1) + (letter === b[column - 1] ? 0 : 1);
      const swapped = letter === b[column - 2] && a[index - 1] === b[column - 1] ? at(before, column - 2) + 1 : changed;
      next.push(Math.min(changed, swapped, at(row, column) + 1, at(next, column - 1) + 1));
    }
    before = row;
    row = next;
  }
  return at(row, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
