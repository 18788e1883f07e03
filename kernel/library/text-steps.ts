/** How many characters of a text are worked through for the price of one evaluation step. */
const CHARACTERS_PER_STEP = 64;

/** The evaluation steps that working through a text of that length costs. */
export function textSteps(length: number): number {
  return 1 + Math.floor(length / CHARACTERS_PER_STEP);
}
