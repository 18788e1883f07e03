/** How many characters of a text are worked through for the price of one evaluation step. */
const CHARACTERS_PER_STEP = 64;

/** How many comparisons of characters a search may make for the price of one step. */
const COMPARISONS_PER_STEP = 4096;

/** The evaluation steps that working through a text of that length costs. */
export function textSteps(length: number): number {
  return 1 + Math.floor(length / CHARACTERS_PER_STEP);
}

/** The steps that looking for a part in a text costs. Texts can be made that need nearly all comparisons that there are. */
export function searchSteps(textLength: number, partLength: number): number {
  return textSteps(textLength) + Math.floor((textLength * partLength) / COMPARISONS_PER_STEP);
}
