import { Fault } from '../fault.js';

const FIXED_OFFSET = /^([+-]?)(\d\d):(\d\d)$/;

/**
 * The clock of a time zone at a moment, as a date whose UTC fields are the zone's. A zone is an offset (`+05:30`), or a
 * name of the IANA database (`Europe/Paris`); none is UTC.
 */
export function localDate(milliseconds: number, zone: string | undefined): Date {
  if (zone === undefined || zone === 'UTC') return new Date(milliseconds);
  const [, sign, hours = '0', minutes = '0'] = FIXED_OFFSET.exec(zone) ?? [];
  if (sign !== undefined) {
    const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
    return new Date(sign === '-' ? milliseconds - offset : milliseconds + offset);
  }
  return namedZoneDate(milliseconds, zone);
}

function namedZoneDate(milliseconds: number, zone: string): Date {
  const fields = new Map(
    formatter(zone)
      .formatToParts(milliseconds)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const field = (type: Intl.DateTimeFormatPartTypes): number => fields.get(type) ?? 0;
  const date = new Date(0);
  date.setUTCFullYear(field('year'), field('month') - 1, field('day'));
  const remainder = ((milliseconds % 1000) + 1000) % 1000;
  date.setUTCHours(field('hour'), field('minute'), field('second'), remainder);
  return date;
}

function formatter(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      hourCycle: 'h23',
      timeZone: zone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw new Fault('there is no time zone of that name');
  }
}
