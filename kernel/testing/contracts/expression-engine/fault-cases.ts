/** Sources that are no expression. Each is told as ExpressionSyntaxError, with its place. */
export const syntaxCases = [
  'nothing at all',
  'an end that comes too soon',
  'a character that means nothing',
  'a bracket that is not closed',
  'a text that is not closed',
  'something after the end',
  'a fault in the third line',
  'a fault after characters beyond 16 bits',
  'an unknown function',
] as const;

export type SyntaxCase = (typeof syntaxCases)[number];

/** Expressions that fail over the scope of secrets. Each is told as ExpressionEvaluationError, without a secret. */
export const faultCases = [
  'a missing member',
  'a member of a text',
  'a missing name',
  'a secret as a missing key',
  'a secret as an index',
  'a secret added to a number',
  'a secret compared with a number',
  'a secret that is no condition',
  'a number that is no text',
  'an argument of a wrong type',
  'a complaint of a function',
  'a text that is no JSON',
  'a fault in the second line',
] as const;

export type FaultCase = (typeof faultCases)[number];

const SECRET = 'hunter2';
const PIN = 424_242;

/** The scope of the expressions that fail. */
export const secretScope = {
  inputs: {
    secret: SECRET,
    pin: PIN,
    list: [SECRET, PIN],
    mapping: { [SECRET]: SECRET },
    nested: { text: `{${SECRET}` },
  },
};

/** Whether a text quotes a value, or a key, of the scope of secrets. */
export function isLeak(text: string): boolean {
  return text.includes(SECRET) || text.includes(String(PIN));
}
