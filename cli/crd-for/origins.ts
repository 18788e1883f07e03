import type { Path, Template } from '../../kernel/index.js';
import { ITEM, type Segment } from './shape.js';

/** A place in the trigger that a value comes from as it is. */
export interface Origin {
  readonly path: readonly Segment[];
  /** How many of the last segments the reader itself has named; those before were read by whoever passed the value on. */
  readonly named: number;
}

/** Where in the trigger the value of a path comes from, as far as it can be known; nowhere when it is computed. */
export type Origins = (path: Path) => readonly Origin[];

/** Values that come from nowhere that is known. */
export const UNKNOWN: Origins = () => [];

/** The origins of names in scope, each with what its value comes from. */
export function scopeOf(names: Readonly<Record<string, Origins>>): Origins {
  return remembered(([root, ...rest]) => names[String(root)]?.(rest) ?? []);
}

/** The trigger itself. An index of a list stands for any item. */
export const TRIGGER: Origins = (path) => [
  { path: path.map((segment): Segment => (typeof segment === 'number' ? ITEM : segment)), named: path.length },
];

/** What a template gives, its expressions seen in a scope. */
export function throughTemplate(template: Template | undefined, scope: Origins): Origins {
  return (path) =>
    (template?.expressions ?? []).flatMap(({ path: place, expression }) => {
      const gives = expression.program.gives ?? [];
      if (startsWith(path, place)) return gives.flatMap((given) => following(scope, given, path.slice(place.length)));
      // Read as a whole, with the expression somewhere in it.
      return startsWith(place, path) ? gives.flatMap((given) => following(scope, given, [])) : [];
    });
}

/** The origins of what lies at a path inside of a value that is passed on. */
export function following(scope: Origins, given: Path, inside: Path): readonly Origin[] {
  return scope([...given, ...inside]).map(({ named, path }) => ({ path, named: Math.min(named, inside.length) }));
}

/** All that any of them gives. */
export function anyOf(several: readonly Origins[]): Origins {
  return (path) => several.flatMap((origins) => origins(path));
}

/** Whether the path leads into what lies at the other, or there. */
export function startsWith(path: Path, start: Path): boolean {
  return start.every((segment, index) => path[index] === segment);
}

/** Asks once for each path, and tells each place once: in a long chain of steps there may be very many ways to one. */
function remembered(origins: Origins): Origins {
  const known = new Map<string, readonly Origin[]>();
  return (path) => {
    const key = JSON.stringify(path);
    const before = known.get(key);
    if (before !== undefined) return before;
    const places = new Map(origins(path).map((origin) => [placeKey(origin), origin]));
    const found = [...places.values()];
    known.set(key, found);
    return found;
  };
}

function placeKey({ named, path }: Origin): string {
  return JSON.stringify([named, path.map((segment) => (segment === ITEM ? 0 : segment))]);
}
