import { resolve } from 'node:path';
import { definePlugin } from 'koreo-kernel/plugin';
import { EnvFileHandler } from './env-file-handler.js';
import { EnvFolder } from './env-folder.js';

/** What the configuration may say under `options`. */
export interface Options {
  /** The folder of the files, relative to the configuration. */
  readonly root: string;
  /** Seconds between two looks at the folder for what others have changed. */
  readonly pollSeconds: number;
}

/** Brings resources of kind EnvFile. */
export default definePlugin<Options>({
  name: 'starter-handler',
  apiVersion: 'v1',
  // The kernel checks the options against it, fills in the defaults, and tells mistakes at their lines.
  optionsSchema: {
    type: 'object',
    additionalProperties: false,
    required: ['root'],
    properties: {
      root: { type: 'string', minLength: 1, description: 'The folder of the files.' },
      pollSeconds: {
        type: 'number',
        minimum: 0.1,
        default: 5,
        description: 'Seconds between two looks at the folder.',
      },
    },
  },
  // Registering does no I/O: the folder is looked at when somebody asks.
  register(registry, { options, baseDirectory, clock, incident }) {
    const folder = new EnvFolder(resolve(baseDirectory, options.root));
    const { pollSeconds } = options;
    registry.resourceHandler(new EnvFileHandler(folder, { clock, pollSeconds, incident }));
  },
});
