import {
  type CelInput,
  celEnv,
  isCelError,
  isCelList,
  isCelMap,
  isCelType,
  isCelUint,
  parse,
  plan,
} from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import test from 'ava';
import { Budget, ExpressionEvaluationError, ExpressionSyntaxError, standardLibrary } from 'koreo-kernel';
import { celEngine } from 'koreo-kernel/plugins/cel';
import { fc } from '../../support/property.js';
import { arbitraryExpression, scope } from './arbitrary-expression.js';
import { show } from './conformance/official-value.js';

const engine = celEngine();
const library = standardLibrary();
const environment = celEnv({ funcs: strings });

const oracleScope = { i: 7n, s: 'héllo', l: [1n, 2n, 3n], m: { a: 1n, b: { c: 'x' } }, n: null };

function ours(source: string): string {
  try {
    return show(engine.compile(source, library).evaluateToValue(scope, new Budget()));
  } catch (error) {
    if (error instanceof ExpressionEvaluationError || error instanceof ExpressionSyntaxError) return 'error';
    throw error;
  }
}

function theirs(source: string): string {
  try {
    const result = plan(environment, parse(source))(oracleScope);
    return isCelError(result) ? 'error' : showTheirs(result);
  } catch {
    return 'error';
  }
}

function showTheirs(value: CelInput): string {
  if (typeof value === 'bigint') return `int ${value}`;
  if (typeof value === 'number') return `double ${value}`;
  if (typeof value === 'boolean') return `bool ${value}`;
  if (value === null) return 'null_type null';
  if (typeof value === 'string') return `string ${value}`;
  if (isCelUint(value)) return `uint ${value.value}`;
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (isCelType(value)) return `type ${value.name}`;
  if (isCelList(value)) return `[${Array.from(value, showTheirs).join(', ')}]`;
  if (isCelMap(value)) {
    return `{${Array.from(value, ([key, item]) => `${showTheirs(key)}: ${showTheirs(item)}`)
      .sort()
      .join(', ')}}`;
  }
  throw new Error('a value that is not expected here');
}

test('expressions mean what they mean to the CEL library', (t) => {
  fc.assert(
    fc.property(arbitraryExpression, (source) => {
      t.is(ours(source), theirs(source), source);
    }),
    { numRuns: 5000 },
  );
});
