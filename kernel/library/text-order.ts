const PIECE = 256;

/** The order of two texts by code point, which differs from JavaScript's own beyond the basic plane. */
export function compareText(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  for (let index = equalBeginning(a, b, end); index < end; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** How much of two texts is equal, by large pieces: the platform compares these faster than one can read them. */
function equalBeginning(a: string, b: string, end: number): number {
  let index = 0;
  while (index + PIECE <= end && a.slice(index, index + PIECE) === b.slice(index, index + PIECE)) index += PIECE;
  return index;
}

/** Surrogates stand for code points beyond all other units. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
