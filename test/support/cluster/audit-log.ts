import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** One request, as the server saw it. */
export interface AuditEntry {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly userAgent?: string;
  readonly requestURI: string;
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code?: number };
  /** RFC 3339 with microseconds. */
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
}

const POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived', 'ResponseStarted'],
  rules: [{ level: 'Metadata' }],
};

const WRITES: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

/** What the server wrote down of every request: who asked for what, and what came of it. */
export class AuditLog {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** The flags that have a server keep it. */
  flags(policyFile: string): readonly string[] {
    writeFileSync(policyFile, JSON.stringify(POLICY));
    return [`--audit-policy-file=${policyFile}`, `--audit-log-path=${this.#file}`];
  }

  /** Every request that was answered until now, in the order of the answers; a watch when it ends. */
  entries(): readonly AuditEntry[] {
    if (!existsSync(this.#file)) return [];
    const text = readFileSync(this.#file, 'utf8');
    return text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .flatMap(entryIn);
  }

  /** The writes that the server took, of those whose user agent or user is like the pattern. */
  writes(by: RegExp): readonly AuditEntry[] {
    return this.entries().filter(
      ({ responseStatus, user, userAgent, verb }) =>
        WRITES.has(verb) && (responseStatus?.code ?? 0) < 300 && (by.test(userAgent ?? '') || by.test(user.username)),
    );
  }
}

/** The entry of a line; none where a server that was killed left half a line, to which the next one has added its own. */
function entryIn(line: string): readonly AuditEntry[] {
  try {
    return [JSON.parse(line) as AuditEntry];
  } catch {
    return [];
  }
}
