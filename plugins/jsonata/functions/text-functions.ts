import { indexOfText, searchSteps, textSteps } from '../../../kernel/plugin.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import { Fault } from '../fault.js';
import { textForm } from '../values/text-form.js';
import type { Builtin, BuiltinParameter } from './builtin.js';

const TEXT: BuiltinParameter = { name: 'text', type: 'string', context: true };

/** The functions of text that need no regular expressions. Positions count characters, as in all of JSONata. */
export const textFunctions: readonly Builtin[] = [
  {
    name: 'string',
    parameters: [
      { name: 'value', type: 'any', context: true },
      { name: 'prettify', type: 'boolean', optional: true },
    ],
    call: ([value, prettify], evaluation) => textForm(value, evaluation, prettify === true ? 2 : 0),
  },
  onText('length', (text) => codePoints(text)),
  onText('uppercase', (text) => text.toUpperCase()),
  onText('lowercase', (text) => text.toLowerCase()),
  onText('trim', (text) => text.replace(/[ \t\n\r]+/g, ' ').replace(/^ | $/g, '')),
  {
    name: 'substring',
    parameters: [TEXT, { name: 'start', type: 'number' }, { name: 'length', type: 'number', optional: true }],
    call: ([text, start, length], evaluation) => {
      evaluation.spend(textSteps((text as string).length) * 4);
      return substring(text as string, start as number, length as number | undefined);
    },
  },
  around('substringBefore', (text, at) => text.slice(0, at)),
  around('substringAfter', (text, at, part) => text.slice(at + part.length)),
  {
    name: 'pad',
    parameters: [TEXT, { name: 'width', type: 'number' }, { name: 'characters', type: 'string', optional: true }],
    call: ([text, width, characters], evaluation) =>
      pad(text as string, Math.trunc(width as number), (characters as string | undefined) || ' ', evaluation),
  },
  {
    name: 'join',
    parameters: [
      { name: 'list', type: 'list' },
      { name: 'separator', type: 'string', optional: true },
    ],
    call: ([list, separator = ''], evaluation) => join(list as unknown[], separator as string, evaluation),
  },
  onText('base64encode', (text) => {
    for (let at = 0; at < text.length; at++) {
      if (text.charCodeAt(at) > 0xff) {
        throw new Fault('$base64encode knows only characters up to U+00FF; use $b64encode, which encodes UTF-8');
      }
    }
    return Buffer.from(text, 'latin1').toString('base64');
  }),
  onText('base64decode', (text) => Buffer.from(text, 'base64').toString('latin1')),
  onText('encodeUrlComponent', url('encodeUrlComponent', encodeURIComponent)),
  onText('encodeUrl', url('encodeUrl', encodeURI)),
  onText('decodeUrlComponent', url('decodeUrlComponent', decodeURIComponent)),
  onText('decodeUrl', url('decodeUrl', decodeURI)),
];

/** A function of one text whose result is at most a few times as long. */
function onText(name: string, work: (text: string) => string | number): Builtin {
  return {
    name,
    parameters: [TEXT],
    call: ([text], evaluation) => {
      evaluation.spend(textSteps((text as string).length));
      const result = work(text as string);
      if (typeof result === 'string') {
        evaluation.budget.checkString(result.length);
        evaluation.spend(textSteps(result.length));
      }
      return result;
    },
  };
}

function url(name: string, work: (text: string) => string): (text: string) => string {
  return (text) => {
    try {
      return work(text);
    } catch {
      throw new Fault(`$${name}: the text has a part that no URL can have`);
    }
  };
}

function codePoints(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const isPair = unit >= 0xd800 && unit < 0xdc00 && isLowSurrogate(text.charCodeAt(at + 1));
    if (isPair) at++;
    count++;
  }
  return count;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

/** As JSONata has it: a negative start counts from the end, and what lies outside is left away. */
function substring(text: string, start: number, length: number | undefined): string {
  const characters = [...text];
  const from = characters.length + start < 0 ? 0 : start;
  if (length === undefined) return characters.slice(from).join('');
  if (length <= 0) return '';
  return characters.slice(from, from >= 0 ? from + length : characters.length + from + length).join('');
}

function around(name: string, take: (text: string, at: number, part: string) => string): Builtin {
  return {
    name,
    parameters: [TEXT, { name: 'part', type: 'string' }],
    call: ([text, part], evaluation) => {
      evaluation.spend(searchSteps((text as string).length, (part as string).length));
      const at = indexOfText(text as string, part as string);
      return at === -1 ? text : take(text as string, at, part as string);
    },
  };
}

function pad(text: string, width: number, characters: string, evaluation: Evaluation): string {
  evaluation.spend(textSteps(text.length));
  const missing = Math.abs(width) - codePoints(text);
  if (!(missing > 0)) return text;
  evaluation.budget.checkString(text.length + missing);
  evaluation.spend(textSteps(missing));
  const each = codePoints(characters);
  const repeated = characters.repeat(Math.floor(missing / each));
  const padding = repeated + [...characters].slice(0, missing % each).join('');
  return width > 0 ? text + padding : padding + text;
}

function join(list: readonly unknown[], separator: string, evaluation: Evaluation): string {
  evaluation.spend(1 + Math.floor(list.length / 8));
  let length = 0;
  for (const [index, item] of list.entries()) {
    if (typeof item !== 'string') throw new Fault(`$join: item ${index} of \`list\` is no string`);
    length += item.length + separator.length;
  }
  evaluation.budget.checkString(length);
  evaluation.spend(textSteps(length));
  return list.join(separator);
}
