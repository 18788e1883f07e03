import test from 'ava';
import { ExpressionEvaluationError } from 'koreo-kernel';
import { evaluate } from './evaluate.js';

const inputs = {
  name: 'web',
  count: 3,
  nothing: null,
  list: [1, 2, 3],
  nested: { a: { b: [{ c: 'found' }] } },
  'app.example/name': 'dotted',
};

const values: readonly (readonly [source: string, value: unknown])[] = [
  ['inputs.nested.a.b[0].c', 'found'],
  ['inputs["nested"]["a"].b[0]["c"]', 'found'],
  ['inputs["app.example/name"]', 'dotted'],
  ['inputs.`app.example/name`', 'dotted'],
  ['inputs.list[inputs.count - 1]', 3],
  ['inputs.list[1.0]', 2],
  ['inputs[inputs.name == "web" ? "count" : "name"]', 3],
  ['has(inputs.name)', true],
  ['has(inputs.missing)', false],
  ['has(inputs.nothing)', true],
  ['has(inputs["name"])', true],
  ['has(inputs["missing"])', false],
  ['has(inputs.nested["a"].b)', true],
  ['has(inputs.list[2])', true],
  ['has(inputs.list[3])', false],
  ['has(inputs[inputs.name])', false],
  ['has(inputs.missing.deeper.still)', false],
  ['has(inputs.nothing.deeper)', false],
  ['has(inputs.name.deeper)', false],
  ['has(undeclared.deeper)', false],
  ['has({"a": 1}.a)', true],
  ['inputs.list.all(x, has(x.y)) || inputs.nested.a.b.all(x, has(x.c))', true],
  ['"name" in inputs', true],
  ['2 in inputs.list', true],
  ['2.0 in inputs.list', true],
  ['"missing" in inputs', false],
  ['inputs.list.map(x, x * 2)', [2, 4, 6]],
  ['inputs.list.map(x, x > 1, x * 2)', [4, 6]],
  ['inputs.list.filter(x, x != 2)', [1, 3]],
  ['inputs.list.all(x, x > 0)', true],
  ['inputs.list.exists(x, x > 2)', true],
  ['inputs.list.exists_one(x, x > 2)', true],
  ['inputs.list.existsOne(x, x > 1)', false],
  ['inputs.nested.map(key, key)', ['a']],
  ['inputs.nested.exists(key, key == "a")', true],
  [
    'inputs.list.map(x, inputs.list.map(y, x * y))',
    [
      [1, 2, 3],
      [2, 4, 6],
      [3, 6, 9],
    ],
  ],
  ['inputs.list.map(x, inputs.list.filter(x, x > 1).size() + x)', [3, 4, 5]],
  ['[1].map(inputs, .inputs.name)', ['web']],
  ['[1].map(inputs, inputs)', [1]],
  ['inputs.list.reduce(total, x, 0, total + x)', 6],
  ['inputs.list.reduce(all, x, [], [x] + all)', [3, 2, 1]],
  ['inputs.list.reduce(all, x, {}, all.overlay({string(x): x * x}))', { 1: 1, 2: 4, 3: 9 }],
  ['[].reduce(a, x, "initial", a + x)', 'initial'],
  ['inputs.nested.reduce(text, key, "", text + key)', 'a'],
  ['[[1, 2], [3]].reduce(a, l, 0, a + l.reduce(b, x, 0, b + x))', 6],
  ['[1, 2].reduce(a, x, a_is_free.n, a + x)', 10],
  ['1 / 0 == 1 || true', true],
  ['true || 1 / 0 == 1', true],
  ['inputs.missing == 1 && false', false],
  ['[0, 1].exists(x, 1 / x == 1)', true],
  ['[0, 1].all(x, 1 / x == 2)', false],
  ['inputs.list + [4]', [1, 2, 3, 4]],
  ['[1] + [] + [2]', [1, 2]],
  ['{"a": [1, {"b": null}]} == {"a": [1.0, {"b": null}]}', true],
  ['"héllo😀".size()', 6],
  ['size("héllo😀")', 6],
  ['"a😀b".substring(1, 2)', '😀'],
  ['"a😀b".charAt(2)', 'b'],
  ['"a😀b".indexOf("b")', 2],
  ['"a😀b😀".lastIndexOf("😀")', 3],
  ['"tacocat".indexOf("a", 2)', 5],
  ['"tacocat".lastIndexOf("a", 4)', 1],
  ['"  padded\\u00a0 ".trim()', 'padded'],
  ['"Ab-Ç".lowerAscii() + "Ab-ç".upperAscii()', 'ab-ÇAB-ç'],
  ['"a,b,c".split(",", 2)', ['a', 'b,c']],
  ['"a,b,c".split(",", -1)', ['a', 'b', 'c']],
  ['"a,b,c".split(",", 0)', []],
  ['"aaa".replace("a", "b", 2)', 'bba'],
  ['"abc".replace("", "-", 2)', '-a-bc'],
  ['["a", "b"].join()', 'ab'],
  ['["a", "b"].join(", ")', 'a, b'],
  ['"%s is %d of %.2f%%".format(["it", 1, 2.5])', 'it is 1 of 2.50%'],
  ['"%s".format([{"b": [1, null], "a": true}])', '{a: true, b: [1, null]}'],
  ['strings.quote("a\\"b")', '"a\\"b"'],
  ['"abc".matches("^a.c$")', true],
  ['"abc".matches("b")', true],
  ['matches("abc", "^b")', false],
  ['"abc".startsWith("ab") && "abc".endsWith("bc") && "abc".contains("b")', true],
  ['int("-12") + int(3.9) + int("+1")', -8],
  ['double("1.5") + double(1)', 2.5],
  ['string(1.5) + string(2.0) + string(true) + string(7)', '1.52true7'],
  ['bool("true") && !bool("False")', true],
  ['type(1) == int && type("") == string && type(null) == null_type && type(type(1)) == type', true],
  ['type({}) == map && type([]) == list && type(1.0) == double', true],
  ['dyn(1) == 1.0', true],
];

