import type { Observable } from 'rxjs';
import type { Problem } from '../../kernel/index.js';
import type { FoundResource } from './definition-set.js';

/** Every resource of a place, and what keeps parts of it from being read. */
export interface FoundResources {
  readonly resources: readonly FoundResource[];
  readonly problems: readonly Problem[];
}

/** Reads the resources of the place that a command is about, as often as it asks. */
export interface DefinitionReader {
  read(): Promise<FoundResources>;
  /** Tells when it has begun to look for changes, so that none is missed after that, and whenever reading may give something else. */
  readonly changes: Observable<unknown>;
  /** Lets go of files and watches. */
  close(): Promise<void>;
}
