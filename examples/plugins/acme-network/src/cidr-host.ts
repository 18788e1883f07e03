import { FunctionError } from 'koreo-kernel/plugin';

const BITS = 32;

/** The address of a host in an IPv4 network such as `10.0.0.0/24`; a negative number counts from the end. @throws FunctionError */
export function cidrHost(network: string, host: number): string {
  const [, address = '', length = ''] = /^([\d.]+)\/(\d{1,2})$/.exec(network) ?? [];
  const base = toNumber(address);
  const prefix = Number(length);
  if (base === undefined || length === '' || prefix > BITS) {
    throw new FunctionError('cidr_host: `network` must be an IPv4 network, such as 10.0.0.0/24');
  }
  const size = 2 ** (BITS - prefix);
  const index = host < 0 ? size + host : host;
  if (index < 0 || index >= size)
    throw new FunctionError(`cidr_host: \`host\` is beyond the network, which has ${size} addresses`);
  return toText(base - (base % size) + index);
}

function toNumber(address: string): number | undefined {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

function toText(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
