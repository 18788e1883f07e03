import { resolve } from 'node:path';
import { definePlugin } from 'koreo-kernel/plugin';
import { Journal } from './journal.js';
import { JournalStore } from './journal-store.js';

/** What the configuration may say of a store of type `journal`. */
export interface JournalOptions {
  /** The file, relative to the configuration. Need not be there yet. */
  readonly file: string;
}

/** Brings stores of type `journal`. */
export default definePlugin({
  name: 'starter-store',
  apiVersion: 'v1',
  register(registry) {
    registry.storeType<JournalOptions>({
      type: 'journal',
      // The kernel checks what the configuration says against it, and tells mistakes at their lines.
      optionsSchema: {
        type: 'object',
        additionalProperties: false,
        required: ['file'],
        properties: { file: { type: 'string', minLength: 1, description: 'The file of the journal.' } },
      },
      // Making a store does no I/O: it reads its journal when somebody asks.
      create: ({ name, baseDirectory, clock }, { file }) =>
        new JournalStore({ name, clock, journal: new Journal(resolve(baseDirectory, file)) }),
    });
  },
});
