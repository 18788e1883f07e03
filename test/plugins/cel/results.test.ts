import test from 'ava';
import { ExpressionEvaluationError } from 'koreo-kernel';
import { evaluate } from './evaluate.js';

const results: readonly (readonly [source: string, value: unknown])[] = [
  ['timestamp("2024-02-29T12:00:00Z")', '2024-02-29T12:00:00Z'],
  ['timestamp("2024-02-29T12:00:00.5+01:00")', '2024-02-29T11:00:00.500Z'],
  ['timestamp("1969-12-31T23:59:59.999999999Z")', '1969-12-31T23:59:59.999999999Z'],
  ['timestamp(0)', '1970-01-01T00:00:00Z'],
  ['timestamp("2024-01-01T00:00:00Z") + duration("36h")', '2024-01-02T12:00:00Z'],
  ['timestamp("2024-03-01T00:00:00Z") - timestamp("2024-02-28T00:00:00Z")', '172800s'],
  ['duration("1h30m")', '5400s'],
  ['duration("-1500ms")', '-1.500s'],
  ['duration("1us")', '0.000001s'],
  ['string(duration("90s")) + string(timestamp(1))', '90s1970-01-01T00:00:01Z'],
  ['b"\\x00\\xff"', 'AP8='],
  ['bytes("é")', 'w6k='],
  ['type(1)', 'int'],
  ['int', 'int'],
  ['{"a": google.protobuf.Duration}', { a: 'google.protobuf.Duration' }],
  ['[type("a"), type([])]', ['string', 'list']],
  ['type(timestamp(0))', 'google.protobuf.Timestamp'],
  ['7u', 7],
  ['{1: "a", true: "b", 2u: "c"}', { 1: 'a', true: 'b', 2: 'c' }],
  ['{"when": [timestamp(0)], "same": "x"}', { when: ['1970-01-01T00:00:00Z'], same: 'x' }],
  ['timestamp("2024-03-10T09:30:15.250Z").getFullYear()', 2024],
  ['timestamp("2024-03-10T09:30:15.250Z").getMonth()', 2],
  ['timestamp("2024-03-10T09:30:15.250Z").getDate()', 10],
  ['timestamp("2024-03-10T09:30:15.250Z").getDayOfMonth()', 9],
  ['timestamp("2024-03-10T09:30:15.250Z").getDayOfWeek()', 0],
  ['timestamp("2024-03-10T09:30:15.250Z").getDayOfYear()', 69],
  ['timestamp("2024-03-10T09:30:15.250Z").getHours()', 9],
  ['timestamp("2024-03-10T09:30:15.250Z").getMilliseconds()', 250],
  ['timestamp("2024-03-10T09:30:15Z").getHours("+05:30")', 15],
  ['timestamp("2024-03-10T09:30:15Z").getMinutes("-00:45")', 45],
  ['timestamp("2024-03-10T02:30:00Z").getHours()', 2],
  ['timestamp("2024-03-10T06:59:59Z").getHours("America/New_York")', 1],
  ['timestamp("2024-03-10T07:00:00Z").getHours("America/New_York")', 3],
  ['timestamp("0001-01-01T00:00:00Z").getFullYear("UTC")', 1],
  ['duration("3h5m7s250ms").getMinutes()', 185],
  ['duration("3h5m7s250ms").getMilliseconds()', 250],
  ['timestamp("2024-01-01T00:00:00Z") < timestamp("2024-01-01T00:00:00.000000001Z")', true],
  ['duration("1h") == duration("60m")', true],
];

for (const [source, value] of results) {
  test(`${source} comes out as ${JSON.stringify(value)}`, (t) => {
    t.deepEqual(evaluate(source), value);
  });
}

test('keys that become equal as text are an error', (t) => {
  t.throws(() => evaluate('{1: "a", "1": "b"}'), { instanceOf: ExpressionEvaluationError, message: /the same text/ });
});

test('functions of the library take JSON only, and say how to make it', (t) => {
  for (const source of [
    'to_json(timestamp(0))',
    'lower(b"a")',
    '{"a": duration("1s")}.values()',
    'flatten([[type(1)]])',
  ]) {
    t.throws(
      () => evaluate(source),
      { instanceOf: ExpressionEvaluationError, message: /is not JSON; make it text with `string/ },
      source,
    );
  }
  t.is(evaluate('to_json({1: 2u})'), '{"1": 2}');
});

test('times beyond their range are errors', (t) => {
  for (const source of [
    'timestamp("9999-12-31T23:59:59Z") + duration("1s")',
    'timestamp("0001-01-01T00:00:00Z") - duration("1ns")',
    'duration("2562047h") + duration("2562047h")',
    'timestamp(253402300800)',
  ]) {
    t.throws(() => evaluate(source), { instanceOf: ExpressionEvaluationError, message: /out of/ }, source);
  }
});
