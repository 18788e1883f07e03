/** So many characters weigh as much as a value of its own. */
const CHARACTERS = 32;

/**
 * Whether a piece of plain data is of at most so many values: scalars, lists and mappings, a long text counting as several.
 * Looks at no more than that.
 */
export function weighsAtMost(value: unknown, most: number): boolean {
  return restAfter(value, most) >= 0;
}

/** What is left of the allowance after the value; negative as soon as there is nothing left. */
function restAfter(value: unknown, allowance: number): number {
  let rest = allowance - 1;
  if (typeof value === 'string') return rest - Math.floor(value.length / CHARACTERS);
  if (typeof value !== 'object' || value === null) return rest;
  for (const item of Object.values(value)) {
    if (rest < 0) break;
    rest = restAfter(item, rest);
  }
  return rest;
}
