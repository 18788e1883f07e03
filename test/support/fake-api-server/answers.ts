import type { ServerResponse } from 'node:http';
import { ApiError } from './api-error.js';
import type { Fault } from './faults.js';
import type { WatchSink } from './open-watch.js';

/** Answers with JSON. */
export function send(
  response: ServerResponse,
  { code, body, headers = {} }: { code: number; body: unknown; headers?: Readonly<Record<string, string>> },
): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** Answers with text. */
export function sendText(
  response: ServerResponse,
  { code, text, contentType = 'text/plain' }: { code: number; text: string; contentType?: string },
): void {
  response.writeHead(code, { 'content-type': contentType });
  response.end(text);
}

/** Answers with a refusal. */
export function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  const refusal = error instanceof ApiError ? error : new ApiError(500, String(error));
  const seconds = refusal.details.retryAfterSeconds;
  const headers = seconds === undefined ? {} : { 'retry-after': String(seconds) };
  send(response, { code: refusal.code, body: refusal.status, headers });
}

/** Breaks an answer off in its middle. */
export function cutBody(response: ServerResponse, { code, body }: { code: number; body: unknown }): void {
  const whole = JSON.stringify(body);
  response.writeHead(code, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(whole) });
  response.write(whole.slice(0, whole.length / 2), () => response.destroy());
}

/** Lets a fault strike; true when with that the request is done with. @throws ApiError when the fault is a status */
export async function strike(fault: Fault, response: ServerResponse): Promise<boolean> {
  switch (fault.type) {
    case 'status': {
      const details = fault.retryAfter === undefined ? {} : { retryAfterSeconds: fault.retryAfter };
      throw new ApiError(fault.code, fault.message ?? 'a fault that a test has planned', details, fault.reason);
    }
    case 'cut':
      response.destroy();
      return true;
    case 'hang':
      return true;
    case 'gate':
      await fault.opened;
      return false;
    case 'answer':
      sendText(response, fault);
      return true;
    case 'cut-body':
      return false;
  }
}

/** An answer to which a watch writes. */
export function watchSink(response: ServerResponse): WatchSink {
  return {
    open: () => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.flushHeaders();
    },
    write: (text) => void response.write(text),
    end: () => void response.end(),
    cut: (last) => void (last === '' ? response.destroy() : response.write(last, () => response.destroy())),
  };
}
