import test from 'ava';
import { ProblemBoard, storeProblems } from '../../cli/run/problem-board.js';

function board() {
  const told: string[] = [];
  return { told, board: new ProblemBoard((state, { message }) => told.push(`${state} ${message}`)) };
}

test('what a store waits for is told anew when it changes, and solved once when it waits no more', (t) => {
  const { told, board: one } = board();
  const health = (message: string) => storeProblems('cluster', { state: 'degraded', message, problems: [] });
  one.set('store cluster', health('reset'));
  one.set('store cluster', health('reset'));
  one.set('store cluster', health('refused'));
  t.false(one.isEmpty);
  one.set('store cluster', storeProblems('cluster', { state: 'healthy', problems: [] }));
  t.true(one.isEmpty);
  t.deepEqual(told, ['found reset', 'found refused', 'solved refused']);
});

test('what a store waits for is told beside what its user can mend', (t) => {
  const problem = { code: 'kind-missing', message: 'waiting for the kind Fruit' };
  const both = storeProblems('cluster', { state: 'degraded', message: 'refused', problems: [problem] });
  t.deepEqual(
    both.map(({ message }) => message),
    ['waiting for the kind Fruit', 'refused'],
  );
  const { told, board: one } = board();
  one.set('store cluster', both);
  one.set('store cluster', [problem]);
  t.deepEqual(told, ['found waiting for the kind Fruit', 'found refused', 'solved refused']);
});

test('what is looked at no longer is not told as solved', (t) => {
  const { told, board: one } = board();
  one.set('store cluster', [{ code: 'watch-forbidden', message: 'may not be watched' }]);
  one.close();
  one.set('store cluster', []);
  t.deepEqual(told, ['found may not be watched']);
});
