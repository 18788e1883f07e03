import { readFileSync } from 'node:fs';
import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';

/** What a probe is answered. */
export interface ProbeAnswer {
  readonly code: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a server says, to be looked at in expectations
  readonly body: any;
}

/** What a probe asks beside its method and path. */
export interface ProbeRequest {
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  readonly userAgent?: string;
  readonly token?: string;
}

interface Access {
  readonly server: string;
  readonly options: RequestOptions & { ca?: Buffer; cert?: Buffer; key?: Buffer };
  readonly token?: string;
}

/** Asks an API server by nothing but HTTP, so that no client library hides what it answers. */
export class ApiProbe {
  readonly #access: Access;

  private constructor(access: Access) {
    this.#access = access;
  }

  /** A probe of the server that listens without TLS at a URL. */
  static at(url: string): ApiProbe {
    return new ApiProbe({ server: url, options: {} });
  }

  /** A probe of the current context of a kubeconfig, with the credentials that it holds. */
  static of(kubeconfig: string): ApiProbe {
    const config = parse(readFileSync(kubeconfig, 'utf8'));
    const named = (list: { name: string }[], name: string) => list.find((one) => one.name === name) as never;
    const { context } = named(config.contexts, config['current-context']) as { context: Record<string, string> };
    const { cluster } = named(config.clusters, context.cluster ?? '') as { cluster: Record<string, string> };
    const { user } = named(config.users, context.user ?? '') as { user: Record<string, string> };
    const file = (holder: Record<string, string>, key: string) => {
      const data = holder[`${key}-data`];
      if (data !== undefined) return Buffer.from(data, 'base64');
      return holder[key] === undefined ? undefined : readFileSync(holder[key]);
    };
    const [ca, cert, key] = [
      file(cluster, 'certificate-authority'),
      file(user, 'client-certificate'),
      file(user, 'client-key'),
    ];
    return new ApiProbe({
      server: cluster.server ?? '',
      options: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) },
      ...(user.token !== undefined && { token: user.token }),
    });
  }

  /** One request, and the whole answer. */
  async ask(method: string, path: string, request: ProbeRequest = {}): Promise<ProbeAnswer> {
    const response = await this.open(method, path, request);
    const whole = await text(response.stream);
    const isJson = String(response.headers['content-type']).includes('json');
    return { code: response.code, headers: response.headers, body: isJson ? JSON.parse(whole) : whole };
  }

  /** One request whose answer goes on. */
  async open(method: string, path: string, { body, contentType, accept, userAgent, token }: ProbeRequest = {}) {
    const { server, options } = this.#access;
    const bearer = token ?? this.#access.token;
    const content = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const headers = {
      accept: accept ?? 'application/json',
      'user-agent': userAgent ?? 'probe/1',
      ...(content !== undefined && {
        'content-type': contentType ?? 'application/json',
        // Node leaves it out for DELETE, and the body would be read as the next request.
        'content-length': Buffer.byteLength(content),
      }),
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
    };
    const send = server.startsWith('https:') ? httpsRequest : httpRequest;
    return new Promise<{
      code: number;
      headers: ProbeAnswer['headers'];
      stream: NodeJS.ReadableStream;
      end: () => void;
    }>((resolve, reject) => {
      const request = send(`${server}${path}`, { ...options, method, headers, agent: false }, (response) => {
        const end = () => request.destroy();
        response.on('error', () => undefined);
        resolve({ code: response.statusCode ?? 0, headers: response.headers, stream: response, end });
      });
      request.on('error', reject);
      request.end(content);
    });
  }
}
