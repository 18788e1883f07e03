import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test from 'ava';
import { Budget, recordPlugin, standardLibrary } from 'koreo-kernel';
import plugin, { jsonataEngine } from 'koreo-kernel/plugins/jsonata';
import { repeat } from '../../support/repeat-function.js';

test('the plug-in registers an engine for the language jsonata, and nothing else', (t) => {
  const { engine, ...others } = recordPlugin(plugin);
  t.is(plugin.name, 'jsonata');
  t.deepEqual(
    engine.map(({ language }) => language),
    ['jsonata'],
  );
  t.deepEqual(Object.values(others).flat(), []);
});

test('nobody who writes no JSONata loads it', async (t) => {
  const root = new URL('../../../', import.meta.url).href;
  const script = `
    const { createRequire } = await import('node:module');
    const { enginePlugins } = await import('${root}cli/engine-plugins.js');
    const { recordPlugin, standardLibrary } = await import('${root}kernel/plugin.js');
    const loaded = () => Object.keys(createRequire('${root}').cache).some((file) => /node_modules.jsonata/.test(file));
    const engines = enginePlugins.flatMap((plugin) => recordPlugin(plugin).engine);
    engines.find(({ language }) => language === 'cel').compile('1', standardLibrary());
    const before = loaded();
    engines.find(({ language }) => language === 'jsonata').compile('1', standardLibrary());
    console.log(before, loaded());`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  t.is(stdout.trim(), 'false true');
});

test('a function of a plug-in is called with a dollar sign, by itself, in a chain, and by other functions', async (t) => {
  const library = new Map([...standardLibrary(), ['repeat', repeat] as const]);
  const evaluate = async (source: string) =>
    jsonataEngine()
      .compile(source, library)
      .evaluate({ inputs: { n: 2, list: ['a', 'b'] } }, new Budget());
  t.is(await evaluate('$repeat("ab", inputs.n)'), 'abab');
  t.is(await evaluate('"ab" ~> $repeat(inputs.n)'), 'abab');
  t.deepEqual(await evaluate('$map(inputs.list, $repeat(?, 3))'), ['aaa', 'bbb']);
  t.deepEqual(await evaluate('inputs.list.$repeat($, $$.inputs.n)'), ['aa', 'bb']);
  await t.throwsAsync(evaluate('$repeat("a", -1)'), { message: 'repeat: `times` must not be negative' });
  await t.throwsAsync(evaluate('$repeat("a", 1e9)'), { code: 'limit-exceeded' });
  await t.throwsAsync(evaluate('$repeat("a")'), { message: 'repeat(text, times) takes 2 arguments, not 1' });
});
