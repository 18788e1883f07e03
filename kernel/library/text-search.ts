import type { Budget } from '../contracts/budget.js';
import { textSteps } from './text-steps.js';

/** Up to so many comparisons of characters, the search of the platform is the fastest, whatever the texts. */
const FEW_COMPARISONS = 16_384;

/** How many comparisons one step pays for. */
const COMPARISONS_PER_STEP = 128;

/** How much longer going over a text once for a part takes than other work on its characters. */
const ONE_PASS_FACTOR = 4;

/** What finding a part and cutting it out takes. */
const STEPS_PER_PART = 3;

/**
 * The steps that looking for a part in a text costs. The platform's search may make nearly all comparisons that there are,
 * for texts that are made for it; where these are many, {@link indexOfText} goes over the text once.
 */
export function searchSteps(textLength: number, partLength: number): number {
  if (isShort(textLength, partLength)) {
    return textSteps(textLength) + Math.floor((textLength * partLength) / COMPARISONS_PER_STEP);
  }
  return ONE_PASS_FACTOR * textSteps(textLength + partLength);
}

/** Where a part first stands in a text, from an offset on; -1 where it does not. In linear time; pay {@link searchSteps}. */
export function indexOfText(text: string, part: string, from = 0): number {
  if (isShort(text.length, part.length)) return text.indexOf(part, from);
  return new Occurrences(part).next(text, from);
}

/** Where a part last stands in a text, beginning no later than an offset; -1 where it does not. As {@link indexOfText}. */
export function lastIndexOfText(text: string, part: string, from = text.length): number {
  if (isShort(text.length, part.length)) return text.lastIndexOf(part, from);
  const occurrences = new Occurrences(part);
  let last = -1;
  for (let at = occurrences.next(text, 0); at >= 0 && at <= from; at = occurrences.again(text, at)) last = at;
  return last;
}

/**
 * The parts of a text between separators that are not empty, as many as a limit allows, the last of which holds the rest.
 * @throws LimitExceededError while they are being made; pay {@link searchSteps} before
 */
export function splitText(text: string, separator: string, budget: Budget, most = Number.POSITIVE_INFINITY): string[] {
  const occurrences = isShort(text.length, separator.length) ? undefined : new Occurrences(separator);
  const parts: string[] = [];
  let start = 0;
  while (parts.length + 1 < most) {
    const at = occurrences === undefined ? text.indexOf(separator, start) : occurrences.next(text, start);
    if (at < 0) break;
    parts.push(text.slice(start, at));
    budget.spend(STEPS_PER_PART);
    budget.checkItems(parts.length);
    start = at + separator.length;
  }
  parts.push(text.slice(start));
  budget.spend(STEPS_PER_PART);
  budget.checkItems(parts.length);
  return parts;
}

/**
 * The text with a part that is not empty replaced, at most so many times; its size is checked before it is made, and while
 * what stays is cut out. Pay {@link searchSteps} before. @throws LimitExceededError
 */
export function replaceText(
  text: string,
  [part, other]: readonly [string, string],
  budget: Budget,
  most = Number.POSITIVE_INFINITY,
): string {
  const occurrences = isShort(text.length, part.length) ? undefined : new Occurrences(part);
  const pieces: string[] = [];
  let size = text.length;
  let start = 0;
  while (pieces.length < most) {
    const at = occurrences === undefined ? text.indexOf(part, start) : occurrences.next(text, start);
    if (at < 0) break;
    size += other.length - part.length;
    budget.spend(STEPS_PER_PART);
    budget.checkString(size - (text.length - at));
    pieces.push(text.slice(start, at));
    start = at + part.length;
  }
  pieces.push(text.slice(start));
  budget.checkString(size);
  budget.spend(textSteps(size));
  return pieces.join(other);
}

function isShort(textLength: number, partLength: number): boolean {
  return partLength <= 8 || textLength * partLength <= FEW_COMPARISONS;
}

/** The search of Knuth, Morris and Pratt: it never goes back in the text. */
class Occurrences {
  readonly #units: Uint16Array;
  /** For each beginning of the part, how much of its end is a beginning of the part, too. */
  readonly #borders: Int32Array;

  constructor(part: string) {
    const { length } = part;
    const units = new Uint16Array(length);
    for (let index = 0; index < length; index++) units[index] = part.charCodeAt(index);
    this.#units = units;
    const borders = new Int32Array(length + 1);
    for (let index = 1, matched = 0; index < length; index++) {
      while (matched > 0 && units[index] !== units[matched]) matched = borders[matched] ?? 0;
      if (units[index] === units[matched]) matched++;
      borders[index + 1] = matched;
    }
    this.#borders = borders;
  }

  /** The first occurrence from an offset on; -1 for none. */
  next(text: string, from: number): number {
    return this.#find(text, from, 0);
  }

  /** The one that follows an occurrence, which it may overlap. */
  again(text: string, at: number): number {
    return this.#find(text, at + this.#units.length, this.#borders.at(-1) ?? 0);
  }

  #find(text: string, from: number, start: number): number {
    const units = this.#units;
    const borders = this.#borders;
    const end = text.length;
    let matched = start;
    for (let index = from; index < end; index++) {
      const unit = text.charCodeAt(index);
      while (matched > 0 && unit !== units[matched]) matched = borders[matched] ?? 0;
      if (unit === units[matched] && ++matched === units.length) return index + 1 - matched;
    }
    return -1;
  }
}
