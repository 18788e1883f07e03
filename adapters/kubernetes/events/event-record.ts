import type { Notice, Resource } from '../../../kernel/plugin.js';

/** Something that was observed once or several times, and what of it the API server knows. */
export interface EventRecord {
  readonly about: Resource;
  readonly notice: Notice;
  /** Milliseconds since the epoch. */
  readonly firstAt: number;
  lastAt: number;
  /** How often it was observed. */
  count: number;
  /** The name of the Event that tells it; absent before one was sent. It stays through tries, so that none is there twice. */
  name?: string;
  /** Whether the API server has that Event. */
  stored: boolean;
}
