import type { Problem } from '../model/problem.js';

/** Who claims a name for what it brings. */
export interface Claim {
  readonly name: string;
  /** As a person reads it: `plug-in 'cel'`, `the standard library`. */
  readonly by: string;
}

/** A problem for each name that is claimed more than once, which names all who claim it. */
export function doubleClaims(what: string, claims: readonly Claim[]): readonly Problem[] {
  const claimants = new Map<string, string[]>();
  for (const { name, by } of claims) claimants.set(name, [...(claimants.get(name) ?? []), by]);
  return [...claimants]
    .filter(([, by]) => by.length > 1)
    .map(([name, by]) => ({ code: 'duplicate-name', message: `${inWords(by)} claim the ${what} '${name}'` }));
}

/** A problem for each name that several have. */
export function doubleNames(what: string, names: readonly string[]): readonly Problem[] {
  const doubled = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...doubled].map((name) => ({ code: 'duplicate-name', message: `two ${what} are named '${name}'` }));
}

function inWords(claimants: readonly string[]): string {
  const last = claimants.at(-1) ?? '';
  const others = claimants.slice(0, -1).join(', ');
  return `${others} and ${last} ${claimants.length === 2 ? 'both' : 'all'}`;
}

/** A problem for a reference to what is not there, with what is; none when it is there. */
export function missing(where: string, what: string, name: string, known: Iterable<string>): readonly Problem[] {
  const names = [...known];
  if (names.includes(name)) return [];
  const there = names.length === 0 ? 'there are none' : `there are: ${names.map((one) => `'${one}'`).join(', ')}`;
  return [{ code: 'reference-missing', message: `${where} names the ${what} '${name}', which is not there; ${there}` }];
}
