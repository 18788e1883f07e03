import type { PluginEntry } from '../contracts/plugin.js';
import type { Problem } from '../model/problem.js';
import { inWords } from '../plugins/plugin-identity.js';

/** Who claims a name for what it brings. */
export interface Claim {
  readonly name: string;
  /** As a person reads it: `plug-in 'cel'`, `the standard library`. */
  readonly by: string;
  /** The plug-in, when it is one's. */
  readonly entry?: PluginEntry;
}

/** A problem for each name that is claimed more than once, which names all who claim it, at the place of the last. */
export function doubleClaims(what: string, claims: readonly Claim[]): readonly Problem[] {
  const claimants = new Map<string, Claim[]>();
  for (const claim of claims) claimants.set(claim.name, [...(claimants.get(claim.name) ?? []), claim]);
  return [...claimants]
    .filter(([, all]) => all.length > 1)
    .map(([name, all]) => {
      const location = all.findLast(({ entry }) => entry?.origin?.locate !== undefined)?.entry?.origin?.locate?.([]);
      return {
        code: 'duplicate-name',
        message: `${allInWords(all)} claim the ${what} '${name}'; rename one, or take it away`,
        ...(location === undefined ? {} : { location }),
      };
    });
}

/** The claim of a plug-in to a name. */
export function claimOf(entry: PluginEntry, name: string): Claim {
  return { name, by: inWords(entry), entry };
}

/** A problem for each name that several have. */
export function doubleNames(what: string, names: readonly string[]): readonly Problem[] {
  const doubled = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...doubled].map((name) => ({ code: 'duplicate-name', message: `two ${what} are named '${name}'` }));
}

function allInWords(claims: readonly Claim[]): string {
  const claimants = claims.map(({ by }) => by);
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
