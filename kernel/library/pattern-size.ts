/** Patterns that are longer are refused. */
const LONGEST_PATTERN = 1000;

/** Patterns with a larger program are refused: making one takes some microseconds for each instruction. */
const LARGEST_PATTERN = 10_000;

const COUNTED = /\{(\d+)(?:,(\d*))?\}/y;
/** An escape, a class of characters, or the beginning of a group, with its flags or its name. */
const ATOM = /\\[pP]\{[^}]*\}|\\.|\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]|\((?:\?[\w-]*:|\?P?<\w+>)?/sy;

/** What is wrong with the size of a pattern, as the end of a sentence about it; undefined when it may be made. */
export function patternExcess(pattern: string): string | undefined {
  if (pattern.length > LONGEST_PATTERN) return `is longer than ${LONGEST_PATTERN} characters`;
  if (patternSize(pattern) > LARGEST_PATTERN) return `repeats so much that it has more than ${LARGEST_PATTERN} parts`;
  return undefined;
}

/**
 * About how many instructions the program of a regular expression has, without making it: counted repetitions multiply what
 * they repeat. What is no regular expression has some size, too.
 */
export function patternSize(pattern: string): number {
  const atom = new RegExp(ATOM);
  const counted = new RegExp(COUNTED);
  const outer: number[] = [];
  let size = 1;
  let last = 0;
  for (let index = 0; index < pattern.length; ) {
    atom.lastIndex = index;
    counted.lastIndex = index;
    const character = pattern.charAt(index);
    const [part = character] = atom.exec(pattern) ?? [];
    const [count = '', least = '1', most = ''] = counted.exec(pattern) ?? [];
    index += Math.max(part.length, count.length);
    if (part.startsWith('(')) {
      outer.push(size);
      size = 2;
      last = 0;
    } else if (character === ')') {
      last = size;
      size += outer.pop() ?? 0;
    } else if (count !== '') {
      const repeated = last * Math.max(Number(least), Number(most), 1);
      size += repeated - last;
      last = repeated;
    } else if (!'*+?'.includes(character)) {
      last = 1;
      size += 1;
    } else size += 1;
  }
  return outer.reduce((sum, before) => sum + before, size);
}
