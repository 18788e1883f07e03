import { Budget, freezeDeep, type Json } from '../../../plugin.js';
import { entryOf } from './dialect.js';
import { type Contract, sourceOf } from './harness.js';
import { type SharedCase, sharedCases, sharedScope } from './shared-cases.js';

/** An evaluation changes nothing, keeps nothing, and mixes nothing up. */
export function purity({ test, dialect }: Contract): void {
  const sources = (Object.keys(sharedCases) as SharedCase[]).flatMap(
    (name) => sourceOf(entryOf(dialect.shared, name)) ?? [],
  );

  test('a scope that cannot be changed is evaluated, and one that can is not changed', async (t, engine) => {
    const open = structuredClone(sharedScope);
    for (const source of sources) {
      const frozen = await Promise.allSettled([engine.evaluate(source, freezeDeep(structuredClone(sharedScope)))]);
      const free = await Promise.allSettled([engine.evaluate(source, open)]);
      t.deepEqual(free, frozen, source);
    }
    t.deepEqual(open, sharedScope);
    t.deepEqual(Reflect.ownKeys(open.inputs as object), Reflect.ownKeys(sharedScope.inputs as object));
  });

  test('who changes a result changes no other', async (t, engine) => {
    for (const source of sources) {
      const { value: program } = (await settled(async () => engine.compile(source))) ?? {};
      if (program === undefined) continue;
      const evaluate = async () => program.evaluate(structuredClone(sharedScope), new Budget());
      const first = await settled(evaluate);
      if (first === undefined) continue;
      const before = structuredClone(first.value);
      spoil(first.value);
      t.deepEqual(await evaluate(), before, source);
    }
  });

  test('two scopes are never mixed, also while they are evaluated at the same time', async (t, engine) => {
    const program = engine.compile(engine.whole(dialect.member('inputs', 'n')));
    const numbers = Array.from({ length: 50 }, (_, n) => n);
    const values = await Promise.all(numbers.map(async (n) => program.evaluate({ inputs: { n } }, new Budget())));
    t.deepEqual(values, numbers);
  });

  test('a scope is read when it is evaluated, with whatever names it has', async (t, engine) => {
    const program = engine.compile(engine.whole('other'));
    t.is(await program.evaluate({ other: 1 }, new Budget()), 1);
    await t.throwsAsync((async () => program.evaluate({ inputs: 1 }, new Budget()))());
    t.is(await program.evaluate({ other: 2, inputs: 1 }, new Budget()), 2);
  });
}

async function settled<T>(work: () => Promise<T>): Promise<{ readonly value: T } | undefined> {
  const [result] = await Promise.allSettled([work()]);
  return result?.status === 'fulfilled' ? { value: result.value } : undefined;
}

/** Writes into everything that does not keep it from doing so. */
function spoil(value: Json): void {
  if (typeof value !== 'object' || value === null) return;
  for (const child of Object.values(value)) spoil(child);
  Reflect.set(value, 'spoilt', true);
  Reflect.set(value, '0', 'spoilt');
}
