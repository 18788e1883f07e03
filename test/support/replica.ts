import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { OwnCluster } from './cluster/own-cluster.js';
import { type Running, startKoreo } from './koreo.js';
import { tempFolder } from './temp-folder.js';

/** The times of the election in tests: short, and with a second between a leader's deadline and its successor. */
export const TIMES = { leaseSeconds: 3, renewDeadlineSeconds: 2, retrySeconds: 0.5 };

/** What each replica works on: every trigger counts its runs, in its own state and in a ConfigMap, several times a second. */
const DEFINITIONS = `
apiVersion: koreo.dev/v1beta1
kind: ValueFunction
metadata: {name: next}
spec:
  return: {count: '=has(inputs.state.count) ? inputs.state.count + 1 : 1'}
---
apiVersion: koreo.dev/v1beta1
kind: ResourceFunction
metadata: {name: counter}
spec:
  apiConfig: {apiVersion: v1, kind: ConfigMap, name: =inputs.name, namespace: default}
  resource:
    data: {count: '=string(inputs.count)'}
  create: {delay: 0}
  update:
    patch: {delay: 0}
---
apiVersion: koreo.dev/v1beta1
kind: Workflow
metadata: {name: counting}
spec:
  crdRef: {apiGroup: election.example.com, version: v1, kind: Tick}
  steps:
    - label: next
      ref: {kind: ValueFunction, name: next}
      inputs: {state: =parent.state}
      state: {count: =value.count}
    - label: counter
      ref: {kind: ResourceFunction, name: counter}
      inputs: {name: =parent.metadata.name, count: =steps.next.count}
`;

const ALWAYS_BUSY = 'loop: {periodSeconds: 0.2, periodJitter: 0.5, stopGraceSeconds: 5}';

/** One `koreo run` of several that compete, known to the API server by a user of its own. */
export class Replica {
  readonly #t: ExecutionContext;
  readonly #folder: string;
  #running: Running;

  private constructor(
    t: ExecutionContext,
    folder: string,
    /** Its user, and the context and the identity that it has. */
    readonly name: string,
  ) {
    this.#t = t;
    this.#folder = folder;
    this.#running = this.#start();
  }

  static start(t: ExecutionContext, cluster: OwnCluster, name: string): Replica {
    const store = `{name: cluster, type: kubernetes, kubeconfig: ${cluster.kubeconfig}, context: ${name}}`;
    const election = JSON.stringify({ store: 'cluster', namespace: 'default', ...TIMES });
    const folder = tempFolder(t, { 'definitions/counting.koreo': DEFINITIONS });
    writeFileSync(
      join(folder, 'koreo.config.yaml'),
      [
        `stores: [${store}, {name: definitions, type: file-system, root: definitions}]`,
        'definitions: [{store: definitions}]',
        'defaultStore: cluster',
        ALWAYS_BUSY,
        `leaderElection: ${election}`,
        '',
      ].join('\n'),
    );
    return new Replica(t, folder, name);
  }

  get running(): Running {
    return this.#running;
  }

  /** What it has told of its leadership, in order: `leading the lease default/koreo, as a_…`. */
  get told(): readonly string[] {
    return this.#running.stdout
      .slice(0, this.#running.stdout.lastIndexOf('\n') + 1)
      .split('\n')
      .flatMap((line) => (line.startsWith('{"type":"leadership"') ? [JSON.parse(line)] : []))
      .map(({ state, message }: { state: string; message: string }) => `${state} ${message}`);
  }

  get leads(): boolean {
    return this.told.at(-1)?.startsWith('leading ') ?? false;
  }

  /** How often it has begun to lead, in all its lives. */
  get terms(): number {
    return this.#past + this.#termsNow;
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGTERM' | 'SIGKILL'): void {
    this.#running.process.kill(signal);
  }

  /** Starts again what has ended. */
  async restart(): Promise<void> {
    await this.#running.ended;
    this.#past += this.#termsNow;
    this.#running = this.#start();
  }
  #past = 0;

  get #termsNow(): number {
    return this.told.filter((line) => line.startsWith('leading ')).length;
  }

  #start(): Running {
    return startKoreo(this.#t, ['run', '-o', 'json'], { cwd: this.#folder, env: { POD_NAME: this.name } });
  }
}
