/** Numbers from 0 up to 1 that look like chance: the same seed gives the same ones, everywhere. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  // Mulberry32: small, and well spread.
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
