import type { Observable } from 'rxjs';
import type { Json, Path, Position, Problem, ResourceRef, UnavailableError } from '../../kernel/index.js';
import type { ListPlans } from '../files/member-plan.js';
import type { ItemRecord } from './item-record.js';

/** A record of a side file, and whose it is. */
export interface SideRecord {
  readonly ref: ResourceRef;
  readonly record: ItemRecord;
}

/** Side records by `refKey`. */
export type SideRecords = ReadonlyMap<string, SideRecord>;

/** A document, and what is kept beside it, at one moment. Immutable; the same object as long as nothing changes. */
export interface DocumentContent {
  /** What the document says, or said last when it cannot be read now; undefined when there is no document. */
  readonly value: Json | undefined;
  /** Empty where records lie in the items. */
  readonly records: SideRecords;
  /** What its user can mend. */
  readonly problems: readonly Problem[];
  /** Why the content is not to be relied on, and not to be changed. */
  readonly fault?: DocumentFault;
  /** The file by the path that its user knows; absent where there is none. */
  readonly file?: string;
  /** Where a value of the document stands in the file, or its nearest ancestor that is there. */
  locate(path: Path): Position | undefined;
  /** The keys that the mapping at the path holds twice, for readers of which the last counts. */
  doubledKeys(path: Path): readonly string[];
}

/** What keeps a document from being read or written. */
export interface DocumentFault {
  readonly error: UnavailableError;
  /** Whether there is nothing older to go by. */
  readonly blind: boolean;
  /** Milliseconds after which to look again: it may be that somebody is just writing. Absent when that time is over. */
  readonly settlesIn?: number;
}

/** What a document and its side records are to become. Parts that stay are the very same objects. */
export interface DocumentChange {
  readonly value: Json;
  readonly plans: ListPlans;
  readonly records: SideRecords;
}

/** Where a document lies. One caller at a time. */
export interface DocumentPlace {
  /** What there is now. @throws StoreError when that cannot be found out */
  read(): Promise<DocumentContent>;
  /** @throws FileChangedError when the document is no longer what was read last; StoreError when it cannot be written */
  write(change: DocumentChange): Promise<DocumentContent>;
  /** Does the work while no other process that respects this writes. @throws UnavailableError when that takes too long */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Tells when the document, or what is beside it, may have changed. */
  readonly changes: Observable<void>;
}
