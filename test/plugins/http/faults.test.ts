import { gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import {
  AlreadyExistsError,
  ConflictError,
  ForbiddenError,
  InvalidResourceError,
  type Json,
  NotFoundError,
  type StoreError,
  UnavailableError,
} from 'koreo-kernel';
import { Gate } from '../../support/gate.js';
import { answer, type Fault } from './support/api-server.js';
import { type BoxSetup, box, boxApi, boxRef } from './support/box-api.js';

type Verb = 'read' | 'create' | 'apply' | 'remove';

/** The error of a call to an API with that fault. Items are there for whoever asks before the fault sets in. */
async function errorOf(t: ExecutionContext, verb: Verb, fault: Fault, setup: BoxSetup = {}): Promise<StoreError> {
  const { server, handler } = await boxApi(t, setup);
  server.put('/boxes/a', { name: 'a', size: 1 });
  const isMeant = { read: 'GET', create: 'POST', apply: 'PATCH', remove: 'DELETE' }[verb];
  server.fault = (request, response) => request.method === isMeant && fault(request, response);
  const calls: Readonly<Record<Verb, () => Promise<unknown>>> = {
    read: () => handler.read(boxRef('a'), {}),
    create: () => handler.create(box('b', { size: 2 }), {}),
    apply: () => handler.apply(box('a', { size: 2 }), {}),
    remove: () => handler.remove(boxRef('a'), {}),
  };
  return (await t.throwsAsync(calls[verb]())) as StoreError;
}

function answering(status: number, body: Json = {}, headers: Readonly<Record<string, string>> = {}): Fault {
  return (_request, response) => {
    answer(response, status, body, headers);
    return true;
  };
}

const STATUSES: readonly (readonly [number, Verb, abstract new (...all: never[]) => StoreError, boolean])[] = [
  [400, 'apply', InvalidResourceError, false],
  [401, 'read', UnavailableError, true],
  [403, 'apply', ForbiddenError, false],
  [404, 'create', NotFoundError, true],
  [409, 'create', AlreadyExistsError, true],
  [409, 'apply', ConflictError, true],
  [412, 'remove', ConflictError, true],
  [413, 'create', InvalidResourceError, false],
  [422, 'create', InvalidResourceError, false],
  [423, 'apply', UnavailableError, true],
  [429, 'apply', UnavailableError, true],
  [500, 'apply', UnavailableError, true],
  [503, 'read', UnavailableError, true],
];

for (const [status, verb, kind, retriable] of STATUSES) {
  test(`${status} to ${verb === 'apply' ? 'an' : 'a'} ${verb} is ${kind.name}`, async (t) => {
    const error = await errorOf(t, verb, answering(status, { message: 'because' }));
    t.true(error instanceof kind, error.stack);
    t.is(error.retriable, retriable);
    t.regex(
      error.message,
      new RegExp(`^(GET|POST|PATCH|DELETE) http://127\\.0\\.0\\.1:\\d+/boxes.*${status}.*because`),
    );
  });
}

test('what the API says is shown only where the options say that it may be, in one short line', async (t) => {
  const long = `a\n${'x'.repeat(1000)}`;
  const shown = await errorOf(t, 'create', answering(422, { errors: [{ text: long }] }), {
    api: { errorMessage: '/errors/0/text' },
  });
  t.regex(shown.message, /answered 422: a x{298}…$/);
  const { errorMessage: _none, ...api } = { errorMessage: 'nothing' };
  const silent = await errorOf(t, 'create', answering(422, { message: 'secret' }), {
    api: { ...api, errorMessage: 'reason' },
  });
  t.regex(silent.message, /answered 422$/);
});

test('too many requests: it is tried again when the API says, in seconds or by a date', async (t) => {
  const inSeconds = await errorOf(t, 'read', answering(429, {}, { 'retry-after': '17' }));
  t.is((inSeconds as UnavailableError).retryAfter, 17);
  // The virtual clock begins with 2026.
  const date = answering(503, {}, { 'retry-after': 'Thu, 01 Jan 2026 00:02:00 GMT' });
  t.is(((await errorOf(t, 'read', date)) as UnavailableError).retryAfter, 120);
  const nonsense = answering(429, {}, { 'retry-after': 'soon' });
  t.is(((await errorOf(t, 'read', nonsense)) as UnavailableError).retryAfter, undefined);
  const years = answering(429, {}, { 'retry-after': '99999999' });
  t.is(((await errorOf(t, 'read', years)) as UnavailableError).retryAfter, 3600);
});

test('where the API does not say, the options may say when it is tried again', async (t) => {
  const setup = { api: { retrySeconds: 3 } };
  t.is(((await errorOf(t, 'read', answering(500), setup)) as UnavailableError).retryAfter, 3);
  t.is(
    ((await errorOf(t, 'read', answering(429, {}, { 'retry-after': '9' }), setup)) as UnavailableError).retryAfter,
    9,
  );
  t.is(((await errorOf(t, 'read', raw('x', {}), setup)) as UnavailableError).retryAfter, 3);
  t.is(((await errorOf(t, 'read', answering(500))) as UnavailableError).retryAfter, undefined);
});

test('a 403 that means too many requests is tried again, too', async (t) => {
  const reset = String(Date.UTC(2026, 0, 1) / 1000 + 90);
  const spent = answering(403, {}, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset });
  const error = (await errorOf(t, 'read', spent)) as UnavailableError;
  t.true(error instanceof UnavailableError);
  t.is(error.retryAfter, 90);
});

