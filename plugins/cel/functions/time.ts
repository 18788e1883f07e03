import type { Budget } from '../../../kernel/plugin.js';
import { Fault } from '../fault.js';
import { isInt } from '../values/number.js';
import { Duration, Timestamp } from '../values/time.js';
import type { Value } from '../values/value.js';
import { type CelFunction, wrongArguments } from './cel-function.js';
import type { CelLibrary } from './cel-library.js';
import { localDate } from './time-zone.js';

const DAY = 86_400_000;
const MILLISECOND = 1_000_000n;
const SECOND = 1_000n * MILLISECOND;

/** No timestamp, duration or name of a time zone is longer. */
const LONGEST_TEXT = 128;

/** What reading a timestamp or a duration costs, in evaluation steps. */
const READ_STEPS = 300;

/** What setting up a named time zone costs, in evaluation steps. */
const ZONE_STEPS = 3_000;

/** Timestamps and durations, and what can be asked of them. There is no `now`: the same scope gives the same value. */
export function timeFunctions(library: CelLibrary): readonly CelFunction[] {
  return [
    { name: 'timestamp', arity: 1, call: (args, budget) => timestamp(args, library, budget) },
    { name: 'duration', arity: 1, call: (args, budget) => duration(args, library, budget) },
    ...dateField('getFullYear', (date) => date.getUTCFullYear()),
    ...dateField('getMonth', (date) => date.getUTCMonth()),
    ...dateField('getDate', (date) => date.getUTCDate()),
    ...dateField('getDayOfMonth', (date) => date.getUTCDate() - 1),
    ...dateField('getDayOfWeek', (date) => date.getUTCDay()),
    ...dateField('getDayOfYear', dayOfYear),
    ...clockField('getHours', 3600n * SECOND, (date) => date.getUTCHours()),
    ...clockField('getMinutes', 60n * SECOND, (date) => date.getUTCMinutes()),
    ...clockField('getSeconds', SECOND, (date) => date.getUTCSeconds()),
    ...clockField('getMilliseconds', MILLISECOND, (date) => date.getUTCMilliseconds()),
  ];
}

function timestamp(args: readonly Value[], library: CelLibrary, budget: Budget): Value {
  const [value] = args;
  if (value instanceof Timestamp) return value;
  if (typeof value !== 'string' && !isInt(value)) throw wrongArguments('timestamp', args);
  const nanoseconds = isInt(value)
    ? BigInt(value) * SECOND
    : readShort(value, budget, (text) => library.timestampOf(text));
  const result = nanoseconds === undefined ? undefined : Timestamp.of(nanoseconds);
  if (result === undefined) throw new Fault('timestamp: not an RFC 3339 text, or out of the range of years 1 to 9999');
  return result;
}

function duration(args: readonly Value[], library: CelLibrary, budget: Budget): Value {
  const [value] = args;
  if (value instanceof Duration) return value;
  if (typeof value !== 'string') throw wrongArguments('duration', args);
  const nanoseconds = readShort(value, budget, (text) => library.durationOf(text));
  const result = nanoseconds === undefined ? undefined : Duration.of(nanoseconds);
  if (result === undefined) throw new Fault('duration: not a text such as `1h30m` or `-1.5s`, or out of range');
  return result;
}

/** What a text means; undefined for one that is too long to mean anything. */
function readShort(text: string, budget: Budget, read: (text: string) => bigint | undefined): bigint | undefined {
  budget.spend(READ_STEPS);
  return text.length > LONGEST_TEXT ? undefined : read(text);
}

type ReadField = (date: Date) => number;

/** A field of a timestamp in UTC, or in a time zone. */
function dateField(name: string, read: ReadField): CelFunction[] {
  return [1, 2].map((arity) => ({ name, arity, call: (args, budget) => readDate(name, args, read, budget) }));
}

/** A field of a timestamp; of a duration, the whole of it in that unit (but for milliseconds, which are its remainder). */
function clockField(name: string, unit: bigint, read: ReadField): CelFunction[] {
  const [inUtc, inZone] = dateField(name, read);
  if (inUtc === undefined || inZone === undefined) return [];
  const call: CelFunction['call'] = (args, budget) => {
    const [value] = args;
    if (!(value instanceof Duration)) return inUtc.call(args, budget);
    const length = unit === MILLISECOND ? value.nanoseconds % SECOND : value.nanoseconds;
    return Number(length / unit);
  };
  return [{ ...inUtc, call }, inZone];
}

function readDate(name: string, args: readonly Value[], read: ReadField, budget: Budget): Value {
  const [value, zone] = args;
  if (!(value instanceof Timestamp) || (zone !== undefined && typeof zone !== 'string'))
    throw wrongArguments(name, args);
  if (zone !== undefined) budget.spend(ZONE_STEPS);
  if (zone !== undefined && zone.length > LONGEST_TEXT) throw new Fault('there is no time zone of that name');
  const rest = value.nanoseconds % MILLISECOND;
  const milliseconds = (value.nanoseconds - rest) / MILLISECOND - (rest < 0n ? 1n : 0n);
  return read(localDate(Number(milliseconds), zone));
}

function dayOfYear(date: Date): number {
  const start = new Date(date);
  start.setUTCMonth(0, 1);
  return Math.round((date.getTime() - start.getTime()) / DAY);
}
