/** A failure as JSONata throws it. Its message is not used: it quotes values. */
export interface LibraryFailure {
  readonly code: string;
  readonly position?: number;
  readonly token?: unknown;
  readonly value?: unknown;
  readonly index?: number;
}

/** Whether something that was thrown is a failure of JSONata's own. */
export function isLibraryFailure(error: unknown): error is LibraryFailure {
  if (typeof error !== 'object' || error === null || error instanceof Error) return false;
  return typeof (error as { code?: unknown }).code === 'string';
}

/**
 * What failed, in words that hold nothing but what stands in the source. Everything about a syntax error stands in it;
 * of other failures only the operator or the name of the function.
 */
export function messageOf({ code, index, token, value }: LibraryFailure): string {
  const own = MESSAGES[code];
  if (own !== undefined) return own.replace('<token>', String(token)).replace('<index>', String(index));
  if (code.startsWith('S')) return syntaxMessage(code, token, value);
  return `$${String(token)} cannot work with what it is given (${code})`;
}

function syntaxMessage(code: string, token: unknown, value: unknown): string {
  switch (code) {
    case 'S0202':
      return `there should be \`${String(value)}\` here, not \`${String(token)}\``;
    case 'S0203':
      return `there should be \`${String(value)}\` before the expression ends`;
    case 'S0213':
      return `the value \`${String(value)}\` cannot be a step of a path`;
    default:
      return `this does not parse (${code})`;
  }
}

const MESSAGES: Readonly<Record<string, string>> = {
  S0101: 'the string has no closing quote',
  S0102: 'the number is out of range',
  S0103: 'there is no escape sequence `\\<token>`',
  S0104: '`\\u` must be followed by four hexadecimal digits',
  S0105: 'the quoted name has no closing backtick',
  S0106: 'the comment has no end',
  S0201: '`<token>` cannot stand here',
  S0204: 'there is no operator `<token>`',
  S0205: '`<token>` cannot stand here',
  S0206: '`<token>` cannot stand here',
  S0207: 'the expression ends too early',
  S0208: 'the parameters of a function must be variables, which begin with `$`',
  S0209: 'a filter cannot follow on a grouping',
  S0210: 'a step can have one grouping only',
  S0211: '`<token>` cannot stand here; an operand is missing before it',
  S0212: 'what `:=` binds must be a variable, which begins with `$`',
  S0214: 'what `<token>` binds must be a variable, which begins with `$`',
  S0215: '`@` must come before the filters of its step',
  S0216: '`@` must come before the ordering of its step',
  S0217: 'it cannot be known what `%` leads to here',
  S0301: 'the regular expression is empty',
  S0302: 'the regular expression has no closing `/`',
  S0401: 'only functions and arrays take a type in angle brackets in a signature',
  S0402: 'a choice in a signature cannot hold types in angle brackets',
  T0410: '$<token>: argument <index> is of a type that it does not take',
  T0411: '$<token>: the context is of a type that it does not take for argument <index>',
  T0412: '$<token>: argument <index> holds items of a type that it does not take',
  D1001: 'a number is not one that JSON has',
  D1002: 'only numbers can be negated with `-`',
  T1003: 'the keys of an object must be strings',
  T1005: '`<token>` is no function; did you mean `$<token>`?',
  T1006: 'only functions can be called',
  T1007: '`<token>` is no function; did you mean `$<token>`?',
  T1008: 'only functions can be called',
  D1009: 'two keys of an object are the same',
  T1010: 'the function that matches gives something else than a match',
  D1011: 'functions call one another too deeply',
  D1012: 'the evaluation takes too much time',
  D1013: 'keys of an object cannot be `_jsonata_lambda` or `_jsonata_function`, which JSONata keeps for itself',
  T2001: 'the left side of `<token>` must be a number',
  T2002: 'the right side of `<token>` must be a number',
  T2003: 'the left side of `..` must be an integer',
  T2004: 'the right side of `..` must be an integer',
  T2006: 'the right side of `~>` must be a function',
  T2007: 'what is ordered by must be of one type: all numbers, or all strings',
  T2008: 'what is ordered by must be numbers or strings',
  T2009: 'both sides of `<token>` must be of one type',
  T2010: 'both sides of `<token>` must be numbers or strings',
  T2011: 'the update of a transform must be a mapping',
  T2012: 'what a transform deletes must be strings',
  T2013: '`$clone` has been bound to something that is no function',
  D3030: '$number: the value is no number',
  D3060: '$sqrt: the number is negative',
  D3061: '$power: the result is not a number that JSON has',
  D3100: '$formatBase: the base must be from 2 to 36',
  D3130: '$<token>: the picture asks for a numbering that is not known',
  D3131: '$<token>: the digits of a picture must be of one script',
  D3132: '$<token>: the picture has a component that is not known',
  D3133: '$<token>: only months and days have names',
  D3134: '$<token>: the zone in the picture has more than four digits',
  D3135: '$<token>: a bracket in the picture is not closed',
};