test('after a failure of a write that may have been done the message says so, and nothing is tried twice', async (t) => {
  const { server, handler } = await boxApi(t);
  server.fault = (_request, response) => {
    response.destroy();
    return true;
  };
  const error = await t.throwsAsync(handler.create(box('a', { size: 1 }), {}), { instanceOf: UnavailableError });
  t.regex(error.message, /POST .*: the connection broke off.*; the write may have taken effect$/);
  t.is(server.requests.length, 1);
  const read = await t.throwsAsync(handler.read(boxRef('a'), {}), { instanceOf: UnavailableError });
  t.notRegex(read.message, /may have taken effect/);
});

test('a body that breaks off is no answer', async (t) => {
  const error = await errorOf(t, 'read', (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"name": "a", ', () => response.destroy());
    return true;
  });
  t.true(error instanceof UnavailableError);
  t.regex(error.message, /broke off/);
});

test('nobody there is said so, and that nothing was sent', async (t) => {
  const { server, handler } = await boxApi(t);
  await server.stop();
  const error = await t.throwsAsync(handler.create(box('a', {}), {}), { instanceOf: UnavailableError });
  t.regex(error.message, /nothing listens there \(ECONNREFUSED\)$/);
});

test('an answer that does not come ends with the time limit, and leaves no timer', async (t) => {
  const { server, handler, clock } = await boxApi(t, { api: { timeoutSeconds: 7 } });
  const asked = new Gate();
  server.fault = () => {
    asked.open();
    return true;
  };
  const reading = t.throwsAsync(handler.create(box('a', {}), {}), { instanceOf: UnavailableError });
  await asked.opened;
  await clock.advance(7000);
  t.regex((await reading).message, /was not answered within 7 s; the write may have taken effect$/);
  t.is(clock.pending, 0);
});

test('an answer that comes byte by byte ends with the time limit, too', async (t) => {
  const { server, handler, clock } = await boxApi(t, { api: { timeoutSeconds: 7 } });
  const begun = new Gate();
  server.fault = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"name":', () => begun.open());
    return true;
  };
  const reading = t.throwsAsync(handler.read(boxRef('a'), {}), { instanceOf: UnavailableError });
  await begun.opened;
  await clock.advance(7000);
  t.regex((await reading).message, /within 7 s/);
});

test('a call that is aborted rejects with the reason, and leaves no timer', async (t) => {
  const { server, handler, clock } = await boxApi(t);
  const abort = new AbortController();
  const asked = new Gate();
  server.fault = () => {
    asked.open();
    return true;
  };
  const reason = new Error('enough');
  const reading = t.throwsAsync(handler.read(boxRef('a'), { signal: abort.signal }));
  await asked.opened;
  abort.abort(reason);
  t.is(await reading, reason);
  t.is(clock.pending, 0);
  t.is(await t.throwsAsync(handler.read(boxRef('a'), { signal: abort.signal })), reason);
});

