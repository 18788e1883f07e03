import { textSteps } from '../../../kernel/plugin.js';
import type { Evaluation } from '../evaluation/evaluation.js';
import { Fault } from '../fault.js';
import { isFunctionValue, type Value } from './kinds.js';

const MAX_DEPTH = 500;

/** What writing a list or mapping costs, apart from its items. */
const STEPS_PER_COMPOSITE = 24;

/** A value as text, as `$string` and `&` write it: strings as they are, all else as JSON, functions as nothing. */
export function textForm(value: Value, evaluation: Evaluation, indent = 0): string {
  if (typeof value === 'string') return value;
  const writer = new TextForm(evaluation, indent);
  writer.write(value, 0);
  return writer.text;
}

class TextForm {
  text = '';
  #counted = 0;

  constructor(
    private readonly evaluation: Evaluation,
    private readonly indent: number,
  ) {}

  write(value: Value, depth: number): void {
    if (Array.isArray(value)) {
      this.#items('[', ']', value, depth, (item) => this.write(item, depth + 1));
    } else if (typeof value === 'object' && value !== null && !isFunctionValue(value)) {
      const entries = Object.entries(value).filter(([, item]) => item !== undefined);
      this.#items('{', '}', entries, depth, ([key, item]) => {
        this.#put(`${JSON.stringify(key)}:${this.indent === 0 ? '' : ' '}`);
        this.write(item, depth + 1);
      });
    } else {
      this.#put(scalarText(value, depth));
    }
  }

  #items<T>(open: string, close: string, items: readonly T[], depth: number, write: (item: T) => void): void {
    if (depth > MAX_DEPTH) throw new Fault(`the value is nested deeper than ${MAX_DEPTH} levels`);
    this.evaluation.spend(STEPS_PER_COMPOSITE + 4 * items.length);
    this.#put(open);
    for (const [index, item] of items.entries()) {
      if (index > 0) this.#put(',');
      this.#line(depth + 1);
      write(item);
    }
    if (items.length > 0) this.#line(depth);
    this.#put(close);
  }

  #line(depth: number): void {
    if (this.indent > 0) this.#put(`\n${' '.repeat(this.indent * depth)}`);
  }

  #put(text: string): void {
    this.text += text;
    if (this.text.length - this.#counted < 1024) return;
    this.evaluation.budget.checkString(this.text.length);
    this.evaluation.spend(textSteps(this.text.length - this.#counted));
    this.#counted = this.text.length;
  }
}

function scalarText(value: Value, depth: number): string {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Fault('there is no text for infinity, or for what is not a number');
    // JSONata's own rule: what is beyond 15 digits is noise of binary fractions.
    return String(Number.isInteger(value) ? (value === 0 ? 0 : JSON.stringify(value)) : Number(value.toPrecision(15)));
  }
  if (isFunctionValue(value)) return depth === 0 ? '' : '""';
  return JSON.stringify(value ?? null);
}
