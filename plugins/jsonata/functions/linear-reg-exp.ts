import type { RE2JS } from 're2js';
import { linearPatterns, patternExcess } from '../../../kernel/plugin.js';
import { Fault } from '../fault.js';

/** A match as JSONata's evaluator reads it from a regular expression. */
export interface LinearMatch extends Array<string> {
  index: number;
}

/**
 * The part of `RegExp` that JSONata needs, with RE2's meaning, so that it runs in linear time whatever the pattern.
 * Groups that took no part are empty texts.
 */
export class LinearRegExp {
  lastIndex = 0;
  /** About how many instructions each character costs at most. */
  readonly size: number;
  readonly #pattern: RE2JS;

  /** @throws Fault for a pattern that RE2 does not know, such as one with look-ahead or back-references */
  constructor({ flags, source }: Pick<RegExp, 'flags' | 'source'>) {
    this.#pattern = compile(source, flags);
    this.size = this.#pattern.programSize();
  }

  /** The first match from `lastIndex` on, after which `lastIndex` is its end; null when there is none. */
  exec(text: string): LinearMatch | null {
    const matcher = this.#pattern.matcher(text);
    if (this.lastIndex > text.length || !matcher.find(this.lastIndex)) return null;
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group) ?? '');
    this.lastIndex = matcher.end();
    return Object.assign(groups, { index: matcher.start() });
  }
}

function compile(source: string, flags: string): RE2JS {
  const excess = patternExcess(source);
  if (excess !== undefined) throw new Fault(`the regular expression ${excess}`);
  const { RE2JS, RE2JSSyntaxException } = linearPatterns();
  const ignoreCase = flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0;
  const multiline = flags.includes('m') ? RE2JS.MULTILINE : 0;
  try {
    return RE2JS.compile(source, ignoreCase | multiline);
  } catch (error) {
    const reason = error instanceof RE2JSSyntaxException ? `: ${error.getDescription()}` : '';
    throw new Fault(`the regular expression is not in RE2 syntax, which runs in linear time${reason}`);
  }
}
