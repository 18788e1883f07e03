import assert from 'node:assert/strict';
import test from 'node:test';
import { EnvTextError, parseEnv, withVariables } from './env-text.js';

test('variables are read, comments and empty lines passed over', () => {
  const text = '# ports\nPORT=80\n\nexport HOST = example.com \nNAME="a \\"b\\"\\nc"\nRAW=\'$x\'\nPORT=8080\n';
  assert.deepEqual(parseEnv(text), { PORT: '8080', HOST: 'example.com', NAME: 'a "b"\nc', RAW: '$x' });
  assert.deepEqual(parseEnv(''), {});
});

test('a line that means nothing is told with its number', () => {
  assert.throws(
    () => parseEnv('A=1\n\nwhat is this\n'),
    (error) => error instanceof EnvTextError && error.line === 3,
  );
});

test('what is written reads as what was meant', () => {
  const variables = {
    PLAIN: 'a/b:c',
    EMPTY: '',
    SPACE: ' a b ',
    QUOTE: `"'\\`,
    LINES: 'one\ntwo',
    DOLLAR: '$HOME `x`',
    HASH: '#',
  };
  assert.deepEqual(parseEnv(withVariables('', variables)), variables);
});

test('only what has to change is changed', () => {
  const text = "# who we are\nNAME='shop'\n# where\nPORT=80\nOLD=1\n";
  assert.equal(
    withVariables(text, { NAME: 'shop', PORT: '8080', NEW: 'x y' }),
    '# who we are\nNAME=\'shop\'\n# where\nPORT=8080\nNEW="x y"\n',
  );
  assert.equal(withVariables(text, parseEnv(text)), text);
});
