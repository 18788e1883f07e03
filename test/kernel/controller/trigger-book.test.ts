import test from 'ava';
import type { Resource } from 'koreo-kernel';
import { MemoryStore } from 'koreo-kernel/testing';
import { TriggerBook, type TriggerRecord } from '../../../kernel/controller/trigger-book.js';
import { fc } from '../../support/property.js';

/** What may happen between a trigger in its store, its watch and the process that works for it. */
type Happening =
  /** Somebody changes it: its author, or one whose changes are no reason to run. */
  | { readonly type: 'edit'; readonly byAuthor: boolean }
  /** The process writes to it, and may never know whether it did. */
  | { readonly type: 'write'; readonly answered: boolean }
  /** The watch tells of one change more, or sums up some. */
  | { readonly type: 'tell'; readonly skips: number }
  | { readonly type: 'run' };

const happenings: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ type: fc.constant('edit' as const), byAuthor: fc.boolean() }),
  fc.record({ type: fc.constant('write' as const), answered: fc.boolean() }),
  fc.record({ type: fc.constant('tell' as const), skips: fc.nat(2) }),
  fc.constant({ type: 'run' } as const),
);

/** One trigger, of which revisions are numbers. */
class Life {
  readonly #store = new MemoryStore();
  readonly #book = new TriggerBook();
  readonly #record: TriggerRecord;
  /** Each revision, and the author's count in it. */
  readonly #counts = [0];
  /** What the answer to a write says that is on its way; a process waits for it before it writes or runs again. */
  #answer: number | undefined;
  #told = 0;
  /** The newest revision of which the process could know, or that may be its own. */
  #known = 0;
  #ranWith = 0;
  #isDue = false;
  readonly faults: string[] = [];

  constructor() {
    const { key } = this.#book.see(this.#store, this.#at(0));
    const record = this.#book.get(key);
    if (record === undefined) throw new Error('it is not in the book');
    this.#record = record;
  }

  happen(happening: Happening): void {
    switch (happening.type) {
      case 'edit':
        this.#change(happening.byAuthor ? 1 : 0);
        break;
      case 'write':
        this.#receive();
        this.#change(0);
        this.#known = this.#last;
        if (happening.answered) this.#answer = this.#last;
        else this.#record.progress.unanswered();
        break;
      case 'tell':
        this.#tell(happening.skips);
        break;
      case 'run':
        this.#run();
        break;
    }
  }

  /** The answer arrives, and the watch tells all. */
  settle(): void {
    this.#receive();
    while (this.#told < this.#last) this.#tell(0);
    if (this.#ranWith !== this.#count && !this.#isDue) this.faults.push('the last edit is not run');
    this.#run();
    if (this.#record.progress.isBehind) this.faults.push('the store is asked for ever');
  }

  #change(more: number): void {
    this.#counts.push(this.#count + more);
  }

  /** As the reconciler looks at a trigger. */
  #run(): void {
    this.#receive();
    this.#isDue = false;
    if (this.#record.progress.isBehind) this.#learn(this.#last);
    const seen = Number(this.#record.resource.metadata.resourceVersion);
    if (seen < this.#known) this.faults.push(`a run saw ${seen}, and ${this.#known} was known`);
    this.#ranWith = this.#counts[seen] ?? -1;
  }

  #tell(skips: number): void {
    if (this.#told === this.#last) return;
    this.#told = Math.min(this.#last, this.#told + 1 + skips);
    this.#known = Math.max(this.#known, this.#told);
    this.#isDue = this.#book.see(this.#store, this.#at(this.#told)).cause !== undefined || this.#isDue;
  }

  #receive(): void {
    if (this.#answer !== undefined) this.#learn(this.#answer);
    this.#answer = undefined;
  }

  #learn(revision: number): void {
    this.#isDue = this.#book.learn(this.#record, this.#at(revision)) !== undefined || this.#isDue;
  }

  #at(revision: number): Resource {
    return {
      apiVersion: 'shop.example/v1',
      kind: 'Order',
      metadata: { name: 'one', namespace: 'shop', uid: 'u1', resourceVersion: String(revision) },
      spec: { count: this.#counts[revision] ?? -1 },
    };
  }

  get #last(): number {
    return this.#counts.length - 1;
  }

  get #count(): number {
    return this.#counts[this.#last] ?? -1;
  }
}

test('no run sees a trigger as it was before what the process knows of it, and no edit is missed, however late its watch is', (t) => {
  const faultsOf = (all: readonly Happening[]): readonly string[] => {
    const life = new Life();
    for (const happening of all) life.happen(happening);
    life.settle();
    return life.faults;
  };
  const histories = fc.array(happenings, { maxLength: 40 });
  t.notThrows(() =>
    fc.assert(
      fc.property(histories, (all) => faultsOf(all).length === 0),
      { numRuns: 2000 },
    ),
  );
});
