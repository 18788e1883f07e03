import test from 'ava';
import { createWorkbench, type ExpressionEngine, type Plugin } from 'koreo-kernel';

test('so many compiled expressions are kept as the limit says; those used longest ago make room', (t) => {
  const compiled: string[] = [];
  const engine: ExpressionEngine = {
    language: 'echo',
    compile: (source) => {
      compiled.push(source);
      return { source, reads: [], evaluate: () => source };
    },
  };
  const plugin: Plugin = { name: 'echo', apiVersion: 'v1', register: (registry) => registry.engine(engine) };
  const { context } = createWorkbench({ plugins: [plugin], language: 'echo', limits: { compiledExpressions: 2 } });
  for (const source of ['a', 'b', 'a', 'c', 'a', 'b']) context.programs.compile(engine, source, context.library);
  t.deepEqual(compiled, ['a', 'b', 'c', 'b']);
});
