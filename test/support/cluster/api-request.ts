import type { RequestOptions } from 'node:https';
import { request } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import type { JsonObject } from 'koreo-kernel';

/** One request of a test's own to an API server. */
export interface ApiCall {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query, from the root. */
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
}

/** An API server that answered otherwise than the test wants; the message is the server's. */
export class ApiCallError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** Asks as the kubeconfig's current user. @throws ApiCallError for any answer that is not of the 200s */
export async function callApi(config: KubeConfig, call: ApiCall): Promise<JsonObject> {
  const { body, contentType = 'application/json', method = 'GET', path } = call;
  const url = new URL(path, config.getCurrentCluster()?.server);
  const options: RequestOptions = {
    method,
    headers: { accept: 'application/json', 'user-agent': 'a-test', 'content-type': contentType },
    agent: false,
  };
  await config.applyToHTTPSOptions(options);
  const { code, text } = await new Promise<{ code: number; text: string }>((resolve, reject) => {
    const sent = request(url, options, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => resolve({ code: answer.statusCode ?? 0, text })).on('error', reject);
    });
    sent.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
  if (code < 200 || code > 299) throw new ApiCallError(code, `${method} ${path}: ${code} ${text}`);
  return JSON.parse(text) as JsonObject;
}
