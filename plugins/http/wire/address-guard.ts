import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import type { AddressClass } from '../options/options.js';

/**
 * What no API is at, and what services are at that give away credentials to whoever asks from inside: this network,
 * link-local, multicast and reserved addresses, and those that stand for an IPv4 address in another form.
 */
const NEVER: readonly string[] = [
  '0.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '::/128',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/32',
  '2001:db8::/32',
  '2002::/16',
  'fd00:ec2::254/128',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

const CLASSES: Readonly<Record<AddressClass, readonly string[]>> = {
  private: ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', '198.18.0.0/15', 'fc00::/7'],
  loopback: ['127.0.0.0/8', '::1/128'],
};

/** An address that must not be connected to. */
export class AddressError extends Error {
  override readonly name = 'AddressError';
  readonly code = 'ADDRESS_REFUSED';

  constructor(
    host: string,
    readonly kind: AddressClass | 'link-local or reserved',
  ) {
    const way = kind === 'link-local or reserved' ? '' : `; if that is meant, add '${kind}' to \`addresses\``;
    super(`${host} is at a ${kind} address${way}`);
  }
}

/** Looks a name up, as `dns.lookup` does with `all`. */
export type Resolve = (
  host: string,
  options: LookupOptions,
  done: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

const systemResolve: Resolve = (host, options, done) => lookup(host, { ...options, all: true }, done);

/**
 * Says which addresses may be connected to. It is asked for each connection with the very addresses that are then
 * connected to, so that a name which leads elsewhere the next time gains nothing.
 */
export class AddressGuard {
  readonly #never = blockList(NEVER);
  /** `::a.b.c.d`, which was once a form of an IPv4 address; `::1` looks like one. */
  readonly #compatible = blockList(['::/96']);
  readonly #itself = blockList(['::1/128']);
  readonly #refused: ReadonlyMap<AddressClass, BlockList>;
  readonly #resolve: Resolve;

  constructor(allowed: readonly AddressClass[], resolve: Resolve = systemResolve) {
    const refused = (['private', 'loopback'] as const).filter((one) => !allowed.includes(one));
    this.#refused = new Map(refused.map((one) => [one, blockList(CLASSES[one])]));
    this.#resolve = resolve;
  }

  /** A host that is an address itself is looked up nowhere. @throws AddressError */
  checkHost(host: string): void {
    const address = host.replace(/^\[(.*)\]$/, '$1');
    if (isIP(address) !== 0) this.#check(host, address);
  }

  /** To be given to whatever connects. All addresses of the name must be allowed: of two, either may be taken. */
  readonly lookup: LookupFunction = (host, options, done) => {
    this.#resolve(host, options, (error, addresses) => {
      if (error !== null) return done(error, []);
      try {
        for (const { address } of addresses) this.#check(host, address);
      } catch (refused) {
        return done(refused as AddressError, []);
      }
      const [first] = addresses;
      if (options.all === true) return done(null, [...addresses]);
      return done(null, first?.address ?? '', first?.family ?? 0);
    });
  };

  #check(host: string, address: string): void {
    const plain = address.replace(/%.*$/, '');
    const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4';
    const isCompatible = this.#compatible.check(plain, family) && !this.#itself.check(plain, family);
    if (this.#never.check(plain, family) || isCompatible) throw new AddressError(host, 'link-local or reserved');
    for (const [kind, list] of this.#refused) if (list.check(plain, family)) throw new AddressError(host, kind);
  }
}

function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits = ''] = range.split('/');
    list.addSubnet(address, Number(bits), address.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}
