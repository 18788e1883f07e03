import test from 'ava';
import { checkTestsAndDefinitions } from './support/checks.js';
import { copyExample } from './support/example.js';

test('cluster: its definitions are right and its tests pass, without a cluster', async (t) => {
  await checkTestsAndDefinitions(t, copyExample(t, 'cluster'));
});
