import { getAt, isObject, type JsonObject } from '../../../kernel/plugin.js';

/** The kind that processes compete with. */
export const LEASE = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' } as const;

/** What a Lease says, as an API server gave it. Nobody's times in it are believed: they are for people. */
export interface Lease {
  /** Empty when nobody holds it. */
  readonly holder: string;
  /** How long the holder asks others to wait after its last sign of life; undefined when it says none. */
  readonly seconds: number | undefined;
  /** RFC 3339; since when this holder has it. */
  readonly acquired: string | undefined;
  /** How often it has passed from one holder to another. */
  readonly transitions: number;
  /** Changes with every write. */
  readonly revision: string;
  /** All of it, with what others have put there. */
  readonly object: JsonObject;
}

/** What a holder says of itself. */
export interface Claim {
  readonly holder: string;
  readonly seconds: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether a term begins with it. */
  readonly begins: boolean;
}

/** Reads a Lease as leniently as another client may have written it. */
export function readLease(object: JsonObject): Lease {
  const text = (path: readonly string[]): string | undefined => {
    const found = getAt(object, path);
    return typeof found === 'string' ? found : undefined;
  };
  const number = (path: readonly string[]): number | undefined => {
    const found = getAt(object, path);
    return typeof found === 'number' && found > 0 ? found : undefined;
  };
  return {
    holder: text(['spec', 'holderIdentity']) ?? '',
    seconds: number(['spec', 'leaseDurationSeconds']),
    acquired: text(['spec', 'acquireTime']),
    transitions: number(['spec', 'leaseTransitions']) ?? 0,
    revision: text(['metadata', 'resourceVersion']) ?? '',
    object,
  };
}

/** The Lease as it is to be sent: a new one, or what is there with the claim in it and its revision as the guard. */
export function claimedLease(
  { holder, seconds, now, begins }: Claim,
  over: Lease | undefined,
  key: { readonly name: string; readonly namespace: string },
): JsonObject {
  const spec = over !== undefined && isObject(over.object.spec) ? over.object.spec : {};
  const passes = over !== undefined && holder !== '' && holder !== over.holder;
  const time = microTime(now);
  return {
    ...(over?.object ?? { ...LEASE, metadata: { ...key } }),
    spec: {
      ...spec,
      holderIdentity: holder,
      leaseDurationSeconds: Math.ceil(seconds),
      acquireTime: begins ? time : (over?.acquired ?? time),
      renewTime: time,
      leaseTransitions: (over?.transitions ?? 0) + (passes ? 1 : 0),
    },
  };
}

/** Kubernetes' MicroTime: RFC 3339 with six places. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace(/Z$/, '000Z');
}
