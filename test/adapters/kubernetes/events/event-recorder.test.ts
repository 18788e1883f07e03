import test from 'ava';
import {
  FencedError,
  ForbiddenError,
  isObject,
  type JsonObject,
  NotFoundError,
  type Notice,
  type Resource,
  UnavailableError,
  UnknownKindError,
} from 'koreo-kernel';
import { VirtualClock } from 'koreo-kernel/testing';
import type { ApiRequest } from '../../../../adapters/kubernetes/api/api-client.js';
import { EventRecorder } from '../../../../adapters/kubernetes/events/event-recorder.js';
import { Gate } from '../../../support/gate.js';

const ORDER: Resource = {
  apiVersion: 'shop.example/v1',
  kind: 'Order',
  metadata: { name: 'one', namespace: 'shop', uid: 'u1' },
};

function notice(message: string, more: Partial<Notice> = {}): Notice {
  return { type: 'Normal', reason: 'Ready', action: 'Reconcile', message, ...more };
}

/** A recorder in virtual time, and what it sends. */
class Desk {
  readonly clock = new VirtualClock();
  readonly sent: ApiRequest[] = [];
  /** What the next requests fail with, one after the other. */
  readonly failures: (Error | undefined)[] = [];
  /** Every answer waits for it, where there is one. */
  gate: Gate | undefined;
  readonly recorder = new EventRecorder({
    clock: this.clock,
    reporter: { controller: 'koreo.dev/koreo', instance: 'pod-a' },
    client: { send: (request) => this.#send(request) },
  });

  async #send(request: ApiRequest): Promise<JsonObject> {
    this.sent.push(request);
    await this.gate?.opened;
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    return {};
  }

  /** The body of a request, by its number. */
  body(index: number): JsonObject {
    const body = this.sent[index]?.body;
    return isObject(body) ? body : {};
  }

  /** The name of the Event that a request makes. */
  name(index: number): string {
    const { metadata } = this.body(index);
    return isObject(metadata) ? String(metadata.name) : '';
  }

  async tell(...notices: readonly Notice[]): Promise<void> {
    for (const one of notices) this.recorder.record(ORDER, one);
    await this.clock.settle();
  }

  /** What was sent, as `create NOTE` and `patch COUNT`. */
  get story(): readonly string[] {
    return this.sent.map(({ verb, body }) => {
      if (!isObject(body)) return verb;
      const { note, message, series, count } = body;
      const times = isObject(series) ? ` ${series.count}` : count === undefined ? '' : ` ${count}`;
      return `${verb}${note === undefined && message === undefined ? '' : ` ${note ?? message}`}${times}`;
    });
  }
}

test('a notice becomes an Event about its object, in the namespace of the object', async (t) => {
  const desk = new Desk();
  await desk.tell(notice('ready.', { type: 'Warning', reason: 'Failure' }));
  const [request] = desk.sent;
  t.is(request?.path, '/apis/events.k8s.io/v1/namespaces/shop/events');
  t.is(request?.method, 'POST');
  const { metadata, ...event } = desk.body(0);
  t.like(metadata, { namespace: 'shop' } as never);
  t.regex(desk.name(0), /^one\.[0-9a-f]{16,}$/);
  t.deepEqual(event, {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    eventTime: '2026-01-01T00:00:00.000000Z',
    type: 'Warning',
    reason: 'Failure',
    action: 'Reconcile',
    note: 'ready.',
    regarding: { apiVersion: 'shop.example/v1', kind: 'Order', name: 'one', namespace: 'shop', uid: 'u1' },
    reportingController: 'koreo.dev/koreo',
    reportingInstance: 'pod-a',
  });
});

test('an Event about what has no namespace lies in default; a name that no Event may have is left out of its name', async (t) => {
  const desk = new Desk();
  desk.recorder.record(
    { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'system:Odd/one', uid: 'u2' } },
    notice('hello'),
  );
  await desk.clock.settle();
  t.is(desk.sent[0]?.path, '/api/v1/namespaces/default/events');
  t.regex(desk.name(0), /^thing\.[0-9a-f]+$/);
  t.deepEqual(desk.body(0).involvedObject, { apiVersion: 'v1', kind: 'Thing', name: 'system:Odd/one', uid: 'u2' });
});

test('what is told again is counted up in the Event that is there', async (t) => {
  const desk = new Desk();
  await desk.tell(notice('ready'));
  await desk.clock.advance(60_000);
  await desk.tell(notice('ready'));
  await desk.tell(notice('not ready'));
  await desk.tell(notice('ready'));
  t.deepEqual(desk.story, ['create ready', 'patch 2', 'create not ready', 'patch 3']);
  const [, patched] = desk.sent;
  t.is(patched?.path, `/apis/events.k8s.io/v1/namespaces/shop/events/${desk.name(0)}`);
  t.is(patched?.contentType, 'application/merge-patch+json');
  t.deepEqual(patched?.body, { series: { count: 2, lastObservedTime: '2026-01-01T00:01:00.000000Z' } });
});

test('what is told at one moment is one request', async (t) => {
  const desk = new Desk();
  await desk.tell(notice('ready'), notice('ready'), notice('ready'));
  t.deepEqual(desk.story, ['create ready 3']);
});

