/** The hosts that requests may go to: that of the base URL, and those that are listed beside it. */
export class AllowedHosts {
  readonly #base: URL;
  readonly #others: readonly HostPattern[];

  constructor(base: URL, hosts: readonly string[]) {
    this.#base = base;
    this.#others = hosts.map(patternOf);
  }

  /** Whether a URL leads to the very place that the base URL is at: only there secrets are sent. */
  isBase(url: URL): boolean {
    return url.origin === this.#base.origin;
  }

  /** What speaks against a request to the URL, in words; undefined when nothing does. */
  objection(url: URL): string | undefined {
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return `${url.protocol} is not spoken`;
    if (url.username !== '' || url.password !== '') return 'a URL with credentials is not followed';
    if (this.isBase(url)) return undefined;
    if (url.protocol === 'http:' && this.#base.protocol === 'https:') return 'it would no longer be encrypted';
    const isListed = this.#others.some((pattern) => matches(pattern, url));
    return isListed ? undefined : `${url.host} is not among the hosts of the API; add it to \`hosts\` if it is meant`;
  }
}

/** A host as people list it; the default port of the scheme when none is given. */
interface HostPattern {
  readonly name: string;
  readonly port?: string;
  readonly below: boolean;
}

function patternOf(text: string): HostPattern {
  const [name = '', port] = text.toLowerCase().split(':');
  const below = name.startsWith('*.');
  return { name: below ? name.slice(1) : name, below, ...(port === undefined ? {} : { port }) };
}

function matches({ name, port, below }: HostPattern, url: URL): boolean {
  const host = url.hostname.toLowerCase();
  const usual = url.protocol === 'https:' ? '443' : '80';
  const actual = url.port === '' ? usual : url.port;
  return (below ? host.endsWith(name) : host === name) && actual === (port ?? usual);
}
