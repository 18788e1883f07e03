import test from 'ava';
import { ManagedBook, type PlacedResource } from '../../../kernel/controller/managed-book.js';
import { fc } from '../../support/property.js';

const TRIGGERS = ['one', 'two', 'three'];
const anyResource: fc.Arbitrary<PlacedResource> = fc
  .record({ kind: fc.constantFrom('A', 'B', 'C'), name: fc.constantFrom('x', 'y'), store: fc.constantFrom('s', 't') })
  .map((placed) => ({ apiVersion: 'v1', placement: {}, ...placed }));
const anyStep = fc.record({
  trigger: fc.constantFrom(...TRIGGERS),
  resources: fc.uniqueArray(anyResource, { maxLength: 5, selector: textOf }),
  forgotten: fc.option(anyResource),
});

function textOf({ store, kind, name }: PlacedResource): string {
  return `${store} ${kind} ${name}`;
}

/** What a book has to know, worked out anew from all that was told. */
class Model {
  readonly #told = new Map<string, readonly PlacedResource[]>();

  set(trigger: string, resources: readonly PlacedResource[]): void {
    this.#told.set(trigger, resources);
  }

  forget(trigger: string, resource: PlacedResource): void {
    this.set(
      trigger,
      (this.#told.get(trigger) ?? []).filter((one) => textOf(one) !== textOf(resource)),
    );
  }

  triggersOf(resource: PlacedResource): readonly string[] {
    return TRIGGERS.filter((trigger) => this.#told.get(trigger)?.some((one) => textOf(one) === textOf(resource)));
  }

  get kinds(): string {
    const all = [...this.#told.values()].flat().map(({ store, kind }) => `${store} ${kind}`);
    return [...new Set(all)].sort().join();
  }
}

test('whatever triggers turn out to be about, it knows who is about what, and of which kinds there is something', (t) => {
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 12 }), fc.array(anyResource), (steps, asked) => {
        const book = new ManagedBook();
        const model = new Model();
        return steps.every(({ trigger, resources, forgotten }) => {
          const before = model.kinds;
          const isChanged = forgotten === null ? book.set(trigger, resources) : book.forget(trigger, forgotten);
          if (forgotten === null) model.set(trigger, resources);
          else model.forget(trigger, forgotten);
          const kinds = book.kinds().map(({ store, kind }) => `${store} ${kind}`);
          return (
            kinds.sort().join() === model.kinds &&
            isChanged === (before !== model.kinds) &&
            [...resources, ...asked].every(
              (one) => book.triggersOf(one).slice().sort().join() === model.triggersOf(one).slice().sort().join(),
            )
          );
        });
      }),
      { numRuns: 500 },
    ),
  );
});
