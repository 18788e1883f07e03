import test from 'ava';
import { ExpressionEvaluationError, type Json, type Scope } from 'koreo-kernel';
import { evaluate } from './evaluate.js';

const inputs = { a: 'text', n: 1, list: [1], mapping: {} };
const prototypeNames = [
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
];

for (const name of prototypeNames) {
  test(`nothing of JavaScript is reached by the name ${name}`, (t) => {
    const scope: Scope = { inputs };
    const owners = [
      'inputs',
      'inputs.a',
      'inputs.n',
      'inputs.list',
      'inputs.mapping',
      '""',
      '1',
      '1.0',
      '[]',
      '{}',
      '{1: 2}',
      'b"a"',
      '1u',
    ];
    owners.push('timestamp(0)', 'duration("1s")', 'type(1)', '([1] + [2])', '{"a": 1}.overlay({})', 'true', 'null');
    for (const owner of owners) {
      t.throws(() => evaluate(`(${owner}).${name}`, scope), { instanceOf: ExpressionEvaluationError }, owner);
      t.throws(() => evaluate(`(${owner})["${name}"]`, scope), { instanceOf: ExpressionEvaluationError }, owner);
      t.is(evaluate(`has(${owner === 'inputs' ? owner : `(${owner})`}.${name})`, scope), false, owner);
    }
    t.throws(() => evaluate(name, scope), { instanceOf: ExpressionEvaluationError, message: /undeclared name/ });
    t.throws(() => evaluate(`inputs[inputs.name]`, { inputs: { name } }), { message: 'no such key in `inputs`' });
    t.is(evaluate(`"${name}" in inputs.mapping`, scope), false);
    t.throws(() => evaluate(`inputs.${name}()`, scope), { message: /there is no function/ });
    t.throws(() => evaluate(`${name}()`, scope), { message: /there is no function/ });
  });

  test(`a key ${name} in data is a key like any other`, (t) => {
    const data: Json = JSON.parse(`{"${name}": {"x": 1}}`);
    const scope = { inputs: data };
    t.is(evaluate(`inputs.${name}.x`, scope), 1);
    t.is(evaluate(`inputs["${name}"]["x"]`, scope), 1);
    t.is(evaluate(`has(inputs.${name})`, scope), true);
    t.is(evaluate(`"${name}" in inputs`, scope), true);
    t.deepEqual(evaluate('inputs.keys()', scope), [name]);
    t.deepEqual(evaluate('inputs.map(k, k)', scope), [name]);
    t.deepEqual(evaluate('inputs', scope), data);
    t.deepEqual(
      evaluate('[inputs.overlay({"y": timestamp(0) == timestamp(0)})][0]', scope),
      JSON.parse(`{"${name}": {"x": 1}, "y": true}`),
    );
    t.deepEqual(evaluate(`{"${name}": {"x": 1}}`), data);
    t.deepEqual(evaluate(`{"${name}": {"x": 1.0}}`), data);
    t.deepEqual(evaluate(`{inputs.key: {"x": 1}}`, { inputs: { key: name } }), data);
    t.deepEqual(evaluate(`from_json(to_json({"${name}": {"x": 1}}))`), data);
    t.is(evaluate(name, JSON.parse(`{"${name}": 7}`)), 7);
    t.is(Object.getPrototypeOf(evaluate(`{"${name}": {"x": 1}}`)), Object.prototype);
  });
}

test('nothing is polluted by any of it', (t) => {
  evaluate('{"__proto__": {"polluted": true}}.overlay({"__proto__": {"polluted": true}})');
  evaluate('from_json("{\\"__proto__\\": {\\"polluted\\": true}}")');
  t.false('polluted' in {});
});