test('closing ends what is under way', async (t) => {
  const { server, handler } = await boxApi(t);
  const asked = new Gate();
  server.fault = () => {
    asked.open();
    return true;
  };
  const reading = t.throwsAsync(handler.read(boxRef('a'), {}), { instanceOf: UnavailableError, message: /is closed/ });
  await asked.opened;
  await handler.close();
  await reading;
  await handler.close();
  await t.throwsAsync(handler.read(boxRef('a'), {}), { message: /is closed/ });
});

const BAD_ANSWERS: Readonly<Record<string, readonly [Fault, RegExp]>> = {
  'a page of HTML': [
    raw('<h1>Log in</h1>', { 'content-type': 'text/html; charset=utf-8' }),
    /is not JSON but of text\/html$/,
  ],
  'text without a type': [raw('{}', {}), /is not JSON but of no type$/],
  'JSON that is none': [raw('{"name": ', { 'content-type': 'application/json' }), /gave an answer that is no JSON$/],
  'a list in place of an item': [
    raw('[]', { 'content-type': 'application/json' }),
    /gave an answer without an item as its whole$/,
  ],
  'what is compressed though nobody asked': [
    (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(gzipSync('{}'));
      return true;
    },
    /an encoding that was not asked for \(gzip\)$/,
  ],
  'what nests too deep': [
    raw(`${'[['.repeat(100)}${']]'.repeat(100)}`, { 'content-type': 'application/json' }),
    /nests deeper than 100 levels$/,
  ],
  'what nests deeper than any stack': [
    raw(`${'['.repeat(400_000)}${']'.repeat(400_000)}`, { 'content-type': 'application/json' }),
    /(nests deeper than 100 levels|is no JSON)$/,
  ],
};

function raw(text: string, headers: Readonly<Record<string, string>>): Fault {
  return (_request, response) => {
    response.writeHead(200, headers);
    response.end(text);
    return true;
  };
}

for (const [what, [fault, message]] of Object.entries(BAD_ANSWERS)) {
  test(`${what} is an answer that is refused, and may be better later`, async (t) => {
    const error = await errorOf(t, 'read', fault);
    t.true(error instanceof UnavailableError);
    t.is(error.name, 'UnexpectedAnswerError');
    t.regex(error.message, message);
  });
}

test('types of JSON other than the plain one are taken', async (t) => {
  const { server, handler } = await boxApi(t);
  server.fault = raw('{"name": "a", "id": 1, "size": 4}', {
    'content-type': 'application/vnd.things.v3+json; charset=utf-8',
  });
  t.like(await handler.read(boxRef('a'), {}), { spec: { size: 4 } });
});

test('an answer that is too large is not read to its end', async (t) => {
  const { server, handler } = await boxApi(t, { api: { maxResponseBytes: 1000 } });
  let written = 0;
  const ended = new Gate();
  server.fault = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.once('close', () => ended.open());
    const write = (): void => {
      if (response.destroyed || written > 500_000_000) return;
      written += 65_536;
      response.write(`"${'x'.repeat(65_536)}`, write);
    };
    write();
    return true;
  };
  const error = await t.throwsAsync(handler.read(boxRef('a'), {}), { instanceOf: UnavailableError });
  t.regex(error.message, /larger than 1000 bytes; list by smaller pages, or raise `maxResponseBytes`$/);
  await ended.opened;
  t.true(written < 100_000_000);
});

test('keys of answers are data, whatever their names', async (t) => {
  const { server, handler } = await boxApi(t, { kind: { item: { name: 'name', spec: 'content' } } });
  server.fault = raw('{"name": "a", "content": {"__proto__": {"polluted": true}, "constructor": 1}}', {
    'content-type': 'application/json',
  });
  const resource = await handler.read(boxRef('a'), {});
  t.deepEqual(Object.keys(resource?.spec as object), ['__proto__', 'constructor']);
  t.is(({} as Record<string, unknown>).polluted, undefined);
});
