import { existsSync, readFileSync } from 'node:fs';
import test from 'ava';
import { Budget, type Json, type Scope, standardLibrary } from 'koreo-kernel';
import { celEngine } from 'koreo-kernel/plugins/cel';

const FILE = new URL('../../../../../shared/conformance/functions.jsonl', import.meta.url);

interface Case {
  readonly note: string;
  readonly expr: string;
  readonly inputs?: Scope;
  readonly ok?: Json;
  readonly error?: true;
  readonly contains?: string;
}

const cases: readonly Case[] = existsSync(FILE)
  ? readFileSync(FILE, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
  : [];

if (cases.length === 0) test.skip('the shared table of function cases is not here', (t) => t.pass());

for (const { note, expr, inputs = {}, ok, error, contains = '' } of cases) {
  test(`${note}: ${expr}`, (t) => {
    const evaluate = (): unknown =>
      celEngine().compile(expr.slice(1), standardLibrary()).evaluate(inputs, new Budget());
    if (error === undefined) {
      t.deepEqual(evaluate(), ok);
    } else {
      const complaint = t.throws(evaluate);
      t.true(complaint?.message.includes(contains), complaint?.message);
    }
  });
}
