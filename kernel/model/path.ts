/** Where a value stands inside another: mapping keys and list indexes, outermost first. */
export type Path = readonly (string | number)[];

/** The path to what lies under a key or an index of what a path leads to. It has no room to grow, as one that is spread has: definitions keep very many. */
export function pathTo(path: Path, segment: string | number): Path {
  return path.concat(segment);
}

const PLAIN_KEY = /^[A-Za-z_$][\w$-]*$/;

/** A path as users write it: `spec.steps[0].inputs["app.kubernetes.io/name"]`. */
export function formatPath(path: Path): string {
  let text = '';
  for (const segment of path) {
    if (typeof segment === 'number') text += `[${segment}]`;
    else if (!PLAIN_KEY.test(segment)) text += `[${JSON.stringify(segment)}]`;
    else text += text === '' ? segment : `.${segment}`;
  }
  return text;
}