for (const [source, value] of values) {
  test(`${source} gives ${JSON.stringify(value)}`, (t) => {
    t.deepEqual(evaluate(source, { inputs, a_is_free: { n: 7 } }), value);
  });
}

const failures: readonly (readonly [source: string, column: number, message: string])[] = [
  ['inputs.missing', 8, 'no such key `missing` in `inputs`'],
  ['inputs.nested.a.missing.c', 17, 'no such key `missing` in `inputs.nested.a`'],
  ['inputs["no such"]', 7, 'no such key `no such` in `inputs`'],
  ['inputs.nothing.deeper', 16, '`inputs.nothing` is of type null_type, and has no field `deeper`'],
  ['inputs.name.deeper', 13, '`inputs.name` is of type string, and has no field `deeper`'],
  ['inputs.list.first', 13, '`inputs.list` is of type list, and has no field `first`'],
  ['inputs.list[7]', 12, 'the index 7 is out of range of `inputs.list`'],
  ['inputs.list[-1]', 12, 'the index -1 is out of range of `inputs.list`'],
  ['inputs.list[inputs.count]', 12, 'the index is out of range of `inputs.list`'],
  ['inputs.list[0.5]', 12, 'the index of a list must be an int, not double'],
  ['inputs.list[inputs.name]', 12, 'the index of a list must be an int, not string'],
  ['inputs.count[0]', 13, '`inputs.count` is of type int, and has no items'],
  ['inputs[inputs.name]', 7, 'no such key in `inputs`'],
  ['inputs[null]', 7, 'a null_type is no key of a mapping'],
  ['undeclared', 1, 'undeclared name `undeclared` (in scope: `inputs`)'],
  ['1 + undeclared.deeper', 5, 'undeclared name `undeclared` (in scope: `inputs`)'],
  ['inputs.list.map(x, y)', 20, 'undeclared name `y` (in scope: `inputs`)'],
  ['inputs.list.map(x, x.name)', 22, '`x` is of type int, and has no field `name`'],
  ['inputs.name + 1', 13, 'no such overload: string + int'],
  ['1 + 1.0', 3, 'no such overload: int + double'],
  ['inputs.list < 1', 13, 'no such overload: list < int'],
  ['1 in "abc"', 3, 'no such overload: int in string'],
  ['1 / 0', 3, 'int division by zero'],
  ['1 % 0', 3, 'int modulus by zero'],
  ['9223372036854775807 + 1', 21, 'int overflow in +'],
  ['-9223372036854775808 - 1', 22, 'int overflow in -'],
  ['9223372036854775807 * 2', 21, 'int overflow in *'],
  ['inputs.name.lower().missing', 21, 'the value is of type string, and has no field `missing`'],
  ['inputs.name.strip(1)', 13, 'strip: `characters` must be a string, not number'],
  ['inputs.name.join()', 13, 'no such overload: join(string)'],
  ['inputs.list.join()', 13, 'join: item 0 is no string'],
  ['"abc".charAt(4)', 7, 'charAt: the position is outside of the text'],
  ['"abc".substring(2, 1)', 7, 'substring: the start is after the end'],
  ['"%d".format(["a"])', 6, 'format: the clauses and the values do not fit'],
  ['int("12x")', 1, 'the text is no int'],
  ['double("one")', 1, 'the text is no double'],
  ['bool("maybe")', 1, 'the text is no bool'],
  ['int(1e30)', 1, 'int overflow in conversion'],
  ['uint(-1)', 1, 'uint overflow in conversion'],
  ['timestamp("yesterday")', 1, 'timestamp: not an RFC 3339 text, or out of the range of years 1 to 9999'],
  ['duration("soon")', 1, 'duration: not a text such as `1h30m` or `-1.5s`, or out of range'],
  ['timestamp("2024-01-01T00:00:00Z").getHours("Mars/Base")', 35, 'there is no time zone of that name'],
  ['"a".matches(inputs.name + "(")', 5, 'the pattern is not in RE2 syntax: missing closing )'],
  ['inputs.name.map(x, x)', 13, 'a value of type string cannot be gone over; it must be a list or a mapping'],
];

