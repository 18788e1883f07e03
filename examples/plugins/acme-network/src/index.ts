import { resolve } from 'node:path';
import { fileSystemStore } from 'koreo-kernel/adapters/file-system';
import { definePlugin } from 'koreo-kernel/plugin';
import { AuditLog } from './audit-log.js';
import { AuditedStore } from './audited-store.js';
import { cidrHost } from './cidr-host.js';
import { HostEntryHandler } from './host-entry-handler.js';

/** What the configuration may say under `options`. */
export interface Options {
  /** The hosts file whose lines are resources, relative to the configuration. */
  readonly hostsFile: string;
}

/** What the configuration may say of a store of type `audited-folder`. */
export interface AuditedFolderOptions {
  readonly root: string;
  readonly log: string;
}

const FILE = { type: 'string', minLength: 1 } as const;

/** Brings the function `cidr_host`, resources of kind HostEntry, and stores of type `audited-folder`. */
export default definePlugin<Options>({
  name: 'acme-network',
  apiVersion: 'v1',
  optionsSchema: {
    type: 'object',
    additionalProperties: false,
    required: ['hostsFile'],
    properties: { hostsFile: { ...FILE, description: 'The hosts file whose lines are resources.' } },
  },
  register(registry, { options, baseDirectory }) {
    registry.function({
      name: 'cidr_host',
      parameters: [
        { name: 'network', type: 'string' },
        { name: 'host', type: 'int' },
      ],
      summary: 'The address of a host in an IPv4 network; a negative number counts from the end.',
      call: ([network, host]) => cidrHost(network, host),
    });
    registry.resourceHandler(new HostEntryHandler(resolve(baseDirectory, options.hostsFile)));
    registry.storeType<AuditedFolderOptions>({
      type: 'audited-folder',
      optionsSchema: {
        type: 'object',
        additionalProperties: false,
        required: ['root', 'log'],
        properties: {
          root: { ...FILE, description: 'The folder of manifests.' },
          log: { ...FILE, description: 'The file that every write is noted in. Not below `root`.' },
        },
      },
      create: (context, { root, log }) =>
        new AuditedStore(
          fileSystemStore.create(context, { root }),
          new AuditLog(resolve(context.baseDirectory, log), context.clock),
        ),
    });
  },
});
