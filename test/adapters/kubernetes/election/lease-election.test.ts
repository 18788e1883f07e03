import test, { type ExecutionContext } from 'ava';
import { FencedError, ForbiddenError, type JsonObject, UnavailableError } from 'koreo-kernel';
import { VirtualClock } from 'koreo-kernel/testing';
import { LeaseElection } from '../../../../adapters/kubernetes/election/lease-election.js';
import { Candidate } from './candidate.js';
import { LeaseServer } from './lease-server.js';
import type { ClockError } from './process-clock.js';

const SECOND = 1000;

/** Candidates around one server, in virtual time. */
class Scene {
  readonly world = new VirtualClock({ seed: 7 });
  readonly server = new LeaseServer(this.world);
  readonly candidates: Candidate[] = [];

  enter(name: string, error?: ClockError): Candidate {
    const candidate = new Candidate(name, this.world, this.server, error);
    this.candidates.push(candidate);
    return candidate;
  }

  async pass(seconds: number): Promise<void> {
    await this.world.advance(seconds * SECOND);
  }

  /** Seconds until it holds, looked at ten times a second. */
  async until(holds: () => boolean): Promise<number> {
    for (let tenths = 0; tenths < 1000; tenths += 1) {
      if (holds()) return tenths / 10;
      await this.pass(0.1);
    }
    throw new Error('it does not come to hold');
  }

  async end(): Promise<void> {
    for (const candidate of this.candidates) candidate.clock.goOn();
    const ends = Promise.all(this.candidates.map((candidate) => candidate.end()));
    await this.pass(30);
    await ends;
  }
}

/** A test on a scene of its own, at whose end no process leaves a timer behind. */
function scene(title: string, play: (t: ExecutionContext, scene: Scene) => Promise<void>): void {
  test(title, async (t) => {
    const stage = new Scene();
    await play(t, stage);
    await stage.end();
    t.is(Math.max(...stage.candidates.map(({ clock }) => clock.pending)), 0);
  });
}

scene(
  'the first that comes takes the Lease, and says in it who holds it, since when and for how long',
  async (t, scene) => {
    const a = scene.enter('pod-a');
    await scene.pass(1);
    t.true(a.leads);
    const lease = scene.server.lease() as JsonObject & { spec: JsonObject };
    t.like(lease, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'koreo', namespace: 'koreo' },
      spec: {
        leaseDurationSeconds: 15,
        acquireTime: '2026-01-01T00:00:00.002000Z',
        renewTime: '2026-01-01T00:00:00.002000Z',
        leaseTransitions: 0,
      },
    });
    t.regex(String(lease.spec.holderIdentity), /^pod-a_[0-9a-f]{8}$/);
    t.is(a.term?.title, `the lease koreo/koreo, as ${lease.spec.holderIdentity}`);
  },
);

scene('a leader renews, goes on to lead, and what others have put into the Lease stays in it', async (t, scene) => {
  const a = scene.enter('pod-a');
  await scene.pass(1);
  scene.server.edit((lease) => ({ ...lease, metadata: { ...(lease.metadata as JsonObject), labels: { team: 'x' } } }));
  await scene.pass(600);
  t.is(a.terms, 1);
  t.true(a.mayWrite());
  t.like(scene.server.lease()?.metadata, { labels: { team: 'x' } });
  const { acquireTime, renewTime } = scene.server.spec;
  t.is(acquireTime, '2026-01-01T00:00:00.002000Z');
  t.true(String(renewTime) > '2026-01-01T00:09:58');
  const renewals = scene.server.log.filter((line) => line === 'PUT pod-a ok').length;
  t.true(renewals >= 300 && renewals <= 376, `${renewals}, every 1.6 to 2 s`);
});

scene('a second one stands by, and says once what it waits for', async (t, scene) => {
  scene.enter('pod-a');
  await scene.pass(1);
  const b = scene.enter('pod-b');
  await scene.pass(300);
  t.false(b.leads);
  t.is(b.waits.length, 1);
  t.regex(b.waits[0] ?? '', /^the lease koreo\/koreo is held by pod-a_[0-9a-f]{8}$/);
});

