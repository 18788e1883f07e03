import {
  asJson,
  compareExactly,
  type Difference,
  formatPath,
  getKey,
  isObject,
  isSecretPath,
  type Json,
  type JsonObject,
  type Resource,
} from '../../kernel/index.js';

/** What changes with every write, or is somebody else's to say. */
const NOT_THE_AUTHORS = ['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'managedFields'];

/** Where two states of a resource differ in what its author says. */
export function changedBetween(before: Resource, after: Resource): readonly Difference[] {
  return compareExactly(authored(after), authored(before));
}

/** A difference as a line: `spec.replicas: 2 → 3`. Values of Secrets are hidden. */
export function changeLine({ path, target, actual }: Difference, kind: string): string {
  const secret = isSecretPath(kind, path);
  const [before, after] = [shown(actual, secret), shown(target, secret)];
  return `${formatPath(path)}: ${before} → ${after}`;
}

const LONGEST = 80;

function shown(value: Json | undefined, secret: boolean): string {
  if (value === undefined) return 'nothing';
  if (secret) return 'hidden';
  const text = JSON.stringify(value);
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}

function authored(resource: Resource): JsonObject {
  const { status: _status, metadata, ...rest } = asJson(resource);
  const kept = Object.entries(isObject(metadata) ? metadata : {}).filter(([key]) => !NOT_THE_AUTHORS.includes(key));
  return { ...rest, metadata: withoutEmpty(Object.fromEntries(kept)) };
}

/** No labels and labels that are empty are the same. */
function withoutEmpty(metadata: JsonObject): JsonObject {
  const isEmpty = (key: string): boolean => {
    const value = getKey(metadata, key);
    return isObject(value) && Object.keys(value).length === 0;
  };
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !isEmpty(key)));
}
