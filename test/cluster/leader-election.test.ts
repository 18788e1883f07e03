import { setTimeout as after } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { asResource, isObject } from 'koreo-kernel';
import type { AuditEntry } from '../support/cluster/audit-log.js';
import type { OwnCluster } from '../support/cluster/own-cluster.js';
import { useOwnCluster } from '../support/cluster/use-cluster.js';
import { eventually } from '../support/eventually.js';
import { Replica, TIMES } from '../support/replica.js';

const NAMES = ['replica-a', 'replica-b'] as const;
const TICKS = 4;
/** How often a leader is stopped. */
const ROUNDS = Number(process.env.KOREO_TEST_STOPS ?? 4);
/** For so long a server holds back its answers, that all triggers are being worked on, and no term runs out. */
const HOLD_MS = 500;
/** What the slowest step of a take-over may take on a busy machine, beyond the times of the election. */
const PATIENCE_MS = 60_000;

const { test } = useOwnCluster({
  auditLog: true,
  controllerManager: false,
  users: NAMES.map((name) => ({ name, groups: ['system:masters'] })),
});

const CRD = asResource({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'ticks.election.example.com' },
  spec: {
    group: 'election.example.com',
    scope: 'Namespaced',
    names: { kind: 'Tick', plural: 'ticks', singular: 'tick' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
});

/** Replicas that compete over work that never ends. */
class Contest {
  readonly replicas: readonly [Replica, Replica];

  private constructor(
    t: ExecutionContext,
    readonly cluster: OwnCluster,
  ) {
    this.replicas = [Replica.start(t, cluster, NAMES[0]), Replica.start(t, cluster, NAMES[1])];
  }

  static async begin(t: ExecutionContext, cluster: OwnCluster): Promise<Contest> {
    t.timeout(300_000 + ROUNDS * 20_000);
    await cluster.apply(CRD);
    await eventually('the kind', async () => {
      const crd = await cluster.get(CRD);
      const conditions = crd?.status?.conditions;
      return (
        Array.isArray(conditions) &&
        conditions.some((one) => isObject(one) && one.type === 'Established' && one.status === 'True')
      );
    });
    for (let tick = 0; tick < TICKS; tick += 1) {
      const metadata = { name: `tick-${tick}`, namespace: 'default' };
      await cluster.apply(asResource({ apiVersion: 'election.example.com/v1', kind: 'Tick', metadata, spec: {} }));
    }
    return new Contest(t, cluster);
  }

  /** The one that leads and writes, when it does. None may be stopped: it would not tell of its end. */
  async leader(): Promise<Replica> {
    const leader = await eventually('a leader', async () => this.replicas.find(({ leads }) => leads), PATIENCE_MS);
    await this.toWork(leader);
    return leader;
  }

  /** Resolves when it leads and goes on writing. */
  async toWork(replica: Replica): Promise<void> {
    await eventually(`${replica.name} to lead`, async () => replica.leads, PATIENCE_MS);
    const before = this.writesOf(replica).length;
    await eventually(`${replica.name} to write`, async () => this.writesOf(replica).length > before + 5, PATIENCE_MS);
  }

  other(than: Replica): Replica {
    return this.replicas[0] === than ? this.replicas[1] : this.replicas[0];
  }

  /** What replicas have asked to be written, in the order in which the server got it; their claims of the Lease do not count. */
  get writes(): readonly Write[] {
    const requests = this.cluster.auditLog
      .entries()
      .filter(({ user, verb }) => {
        const isWrite = ['create', 'update', 'patch', 'delete'].includes(verb);
        return isWrite && NAMES.some((name) => name === user.username);
      })
      .sort((a, b) => (a.requestReceivedTimestamp < b.requestReceivedTimestamp ? -1 : 1));
    let holder = '';
    let term = 0;
    return requests.flatMap((entry, index) => {
      const by = entry.user.username;
      if (entry.objectRef?.resource !== 'leases') {
        const around = requests.slice(Math.max(0, index - 5), index + 6);
        return [{ by, at: Date.parse(entry.requestReceivedTimestamp), entry, around, term, isLate: by !== holder }];
      }
      if ((entry.responseStatus?.code ?? 0) < 300 && by !== holder) {
        holder = by;
        term += 1;
      }
      return [];
    });
  }

  writesOf({ name }: Replica): readonly Write[] {
    return this.writes.filter(({ by }) => by === name);
  }

  async end(): Promise<void> {
    for (const replica of this.replicas) {
      replica.signal('SIGCONT');
      replica.signal('SIGTERM');
    }
    await Promise.all(this.replicas.map(({ running }) => running.ended));
  }
}

/** A write, and who held the Lease, by the server's own log, when the server got it. */
interface Write {
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly entry: AuditEntry;
  /** What the server got right before and after it, the Lease's included. */
  readonly around: readonly AuditEntry[];
  /** Counts the holders until then. */
  readonly term: number;
  /** Whether another held it. */
  readonly isLate: boolean;
}

/** Each time that one replica's writes follow the other's, and the seconds between. What is late begins nothing. */
function handoversIn(writes: readonly Write[]): readonly { readonly to: string; readonly gap: number }[] {
  return writes
    .filter(({ isLate }) => !isLate)
    .flatMap(({ by, at }, index, all) => {
      const before = all[index - 1];
      return before === undefined || before.by === by ? [] : [{ to: by, gap: (at - before.at) / 1000 }];
    });
}

/** A write and what was around it, a line each. */
function storyOf({ entry, around }: Write): string {
  const lines = around.map((one) => {
    const { requestReceivedTimestamp: got, stageTimestamp: done, user, verb, requestURI, responseStatus } = one;
    return `${one === entry ? '>' : ' '} ${got} until ${done} ${user.username} ${verb} ${requestURI} ${responseStatus?.code}`;
  });
  return lines.join('\n');
}

/** Between a leader's deadline and another's first try. What the clock of the log rounds off is forgiven. */
const MARGIN = TIMES.leaseSeconds - TIMES.renewDeadlineSeconds - 0.05;

test('when the leader is killed the other takes over, and only after the lease', async (t, cluster) => {
  const contest = await Contest.begin(t, cluster);
  const first = await contest.leader();
  const second = contest.other(first);
  const held = `standing-by the lease default/koreo is held by ${first.name}_`;
  await eventually('the other to say whom it waits for', async () => second.told.at(-1)?.startsWith(held), PATIENCE_MS);
  t.is(contest.writesOf(second).length, 0);
  const killed = Date.now();
  first.signal('SIGKILL');
  await eventually('the other to lead', async () => second.leads, PATIENCE_MS);
  t.log(`took over ${((Date.now() - killed) / 1000).toFixed(1)} s after the kill`);
  await contest.toWork(second);
  await first.restart();
  await eventually('the first to stand by', async () => first.told.at(-1)?.startsWith('standing-by'), PATIENCE_MS);
  t.is(handoversIn(contest.writes).length, 1);
  t.deepEqual(contest.writes.filter(({ isLate }) => isLate).map(storyOf), []);
  await contest.end();
  t.deepEqual(
    contest.replicas.map(({ running }) => running.process.exitCode),
    [0, 0],
  );
});

test('a leader that is stopped beyond its lease and goes on writes nothing but the one request that it had just let go', async (t, cluster) => {
  const contest = await Contest.begin(t, cluster);
  await contest.leader();
  const from = contest.writes.length;
  for (let round = 1; round <= ROUNDS; round += 1) {
    const old = await contest.leader();
    const next = contest.other(old);
    await after(Math.random() * 1000);
    // The server holds back its answers until all triggers wait for one: so it is stopped, and wakes, in the midst of work.
    cluster.apiServer.pause();
    await after(HOLD_MS);
    cluster.apiServer.resume();
    await after(Math.random() * 20);
    old.signal('SIGSTOP');
    await contest.toWork(next);
    await after(Math.random() * 1000);
    old.signal('SIGCONT');
    await eventually('the old one to notice', async () => old.told.at(-1)?.startsWith('standing-by'), PATIENCE_MS);
    t.true(
      old.told.some((line) => line.startsWith('ended the lease default/koreo')),
      old.told.join('\n'),
    );
    await contest.toWork(next);
  }
  await contest.end();
  const writes = contest.writes.slice(from - 1);
  const handovers = handoversIn(writes);
  const late = writes.filter(({ isLate }) => isLate);
  t.log(`gaps: ${handovers.map(({ gap }) => `${gap.toFixed(2)} s`).join(', ')}; writes: ${writes.length}`);
  for (const write of late) t.log(`late:\n${storyOf(write)}`);
  // Who is stopped in the very moment between the look at the clock and the system call is past all looking, with one request:
  // no other is looked at meanwhile.
  t.is(new Set(late.map(({ term }) => term)).size, late.length, late.map(storyOf).join('\n\n'));
  t.true(handovers.length >= ROUNDS, `${handovers.length} changes of hands`);
  for (const { gap } of handovers) t.true(gap >= MARGIN, `${gap} s`);
});

test('a leader that is told to end finishes its work, releases the lease, and the other goes on at once', async (t, cluster) => {
  const contest = await Contest.begin(t, cluster);
  const first = await contest.leader();
  const second = contest.other(first);
  await eventually('the other to stand by', async () => second.told.length > 0, PATIENCE_MS);
  const told = Date.now();
  first.signal('SIGTERM');
  const { code, stdout } = await first.running.ended;
  t.is(code, 0);
  t.regex(stdout, /"state":"ended","message":"the lease default\/koreo was given up"/);
  const released = Date.now();
  await eventually('the other to lead', async () => second.leads, PATIENCE_MS);
  t.log(`ended after ${released - told} ms; the other led ${Date.now() - released} ms later`);
  t.true(Date.now() - released < TIMES.leaseSeconds * 1000, 'sooner than the lease would have run out');
  await contest.toWork(second);
  await contest.end();
});

test('while the API server is away nobody writes and nobody exits, and when it is back one leads', async (t, cluster) => {
  const contest = await Contest.begin(t, cluster);
  const first = await contest.leader();
  await cluster.apiServer.kill();
  await eventually('the leader to stop', async () => !first.leads, PATIENCE_MS);
  const waits = (replica: Replica) => async () => replica.told.at(-1)?.includes('cannot be asked for: ');
  for (const replica of contest.replicas) await eventually('what it waits for', waits(replica), PATIENCE_MS);
  t.deepEqual(
    contest.replicas.map(({ running }) => running.process.exitCode),
    [null, null],
  );
  await cluster.apiServer.start();
  t.truthy(await contest.leader());
  await contest.end();
});