scene('after a release the next one leads within the time between two tries', async (t, scene) => {
  const a = scene.enter('pod-a');
  await scene.pass(1);
  const b = scene.enter('pod-b');
  await scene.pass(10);
  const ended = a.end();
  await scene.world.settle();
  t.false(a.mayWrite());
  t.regex(a.reason, /the lease koreo\/koreo was given up$/);
  t.true((await scene.until(() => b.leads)) <= 2);
  await ended;
  t.deepEqual(scene.server.spec.leaseTransitions, 1);
  const released = scene.server.log.indexOf('PUT nobody ok');
  t.true(released > 0);
  t.deepEqual(
    scene.server.log.slice(released).filter((line) => line.includes('pod-a')),
    [],
    'nothing of the old one comes after its release',
  );
});

scene('a released Lease has no holder, and asks nobody to wait', async (t, scene) => {
  const a = scene.enter('pod-a');
  await scene.pass(1);
  const ended = a.end();
  await scene.pass(1);
  await ended;
  t.like(scene.server.spec, { holderIdentity: '', leaseDurationSeconds: 1, leaseTransitions: 0 });
});

scene(
  'when the leader dies, another one leads after the lease and a try, and not before the lease',
  async (t, scene) => {
    const a = scene.enter('pod-a');
    await scene.pass(1);
    const b = scene.enter('pod-b');
    const c = scene.enter('pod-c');
    await scene.pass(30);
    a.clock.stop();
    const took = await scene.until(() => b.leads || c.leads);
    t.true(took >= 13 && took <= 17.1, `${took} s`);
    await scene.pass(60);
    t.true(b.leads !== c.leads, 'one of the two');
  },
);

scene(
  'a process that was stopped beyond its lease may not write when it goes on, before any of its timers has fired',
  async (t, scene) => {
    const a = scene.enter('pod-a');
    await scene.pass(1);
    const b = scene.enter('pod-b');
    await scene.pass(10);
    a.clock.stop();
    await scene.pass(9);
    t.false(a.term?.ended.aborted);
    t.true(a.mayWrite(), 'its time is not over');
    await scene.pass(51);
    t.true(b.leads);
    t.false(a.term?.ended.aborted, 'nothing has told it so');
    t.throws(() => a.term?.check(), { instanceOf: FencedError });
    t.true(a.term?.ended.aborted);
    t.true(a.term?.ended.reason instanceof FencedError);
    a.clock.goOn();
    await scene.pass(60);
    t.true(b.leads);
    t.is(a.terms, 1);
    t.regex(a.waits.at(-1) ?? '', /held by pod-b_/);
  },
);

scene(
  'a leader that cannot renew ends its term at the deadline, counted from when its last success was sent',
  async (t, scene) => {
    const a = scene.enter('pod-a');
    await scene.pass(1);
    const sent = new Map<number, number>();
    let refuse = false;
    scene.server.weather = ({ method }) => {
      if (refuse) throw new UnavailableError('https://api cannot be reached: nothing listens there (ECONNREFUSED)');
      if (method === 'PUT') sent.set(sent.size, scene.world.monotonic());
      return { there: 400, back: 400 };
    };
    await scene.pass(20);
    refuse = true;
    await scene.until(() => !a.leads);
    const last = [...sent.values()].at(-1) ?? 0;
    const lasted = (scene.world.monotonic() - last) / SECOND;
    t.true(lasted >= 10 && lasted <= 10.1, `${lasted} s`);
    t.regex(a.reason, /was not renewed for 10 s: https:\/\/api cannot be reached/);
  },
);

scene(
  'an API server that is away for minutes ends no competition; each one says what it waits for',
  async (t, scene) => {
    const a = scene.enter('pod-a');
    await scene.pass(1);
    const b = scene.enter('pod-b');
    await scene.pass(10);
    scene.server.weather = () => {
      throw new UnavailableError('https://api cannot be reached: nothing listens there (ECONNREFUSED)');
    };
    await scene.pass(300);
    t.deepEqual([a.leads, b.leads], [false, false]);
    const why =
      'the lease koreo/koreo cannot be asked for: https://api cannot be reached: nothing listens there (ECONNREFUSED)';
    t.is(a.waits.at(-1), why);
    t.is(b.waits.at(-1), why);
    scene.server.weather = () => ({ there: 1, back: 1 });
    await scene.pass(5);
    t.true(a.leads !== b.leads);
  },
);

