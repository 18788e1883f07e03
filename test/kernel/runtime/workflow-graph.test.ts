import test from 'ava';
import { mapBounded } from '../../../kernel/runtime/maybe-promise.js';
import { LATER } from '../../support/later-engine.js';
import { fc } from '../../support/property.js';
import { runWorkflowOf } from '../../support/run.js';
import { workflowOf, workflowText } from '../../support/workflows.js';

interface Node {
  readonly word: string;
  /** Indexes of earlier nodes. */
  readonly needs: readonly number[];
}

/** Any graph of steps, each with the word that says its outcome. */
const graphs: fc.Arbitrary<readonly Node[]> = fc
  .array(
    fc.tuple(fc.constantFrom('fine', 'fine', 'skip', 'dep', 'retry', 'fail'), fc.array(fc.nat(), { maxLength: 3 })),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((nodes) =>
    nodes.map(([word, picks], index) => ({
      word,
      needs: index === 0 ? [] : [...new Set(picks.map((pick) => pick % index))],
    })),
  );

const OUTCOMES: Readonly<Record<string, string>> = { skip: 'Skip', dep: 'DepSkip', retry: 'Retry', fail: 'PermFail' };

/** What each step comes to: its word's outcome when all that it needs is Ok, else DepSkip. */
function expected(graph: readonly Node[]): readonly string[] {
  const types: string[] = [];
  for (const { word, needs } of graph) {
    types.push(needs.every((need) => types[need] === 'Ok') ? (OUTCOMES[word] ?? 'Ok') : 'DepSkip');
  }
  return types;
}

function stepsOf(graph: readonly Node[]): string {
  return graph
    .map(({ word, needs }, index) => {
      const list = needs.map((need) => `=steps.step_${need}.value`).join(', ');
      return `- {label: step_${index}, guard: true, inputs: {value: ${word}, needs: [${list}]}}`;
    })
    .join('\n');
}

test('whatever the graph, a step runs when all that it refers to is Ok, and is DepSkip otherwise', async (t) => {
  const holds = fc.asyncProperty(graphs, fc.boolean(), async (graph, later) => {
    const text = workflowText('any', stepsOf(graph), later ? LATER : '');
    const { steps } = await runWorkflowOf(workflowOf('- {label: unused, echo: true}', text), 'any');
    t.deepEqual(
      steps.map(({ outcome }) => outcome.type),
      expected(graph) as never,
    );
  });
  await t.notThrowsAsync(() => fc.assert(holds, { numRuns: 60 }));
});

test('a bounded map gives every result in its place, and never runs more at once than it may', async (t) => {
  const holds = fc.asyncProperty(
    fc.array(fc.boolean(), { maxLength: 30 }),
    fc.integer({ min: 1, max: 5 }),
    async (items, limit) => {
      let running = 0;
      let most = 0;
      const results = await mapBounded(items, limit, (later, index) => {
        if (!later) return index;
        running += 1;
        most = Math.max(most, running);
        return Promise.resolve().then(() => {
          running -= 1;
          return index;
        });
      });
      t.deepEqual(results, [...items.keys()]);
      t.true(most <= limit);
    },
  );
  await t.notThrowsAsync(() => fc.assert(holds));
});

test('a bounded map in which nothing is a promise gives none', (t) => {
  t.deepEqual(
    mapBounded([1, 2, 3], 2, (item) => item * 2),
    [2, 4, 6],
  );
});

test('an error of one item rejects the whole, whether it is thrown or rejected', async (t) => {
  for (const fail of [() => Promise.reject(new Error('odd')), () => raise(new Error('odd'))]) {
    const run = async () => mapBounded([1, 2, 3], 2, (item) => (item === 2 ? fail() : Promise.resolve(item)));
    await t.throwsAsync(run, { message: 'odd' });
  }
});

function raise(error: Error): never {
  throw error;
}
