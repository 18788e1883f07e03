import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import {
  besideSpec,
  type GroupVersionKind,
  InvalidResourceError,
  isList,
  isObject,
  type KindInfo,
  type Resource,
} from 'koreo-kernel/plugin';
import type { HostEntry } from './hosts-text.js';

/** The kind of a line in a hosts file. */
export const HOST_ENTRY: GroupVersionKind = { apiVersion: 'network.acme.example/v1', kind: 'HostEntry' };

/** A line has no place for annotations. */
export const HOST_ENTRY_INFO: KindInfo = {
  ...HOST_ENTRY,
  plural: 'hostentries',
  namespaced: false,
  keepsAnnotations: false,
};

const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i;

/** The line as a resource; what it says decides on the revision. */
export function toResource(name: string, { address, aliases }: HostEntry): Resource {
  const spec = { address, aliases };
  const resourceVersion = createHash('sha256').update(JSON.stringify(spec)).digest('hex');
  return { ...HOST_ENTRY, metadata: { name, uid: `host-entry/${name}`, resourceVersion }, spec };
}

/** @throws InvalidResourceError for a name that no host can have: it must not be able to break the line */
export function checkHostName(name: string): void {
  if (!NAME.test(name)) throw new InvalidResourceError('the name of a HostEntry must be the name of a host');
}

/** What a resource asks for. @throws InvalidResourceError that names what is wrong, and no value */
export function wantedEntry(resource: Partial<Resource>): HostEntry {
  const { spec } = resource;
  const [homeless] = besideSpec(resource);
  if (homeless !== undefined) throw new InvalidResourceError(`a hosts file has no place for \`${homeless}\``);
  const { address, aliases = [], ...others } = isObject(spec) ? spec : {};
  const [other] = Object.keys(others);
  if (other !== undefined) throw new InvalidResourceError(`a HostEntry has no \`spec.${other}\``);
  if (typeof address !== 'string' || isIP(address) === 0) {
    throw new InvalidResourceError('`spec.address` of a HostEntry must be an IP address');
  }
  if (!isList(aliases) || !aliases.every((alias) => typeof alias === 'string' && NAME.test(alias))) {
    throw new InvalidResourceError('`spec.aliases` of a HostEntry must be a list of names of hosts');
  }
  return { address, aliases: [...(aliases as readonly string[])] };
}