scene(
  'a server that takes requests and does not answer costs the leadership as one that is away does',
  async (t, scene) => {
    const a = scene.enter('pod-a');
    await scene.pass(1);
    scene.server.weather = () => ({ there: 3_600_000, back: 1 });
    await scene.pass(11);
    t.false(a.leads);
    t.regex(a.reason, /not renewed for 10 s: no answer came within 5 s/);
    await scene.pass(10);
    t.regex(a.waits.at(-1) ?? '', /no answer came within 5 s/);
    scene.server.weather = () => ({ there: 1, back: 1 });
    await scene.pass(10);
    t.true(a.leads);
    await scene.pass(3600);
    t.true(a.leads, 'what arrives an hour later is refused by its revision');
  },
);

scene('no permission is told in the words of the server, and is tried again', async (t, scene) => {
  scene.server.weather = () => {
    throw new ForbiddenError('leases.coordination.k8s.io "koreo" is forbidden: User "x" cannot get resource "leases"');
  };
  const a = scene.enter('pod-a');
  await scene.pass(10);
  t.deepEqual(a.waits, [
    'the lease koreo/koreo cannot be asked for: leases.coordination.k8s.io "koreo" is forbidden: User "x" cannot get resource "leases"',
  ]);
  scene.server.weather = () => ({ there: 1, back: 1 });
  await scene.pass(3);
  t.true(a.leads);
});

scene('of several that try at once one wins, and the others stand by', async (t, scene) => {
  scene.server.weather = () => ({ there: 100, back: 100 });
  for (const name of ['a', 'b', 'c', 'd', 'e']) scene.enter(`pod-${name}`);
  await scene.pass(3);
  t.is(scene.candidates.filter(({ leads }) => leads).length, 1);
  t.is(scene.server.log.filter((line) => line.startsWith('POST') && line.endsWith('AlreadyExistsError')).length, 4);
  scene.server.edit((lease) => ({ ...lease, spec: { ...(lease.spec as JsonObject), holderIdentity: '' } }));
  await scene.pass(60);
  t.is(scene.candidates.filter((candidate) => candidate.mayWrite()).length, 1);
});

scene('a renewal that was done although its answer was lost is found again, and costs nothing', async (t, scene) => {
  const a = scene.enter('pod-a');
  await scene.pass(1);
  let lost = 0;
  scene.server.weather = ({ method }) => {
    if (method !== 'PUT' || lost > 0) return { there: 1, back: 1 };
    lost += 1;
    return { there: 1, back: 1, lost: 'answer' };
  };
  await scene.pass(60);
  t.is(a.terms, 1);
  t.true(a.mayWrite());
  t.true(scene.server.log.includes('PUT pod-a ConflictError'));
});

scene('hours between the clocks of two machines, and a clock that is set, change nothing', async (t, scene) => {
  const a = scene.enter('pod-a', { skew: -5 * 3600 * SECOND });
  await scene.pass(1);
  const b = scene.enter('pod-b', { skew: 7 * 3600 * SECOND });
  await scene.pass(120);
  t.deepEqual([a.terms, b.terms], [1, 0]);
  a.clock.setWallClock({ by: -2 * 3600 * SECOND });
  b.clock.setWallClock({ by: 9 * 3600 * SECOND });
  await scene.pass(120);
  t.deepEqual([a.terms, b.terms], [1, 0]);
  t.true(a.mayWrite());
});

scene('a machine that slept knows it by its wall clock, although its monotonic one stood still', async (t, scene) => {
  const a = scene.enter('pod-a');
  await scene.pass(1);
  // To the process a sleep is a leap of the wall clock with nothing in between.
  a.clock.setWallClock({ by: 11 * SECOND });
  t.false(a.mayWrite());
});

