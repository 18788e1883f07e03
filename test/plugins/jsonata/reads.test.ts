import test from 'ava';
import { type Path, standardLibrary } from 'koreo-kernel';
import { jsonataEngine } from 'koreo-kernel/plugins/jsonata';

const compile = (source: string) => jsonataEngine().compile(source, standardLibrary());
const text = (paths: readonly Path[]): string =>
  paths
    .map((path) => path.join('.'))
    .sort()
    .join(' ');

const cases: readonly (readonly [source: string, reads: string])[] = [
  ['steps.config.name', 'steps.config.name'],
  ['$$.steps.config.name', 'steps.config.name'],
  ['$.steps.config.name', 'steps.config.name'],
  ['steps.(config.name & other.x)', 'steps.config.name steps.other.x'],
  ['steps.config.{"a": name, "b": $$.inputs.b}', 'inputs.b steps.config.name'],
  ['($s := steps; $s.config.name)', 'steps.config.name'],
  ['($s := steps; $c := $s.config; $c.name & $c.size)', 'steps.config.name steps.config.size'],
  ['($f := function($x) { $x.name & steps.config.size }; $f(inputs.a))', 'inputs.a steps.config.size'],
  ['(inputs.c ? steps.a : steps.b).name', 'inputs.c steps.a.name steps.b.name'],
  ['inputs.list[0].name', 'inputs.list.0.name'],
  ['inputs.list[-1].name', 'inputs.list'],
  ['inputs.list[type = $$.inputs.type].name', 'inputs.list inputs.type'],
  ['inputs.list^(>size).name', 'inputs.list'],
  ['inputs.list{name: size}', 'inputs.list'],
  ['inputs.list@$i.($i.name & $$.locals.x)', 'inputs.list.name locals.x'],
  ['inputs.list#$i.(name & $i)', 'inputs.list.name'],
  ['inputs.a.b.%.c', 'inputs.a.c'],
  ['inputs.list[%.flag].name', 'inputs.flag inputs.list'],
  ['inputs.*', 'inputs'],
  ['inputs.**.name', 'inputs'],
  ['$lookup(inputs, locals.key)', 'inputs locals.key'],
  ['inputs ~> |items|{"a": locals.x}|', 'inputs'],
  ['inputs ~> |items|{"a": $$.locals.x}|', 'inputs locals.x'],
  ['inputs.name.$uppercase()', 'inputs.name'],
  ['inputs.name ~> $strip(locals.chars)', 'inputs.name locals.chars'],
  ['$reduce(steps.list, function($all, $x) { $all & $x & inputs.sep })', 'inputs.sep steps.list'],
  ['[inputs.a..inputs.b]', 'inputs.a inputs.b'],
  ['$string(?)(inputs.a)', 'inputs.a'],
];

for (const [source, reads] of cases) {
  test(`${source} reads ${reads}`, (t) => {
    t.is(text(compile(source).reads), reads);
  });
}

test('what an expression asks after may be missing', (t) => {
  const tests = (source: string) => text(compile(source).tests);
  t.is(tests('$exists(inputs.a) ? inputs.a : 1'), 'inputs.a');
  t.is(tests('inputs.a ?? 1'), 'inputs.a');
  t.is(tests('inputs.a.b ?: inputs.c'), 'inputs.a.b');
  t.is(tests('inputs.a ? inputs.b : inputs.c'), '');
  t.is(tests('$map(inputs.list, function($x) { $exists($x.a) })'), '');
});

test('what an expression may give as it is', (t) => {
  const gives = (source: string) => text(compile(source).gives);
  t.is(gives('inputs.a.b'), 'inputs.a.b');
  t.is(gives('inputs.c ? inputs.a : inputs.b'), 'inputs.a inputs.b');
  t.is(gives('inputs.a ?? inputs.b'), 'inputs.a inputs.b');
  t.is(gives('($x := inputs.a; $x)'), 'inputs.a');
  t.is(gives('inputs.a & "b"'), '');
  t.is(gives('inputs.list[n = 1]'), '');
});

test('variables are known wherever they are bound around, and nowhere else', (t) => {
  t.notThrows(() =>
    compile('($even := function($n) { $n = 0 or $odd($n - 1) }; $odd := function($n) { $even($n - 1) }; $even(2))'),
  );
  t.throws(() => compile('($x := 1; $x) + $x'), { message: /there is no variable or function `\$x`/ });
  t.throws(() => compile('(function($x) { $x })(1) + $x'), { message: /`\$x`/ });
  t.notThrows(
    () => compile('($now := function() { 1 }; $now())'),
    'a variable may have the name of what is switched off',
  );
});
