import type { IncrementalTest } from '@bufbuild/cel-spec/testdata/tests.js';
import { floatValue, integerValue } from 'koreo-kernel';
import { Bytes } from '../../../../plugins/cel/values/bytes.js';
import { KeyedMap, keyIdentity } from '../../../../plugins/cel/values/keyed-map.js';
import { entriesOf, isMapping } from '../../../../plugins/cel/values/mapping.js';
import { isList, itemAt, lengthOf } from '../../../../plugins/cel/values/sequence.js';
import { Duration, Timestamp } from '../../../../plugins/cel/values/time.js';
import { typeName } from '../../../../plugins/cel/values/type-name.js';
import { TypeValue } from '../../../../plugins/cel/values/type-value.js';
import { Uint } from '../../../../plugins/cel/values/uint.js';
import type { Value } from '../../../../plugins/cel/values/value.js';

type Matcher = IncrementalTest['original']['resultMatcher'];
/** A value as the official cases write it. */
export type OfficialValue = Extract<Matcher, { case: 'value' }>['value'];

/** An official value as the engine has it. */
export function toValue({ kind }: OfficialValue): Value {
  switch (kind.case) {
    case 'int64Value':
      return integerValue(kind.value);
    case 'uint64Value':
      return new Uint(kind.value);
    case 'doubleValue':
      return floatValue(kind.value);
    case 'boolValue':
    case 'stringValue':
      return kind.value;
    case 'nullValue':
      return null;
    case 'bytesValue':
      return new Bytes(kind.value);
    case 'typeValue':
      return new TypeValue(kind.value);
    case 'listValue':
      return kind.value.values.map(toValue);
    case 'mapValue':
      return mapOf(kind.value.entries);
    default:
      throw new Error(`no value for ${kind.case}`);
  }
}

function mapOf(entries: readonly { key?: OfficialValue | undefined; value?: OfficialValue | undefined }[]): Value {
  const map = new Map<string, readonly [Value, Value]>();
  for (const { key, value } of entries) {
    if (key === undefined || value === undefined) throw new Error('an entry without key or value');
    map.set(keyIdentity(toValue(key)) ?? '', [toValue(key), toValue(value)]);
  }
  if (!entries.every(({ key }) => key?.kind.case === 'stringValue')) return new KeyedMap(map);
  return Object.fromEntries(map.values());
}

/** A text that is the same for values that are the same in type and value; maps have no order. */
export function show(value: Value): string {
  if (isList(value))
    return `[${Array.from({ length: lengthOf(value) }, (_, i) => show(itemAt(value, i) ?? null)).join(', ')}]`;
  if (isMapping(value)) {
    const entries = Array.from(entriesOf(value), ([key, item]) => `${show(key)}: ${show(item)}`);
    return `{${entries.sort().join(', ')}}`;
  }
  return `${typeName(value)} ${scalar(value)}`;
}

function scalar(value: Value): string {
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Bytes) return Buffer.from(value.bytes).toString('hex');
  if (value instanceof TypeValue) return value.name;
  if (value instanceof Timestamp || value instanceof Duration) return String(value.nanoseconds);
  if (typeof value === 'object' && value !== null && 'value' in value) return String(value.value);
  return String(value);
}
