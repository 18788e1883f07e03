import test from 'ava';
import { type Json, type Program, recordPlugin, standardLibrary } from 'koreo-kernel';
import { lazyEngine } from '../../cli/lazy-engine.js';
import { tempFolder } from '../support/temp-folder.js';

/** A module that tells when it is loaded and stopped. */
const MODULE = `
globalThis.lazyDiary.push('load');
export default {
  name: 'echo',
  apiVersion: 'v1',
  register: (registry) => {
    registry.engine({ language: 'echo', compile: (source) => ({ source, reads: [], evaluate: () => source }) });
    registry.lifecycle({ stop: () => void globalThis.lazyDiary.push('stop a') });
    registry.lifecycle({ stop: () => void globalThis.lazyDiary.push('stop b') });
  },
};
`;

test.serial(
  'a language is loaded when something is written in it, once for a kernel, and stopped with it',
  async (t) => {
    const diary: string[] = [];
    Object.assign(globalThis, { lazyDiary: diary });
    const folder = tempFolder(t, { 'echo.mjs': MODULE });
    const plugin = lazyEngine({ language: 'echo', module: `${folder}/echo.mjs` });
    const one = recordPlugin(plugin);
    const compile = (source: string): Program | undefined => one.engine[0]?.compile(source, standardLibrary());
    t.is(one.engine[0]?.language, 'echo');
    t.deepEqual(diary, []);
    t.is((await compile('a')?.evaluate({}, {} as never)) as Json, 'a');
    t.is(compile('b')?.source, 'b');
    t.deepEqual(diary, ['load']);

    const { signal } = new AbortController();
    await recordPlugin(plugin).lifecycle[0]?.stop?.({ signal });
    t.deepEqual(diary, ['load'], 'a kernel that has not used it has nothing to stop');
    await one.lifecycle[0]?.stop?.({ signal });
    t.deepEqual(diary, ['load', 'stop b', 'stop a']);
  },
);
