import { type Agent, type IncomingMessage, request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** One request as it goes over the wire. */
export interface WireRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly agent: Agent;
  readonly body?: string;
  /** Ends the exchange, at whatever point it is. */
  readonly signal: AbortSignal;
  /** Called when the connection is ready, right before the first byte leaves; what it throws keeps the request back. */
  readonly beforeLeaving: () => void;
}

/** The exchange failed before there was an answer, or within it. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';

  constructor(
    override readonly cause: unknown,
    /** Whether it went over a connection that had been idle, which the server may have closed meanwhile. */
    readonly stale: boolean,
  ) {
    super('the exchange failed', { cause });
  }
}

/**
 * Sends a request and gives the answer's head, its body still to be read. Nothing is written before the connection stands,
 * so that what `beforeLeaving` finds is true when the bytes go.
 * @throws ExchangeError; what `beforeLeaving` throws
 */
export function exchange(wire: WireRequest): Promise<IncomingMessage> {
  const { url, method, headers, agent, body, signal, beforeLeaving } = wire;
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'http:' ? plainRequest : secureRequest;
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = send(url, { method, headers: { ...headers, ...length }, agent });
    // Without an error, which `signal` of the options would give: where the answer has just come to its end, the socket is
    // on its way back to the agent, and would tell it to nobody, which ends the process.
    const abort = (): void => void request.destroy();
    signal.addEventListener('abort', abort);
    request.once('close', () => signal.removeEventListener('abort', abort));
    if (signal.aborted) abort();
    let held: { readonly reason: unknown } | undefined;
    const leave = (): void => {
      try {
        beforeLeaving();
      } catch (reason) {
        held = { reason };
        request.destroy();
        reject(reason);
        return;
      }
      request.end(body);
    };
    request.once('socket', (socket) => whenReady(socket, leave));
    request.once('response', resolve);
    // For good: a request that is broken off may tell of a second error, behind the one that it failed for.
    request.on('error', (error) => {
      reject(held === undefined ? new ExchangeError(error, request.reusedSocket) : held.reason);
    });
  });
}

function whenReady(socket: Socket, ready: () => void): void {
  if (socket instanceof TLSSocket) {
    // Not by the protocol, which is named before the server has been asked for it.
    if (socket.getPeerFinished() === undefined) socket.once('secureConnect', ready);
    else ready();
  } else if (socket.connecting) {
    socket.once('connect', ready);
  } else {
    ready();
  }
}

/** The chunks of an answer's body as they come. @throws ExchangeError when it breaks off */
export async function* chunksOf(answer: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    yield* answer;
  } catch (error) {
    throw new ExchangeError(error, false);
  }
  if (!answer.complete) throw new ExchangeError(new Error('the answer broke off'), false);
}

/** All of an answer's body, as text. @throws ExchangeError when it breaks off */
export async function readBody(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of chunksOf(answer)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