for (const [source, column, message] of failures) {
  test(`${source} fails with the place and a reason`, (t) => {
    const error = t.throws(() => evaluate(source, { inputs }), { instanceOf: ExpressionEvaluationError, message });
    t.deepEqual(error?.position, { line: 1, column });
    t.is(error?.code, 'expression-evaluation');
  });
}

test('conditions, tests and terms must be booleans', (t) => {
  for (const source of ['1 ? 2 : 3', '!1', '1 && true', 'false || "a"', '[1].all(x, x)', '[1].filter(x, x)']) {
    t.throws(() => evaluate(source), { instanceOf: ExpressionEvaluationError, message: /no such overload/ }, source);
  }
});

test('messages never hold values of the scope', (t) => {
  const secret = 's3cr3t-value';
  const scope = { inputs: { secret, list: [1], mapping: { [secret]: 1 } } };
  const sources = [
    'int(inputs.secret)',
    'double(inputs.secret)',
    'bool(inputs.secret)',
    'timestamp(inputs.secret)',
    'duration(inputs.secret)',
    'inputs[inputs.secret]',
    'inputs.list[inputs.secret]',
    'inputs.secret.missing',
    'inputs.mapping.missing',
    'inputs.secret + 1',
    'inputs.secret.matches(inputs.secret + "(")',
    '"%d".format([inputs.secret])',
    'inputs.secret.format([])  + inputs.secret.format([1])',
    'from_json(inputs.secret)',
    'b64decode(inputs.secret + "é")',
    'inputs.secret.split_index("-", 9)',
    'to_ref(inputs.secret)',
    'min([inputs.secret, 1])',
    'timestamp("2024-01-01T00:00:00Z").getHours(inputs.secret)',
    '{inputs.secret: 1, inputs.secret: 2}',
    'inputs.secret.substring(99)',
    'uint(inputs.secret)',
    '-inputs.secret',
    'inputs.secret in inputs.secret',
  ];
  for (const source of sources) {
    const error = t.throws(() => evaluate(source, scope), { instanceOf: ExpressionEvaluationError }, source);
    t.false(`${error?.message}${error?.stack}`.includes(secret), `${source}: ${error?.message}`);
  }
});
