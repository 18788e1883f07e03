import type { Problem } from '../model/problem.js';

/** Who claims a name for what it brings. */
export interface Claim {
  readonly name: string;
  /** As a person reads it: `plug-in 'cel'`, `the standard library`. */
  readonly by: string;
}

/** A problem for each name that is claimed more than once, which names all who claim it. */
export function doubleClaims(what: string, claims: readonly Claim[]): readonly Problem[] {
  const byName = new Map<string, string[]>();
  for (const { name, by } of claims) byName.set(name, [...(byName.get(name) ?? []), by]);
  return [...byName]
    .filter(([, claimants]) => claimants.length > 1)
    .map(([name, claimants]) => {
      const who = claimants.every((one) => one === claimants[0])
        ? `${claimants[0]} claims the ${what} '${name}' more than once`
        : `${claimants.join(' and ')} all claim the ${what} '${name}'`;
      return { code: 'duplicate-name', message: who };
    });
}

/** A problem for a reference to what is not there, with what is; none when it is there. */
export function missing(where: string, what: string, name: string, known: Iterable<string>): readonly Problem[] {
  const names = [...known];
  if (names.includes(name)) return [];
  const there = names.length === 0 ? 'there are none' : `there are: ${names.map((one) => `'${one}'`).join(', ')}`;
  return [{ code: 'reference-missing', message: `${where} names the ${what} '${name}', which is not there; ${there}` }];
}