test('more than ten messages of one reason within ten minutes are told together; later ones by themselves again', async (t) => {
  const desk = new Desk();
  for (let number = 1; number <= 13; number += 1) await desk.tell(notice(`waits for ${number}`));
  t.deepEqual(desk.story.slice(9), [
    'create waits for 10',
    'create (combined from similar events): waits for 11',
    'patch 2',
    'patch 3',
  ]);
  await desk.tell(notice('another reason', { reason: 'Failure' }));
  t.is(desk.story.at(-1), 'create another reason');
  await desk.clock.advance(601_000);
  await desk.tell(notice('waits for 14'));
  t.is(desk.story.at(-1), 'create waits for 14');
});

test('an object that never comes to rest has 25 Events, then one each five minutes; others have theirs', async (t) => {
  const desk = new Desk();
  for (let number = 0; number < 100; number += 1) await desk.tell(notice('again'));
  t.is(desk.sent.length, 25);
  desk.recorder.record({ ...ORDER, metadata: { ...ORDER.metadata, name: 'two', uid: 'u2' } }, notice('again'));
  await desk.clock.settle();
  t.is(desk.sent.length, 26);
  await desk.clock.advance(300_000);
  await desk.tell(notice('again'), notice('again'));
  t.is(desk.sent.length, 27);
});

test('an Event that the server keeps no more is begun anew', async (t) => {
  const desk = new Desk();
  await desk.tell(notice('ready'));
  desk.failures.push(new NotFoundError('expired'));
  await desk.tell(notice('ready'));
  t.deepEqual(desk.story, ['create ready', 'patch 2', 'create ready 2']);
  t.not(desk.name(0), desk.name(2));
  await desk.tell(notice('ready'));
  t.is(desk.story.at(-1), 'patch 3');
});

test('a server without events.k8s.io is told in the core form', async (t) => {
  const desk = new Desk();
  desk.failures.push(new UnknownKindError('no kind Event'));
  await desk.tell(notice('ready'));
  await desk.tell(notice('ready'));
  t.is(desk.sent[1]?.path, '/api/v1/namespaces/shop/events');
  t.like(desk.sent[1]?.body, {
    apiVersion: 'v1',
    message: 'ready',
    involvedObject: { kind: 'Order', name: 'one' },
    source: { component: 'koreo.dev/koreo', host: 'pod-a' },
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: '2026-01-01T00:00:00Z',
    count: 1,
  } as never);
  t.deepEqual(desk.sent[2]?.body, { count: 2, lastTimestamp: '2026-01-01T00:00:00Z' });
});

test('a server that cannot take it now is asked again, under the same name; one that will not is left alone', async (t) => {
  const desk = new Desk();
  desk.failures.push(new UnavailableError('busy'), new UnavailableError('busy'));
  await desk.tell(notice('ready'));
  t.is(desk.sent.length, 1);
  await desk.clock.advance(5000);
  t.deepEqual(desk.story, ['create ready', 'create ready', 'create ready']);
  t.deepEqual(
    [desk.name(1), desk.name(2)],
    [desk.name(0), desk.name(0)],
    'so that an answer that was lost makes no second Event',
  );
  desk.failures.push(new ForbiddenError('no'));
  await desk.tell(notice('not ready'));
  await desk.clock.advance(60_000);
  t.is(desk.sent.length, 4);
  desk.failures.push(...Array.from({ length: 9 }, () => new UnavailableError('down')));
  await desk.tell(notice('gone'));
  await desk.clock.advance(60_000);
  t.is(desk.sent.length, 7, 'tried three times');
  t.is(desk.clock.pending, 0);
});

test('a process that does not lead any more tells nothing of what waits', async (t) => {
  const desk = new Desk();
  desk.failures.push(new FencedError('another leads'));
  await desk.tell(notice('one'), notice('two'), notice('three'));
  await desk.clock.advance(60_000);
  t.is(desk.sent.length, 1);
});

test('to close sends what waits, but not for longer than a second; nothing is taken after it', async (t) => {
  const desk = new Desk();
  desk.recorder.record(ORDER, notice('one'));
  desk.recorder.record(ORDER, notice('two'));
  await desk.recorder.close();
  t.deepEqual(desk.story, ['create one', 'create two']);
  await desk.tell(notice('three'));
  t.is(desk.sent.length, 2);
  t.is(desk.clock.pending, 0);

  const slow = new Desk();
  slow.gate = new Gate();
  await slow.tell(notice('one'), notice('two'));
  let closed = false;
  const closing = slow.recorder.close().then(() => {
    closed = true;
  });
  await slow.clock.advance(999);
  t.false(closed);
  await slow.clock.advance(1);
  t.true(closed);
  slow.gate.open();
  await closing;
  await slow.clock.settle();
  t.deepEqual(slow.story, ['create one'], 'what was still waiting is dropped');
});

test('a thousand wait at most, and a long message is cut between two characters', async (t) => {
  const desk = new Desk();
  desk.gate = new Gate();
  for (let number = 0; number < 2000; number += 1) {
    desk.recorder.record(
      { ...ORDER, metadata: { name: `o${number}`, namespace: 'shop', uid: `u${number}` } },
      notice('ü'.repeat(1000)),
    );
  }
  desk.gate.open();
  await desk.recorder.close();
  t.is(desk.sent.length, 1000);
  const note = String(desk.body(0).note);
  t.true(Buffer.byteLength(note) <= 1024);
  t.regex(note, /^ü{500,}…$/);
});
