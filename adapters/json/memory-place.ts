import { NEVER } from 'rxjs';
import {
  equalJson,
  getKey,
  hasKey,
  InvalidResourceError,
  isList,
  isObject,
  type Json,
  type MutableJsonObject,
  setKey,
  UnavailableError,
} from '../../kernel/index.js';
import { FileChangedError } from '../files/file-errors.js';
import { type ListPlans, planList } from '../files/member-plan.js';
import type { DocumentChange, DocumentContent, DocumentPlace, SideRecords } from './document-content.js';
import { plainJson } from './plain-json.js';

/** A document that lives in the program that uses the store: read as it is whenever it is looked at, and changed in place. */
export class MemoryPlace implements DocumentPlace {
  /** Who changes the object tells the store, which looks at it then. */
  readonly changes = NEVER;
  readonly #document: object;
  readonly #maxDepth: number;
  #content: DocumentContent | undefined;

  constructor(document: object, maxDepth: number) {
    this.#document = document;
    this.#maxDepth = maxDepth;
  }

  async read(): Promise<DocumentContent> {
    return this.#look();
  }

  async write({ value, plans, records }: DocumentChange): Promise<DocumentContent> {
    const before = this.#content;
    const current = this.#look();
    if (before !== current || current.value === undefined) throw new FileChangedError('the document has changed');
    mould(this.#document, current.value, value, plans);
    this.#content = contentOf(plainJson(value, this.#maxDepth), records);
    return this.#content;
  }

  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  #look(): DocumentContent {
    const records = this.#content?.records ?? new Map();
    const before = this.#content?.value;
    try {
      const value = plainJson(this.#document, this.#maxDepth) as Json;
      if (this.#content === undefined || this.#content.fault !== undefined || !equalJson(value, before)) {
        this.#content = contentOf(value, records);
      }
    } catch (error) {
      if (!(error instanceof InvalidResourceError)) throw error;
      const cause = new UnavailableError(`the document in memory is no JSON: ${error.message}`);
      this.#content = {
        ...contentOf(before, records),
        problems: [{ code: 'document-value', message: cause.message }],
        fault: { error: cause, blind: before === undefined },
      };
    }
    return this.#content;
  }
}

function contentOf(value: Json | undefined, records: SideRecords): DocumentContent {
  return { value, records, problems: [], locate: () => undefined, doubledKeys: () => [] };
}

/** Makes what says `before` say `value`, changing objects and lists in place where they stay. Gives what is to stand there. */
function mould(live: unknown, before: Json | undefined, value: Json, plans: ListPlans): unknown {
  if (before === value) return live;
  if (isList(before) && isList(value) && Array.isArray(live)) return mouldList(live, before, value, plans);
  if (isObject(before) && isObject(value) && isObject(live)) {
    const target: MutableJsonObject = live;
    for (const key of Object.keys(before)) if (!hasKey(value, key)) delete target[key];
    for (const [key, next] of Object.entries(value)) {
      setKey(target, key, mould(getKey(live, key), getKey(before, key), next, plans) as Json);
    }
    return live;
  }
  return equalJson(before, value) ? live : plainJson(value, Number.POSITIVE_INFINITY);
}

function mouldList(live: unknown[], before: readonly Json[], value: readonly Json[], plans: ListPlans): unknown[] {
  const items = (plans.get(value) ?? planList(before, value)).map((member) => {
    if (member.type === 'kept') return live[member.index];
    if (member.type === 'changed') return mould(live[member.index], member.before, member.value, plans);
    return plainJson(member.value, Number.POSITIVE_INFINITY);
  });
  live.length = 0;
  for (const item of items) live.push(item);
  return live;
}
