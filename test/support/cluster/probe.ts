import { get } from 'node:https';

/** How to ask an API server. */
export interface Probe {
  /** PEM. */
  readonly ca?: string;
  readonly token?: string;
}

const PROBE_TIMEOUT_MS = 2_000;

/** Whether a URL answers with 200 now. */
export async function isOk(url: string, { ca, token }: Probe = {}): Promise<boolean> {
  if (url.startsWith('http:')) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) }).catch(() => undefined);
    return answer?.ok === true;
  }
  return new Promise((resolve) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
    get(url, { ...(ca === undefined ? {} : { ca }), headers, signal, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    }).on('error', () => resolve(false));
  });
}
