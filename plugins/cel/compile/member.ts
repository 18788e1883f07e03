import { type Budget, textSteps } from '../../../kernel/plugin.js';
import { Fault } from '../fault.js';
import { isMapping, isPlainMapping, valueAt } from '../values/mapping.js';
import { numericOf } from '../values/number.js';
import { isList, itemAt } from '../values/sequence.js';
import { typeName } from '../values/type-name.js';
import type { Value } from '../values/value.js';
import type { Evaluate, Operation } from './frame.js';
import { sizeWith } from './operation.js';

/** The value of a field; undefined where there is none. Nothing but own keys of mappings is ever looked at. */
export function fieldOf(value: Value, field: string): Value | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Object.hasOwn(value, field) && isPlainMapping(value)) return value[field];
  return isMapping(value) ? valueAt(value, field) : undefined;
}

/** The item at an index or under a key; undefined where there is none. */
export function itemOf(value: Value, index: Value, budget: Budget): Value | undefined {
  spendKey(index, budget);
  if (isList(value)) {
    const number = numericOf(index);
    return number === undefined ? undefined : itemAt(value, Number(number));
  }
  return isMapping(value) ? valueAt(value, index) : undefined;
}

/** Counts what looking for a long text costs: the platform copies it, and keeps the copies that it has seen. */
export function spendKey(key: Value, budget: Budget): void {
  if (typeof key === 'string') budget.spend(4 * (textSteps(key.length) - 1));
}

/** A field that is asked for. */
export interface CompiledField {
  readonly field: string;
  readonly place: MemberPlace;
}

/** `a.b.c`: fields in a row, read without recursion. */
export function fieldsOperation(receiver: Operation, fields: readonly CompiledField[]): Operation {
  return memberOperation(receiver, [], (frame) => {
    let value = receiver.evaluate(frame);
    for (const { field, place } of fields) {
      const member = fieldOf(value, field);
      if (member === undefined) throw missingField(value, field, place);
      value = member;
    }
    return value;
  });
}

/** `a[b]` */
export function indexOperation(receiver: Operation, index: Operation, place: MemberPlace): Operation {
  const { constant } = index;
  const written = typeof constant === 'string' || typeof constant === 'number' ? JSON.stringify(constant) : undefined;
  return memberOperation(receiver, [index], (frame) => {
    const value = receiver.evaluate(frame);
    const key = index.evaluate(frame);
    const item = itemOf(value, key, frame.budget);
    if (item === undefined) throw missingItem(value, key, place, written);
    return item;
  });
}

/** A part of what is plain, or borrowed, is so itself. */
function memberOperation(receiver: Operation, parts: readonly Operation[], evaluate: Evaluate): Operation {
  const { plain, borrowed } = receiver;
  return { evaluate, plain, borrowed, size: sizeWith([receiver, ...parts]) };
}

/** Where a member is asked for, for messages: the offset in the source, and what the author wrote before it. */
export interface MemberPlace {
  readonly at: number;
  readonly owner: () => string;
}

/** What is wrong with a field that is not there. */
export function missingField(value: Value, field: string, { owner, at }: MemberPlace): Fault {
  if (isMapping(value)) return new Fault(`no such key \`${field}\` in ${owner()}`, at);
  return new Fault(`${owner()} is of type ${typeName(value)}, and has no field \`${field}\``, at);
}

/** What is wrong with an index that leads nowhere. `written` is the index when it is a constant in the source. */
export function missingItem(value: Value, index: Value, { owner, at }: MemberPlace, written?: string): Fault {
  const shown = written === undefined ? '' : ` ${written}`;
  if (isMapping(value)) {
    if (isKey(index)) return new Fault(`no such key${shown} in ${owner()}`, at);
    return new Fault(`a ${typeName(index)} is no key of a mapping`, at);
  }
  if (!isList(value)) return new Fault(`${owner()} is of type ${typeName(value)}, and has no items`, at);
  if (!Number.isInteger(Number(numericOf(index) ?? Number.NaN)))
    return new Fault(`the index of a list must be an int, not ${typeName(index)}`, at);
  return new Fault(`the index${shown} is out of range of ${owner()}`, at);
}

/** Whether a value can be asked for in a mapping. */
export function isKey(value: Value): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || numericOf(value) !== undefined;
}