scene(
  'a Lease that somebody deletes is made again by who holds it, and is not taken by who has just seen it held',
  async (t, scene) => {
    const a = scene.enter('pod-a');
    await scene.pass(1);
    const b = scene.enter('pod-b');
    await scene.pass(10);
    scene.server.edit(() => undefined);
    await scene.pass(30);
    t.deepEqual([a.terms, b.terms], [1, 0]);
    t.true(a.mayWrite());
    t.is(scene.server.log.filter((line) => line === 'POST pod-a ok').length, 2);
    scene.server.edit(() => undefined);
    a.clock.stop();
    const took = await scene.until(() => b.leads);
    t.true(took >= 12 && took <= 17.1, `${took} s`);
  },
);

scene('a leader that sees somebody else in its Lease stops at once', async (t, scene) => {
  const a = scene.enter('pod-a');
  await scene.pass(1);
  scene.server.edit((lease) => ({ ...lease, spec: { ...(lease.spec as JsonObject), holderIdentity: 'intruder' } }));
  t.true((await scene.until(() => !a.leads)) <= 2.1);
  t.regex(a.reason, /the lease koreo\/koreo is held by intruder$/);
});

scene('how long to wait is what the holder asks for, and not what the one who waits is set to', async (t, scene) => {
  scene.server.edit(() => ({
    metadata: { name: 'koreo', namespace: 'koreo' },
    spec: { holderIdentity: 'other_version', leaseDurationSeconds: 40 },
  }));
  const a = scene.enter('pod-a');
  const took = await scene.until(() => a.leads);
  t.true(took >= 40 && took <= 40.2, `${took} s`);
});

scene('two processes that were given one name do not take each other for themselves', async (t, scene) => {
  const a = scene.enter('pod');
  await scene.pass(1);
  const b = scene.enter('pod');
  await scene.pass(120);
  t.deepEqual([a.mayWrite(), b.terms], [true, 0]);
});

scene('who is told to end while it stands by ends at once, and leaves the Lease alone', async (t, scene) => {
  scene.enter('pod-a');
  await scene.pass(1);
  const b = scene.enter('pod-b');
  await scene.pass(5);
  const before = scene.server.log.length;
  await b.end();
  t.is(scene.server.log.length, before);
});

scene('a release that the server does not take is not insisted on', async (t, scene) => {
  const a = scene.enter('pod-a');
  await scene.pass(1);
  scene.server.weather = () => ({ there: 3_600_000, back: 1 });
  const started = scene.world.monotonic();
  const ended = a.end().then(() => scene.world.monotonic() - started);
  await scene.pass(30);
  t.true((await ended) <= 10 * SECOND);
});

test('times that make no sense together are refused', (t) => {
  const parts = { api: new LeaseServer(new VirtualClock()).client(new VirtualClock()), clock: new VirtualClock() };
  const times = { leaseSeconds: 10, renewDeadlineSeconds: 10, retrySeconds: 2 };
  const make = () =>
    new LeaseElection({ name: 'x', identity: 'a', ...times }, { ...parts, defaultNamespace: async () => 'default' });
  t.throws(make, {
    instanceOf: RangeError,
    message: /leaseSeconds \(10\) must be longer than renewDeadlineSeconds \(10\)/,
  });
});

test('the namespace of the store is that of the Lease when none is named, and is asked for until it is known', async (t) => {
  const world = new VirtualClock();
  const server = new LeaseServer(world);
  let asked = 0;
  const election = new LeaseElection(
    { name: 'koreo', identity: 'a', leaseSeconds: 15, renewDeadlineSeconds: 10, retrySeconds: 2 },
    {
      api: server.client(world),
      clock: world,
      defaultNamespace: async () => {
        asked += 1;
        if (asked === 1) throw new UnavailableError('the kubeconfig cannot be read');
        return 'team';
      },
    },
  );
  const waits: string[] = [];
  const leading = election.lead(new AbortController().signal, (why) => waits.push(why));
  await world.advance(5 * SECOND);
  const term = await leading;
  t.deepEqual(waits, ['the lease koreo cannot be asked for: the kubeconfig cannot be read']);
  t.truthy(server.lease('koreo', 'team'));
  const released = term.release();
  await world.advance(SECOND);
  await released;
});
