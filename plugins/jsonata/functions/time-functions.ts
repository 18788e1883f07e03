import { Fault } from '../fault.js';
import type { Builtin } from './builtin.js';
import type { StandardFunctions } from './standard-functions.js';

const LONGEST_PICTURE = 200;

/** What reading or writing a time costs. */
const STEPS_PER_TIME = 50;

/** A date, with a time in any precision and its zone where it has one. */
const TIMESTAMP = /^\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2}))?)?)?$/;

/** The functions of times that give the same at all times and in all places. */
export function timeFunctions(standard: StandardFunctions): readonly Builtin[] {
  return [
    {
      name: 'toMillis',
      parameters: [
        { name: 'timestamp', type: 'string', context: true },
        { name: 'picture', type: 'string', optional: true },
      ],
      call: ([timestamp, picture], evaluation) => {
        evaluation.spend(STEPS_PER_TIME);
        if (picture !== undefined) {
          throw new Fault(
            '$toMillis takes no picture here: what a picture leaves out would be taken from the present time',
          );
        }
        const millis = TIMESTAMP.test(timestamp as string) ? Date.parse(isoForm(timestamp as string)) : Number.NaN;
        if (Number.isNaN(millis)) {
          throw new Fault(
            '$toMillis: not an ISO 8601 date, or date and time with its zone, such as 2024-05-01T12:30:00Z',
          );
        }
        return millis;
      },
    },
    {
      name: 'fromMillis',
      parameters: [
        { name: 'millis', type: 'number', context: true },
        { name: 'picture', type: 'string', optional: true },
        { name: 'zone', type: 'string', optional: true },
      ],
      call: ([millis, picture, zone], evaluation, focus) => {
        evaluation.spend(STEPS_PER_TIME);
        if (Number.isNaN(new Date(millis as number).getTime())) {
          throw new Fault('$fromMillis: the number is beyond all times that can be told');
        }
        checkPicture(picture as string | undefined);
        if (zone !== undefined && !/^[+-]?\d{1,4}$/.test(zone as string)) {
          throw new Fault('$fromMillis: the zone must be an offset such as +0100');
        }
        return standard.call('fromMillis', [millis, picture, zone], focus);
      },
    },
  ];
}

/** JavaScript wants the colon in offsets. */
function isoForm(timestamp: string): string {
  return timestamp.replace(/([+-]\d{2})(\d{2})$/, (written, hours: string, minutes: string) =>
    timestamp.includes('T') ? `${hours}:${minutes}` : written,
  );
}

/** JSONata pads to any width that a picture asks for. */
function checkPicture(picture: string | undefined): void {
  if (picture === undefined) return;
  if (picture.length > LONGEST_PICTURE) {
    throw new Fault(`$fromMillis: pictures of more than ${LONGEST_PICTURE} characters are not taken`);
  }
  const markers = picture.match(/\[[^\]]*\]/g) ?? [];
  if (markers.some((marker) => /[,-]\d{3,}/.test(marker.replace(/\s+/g, '')))) {
    throw new Fault('$fromMillis: a width in the picture is of more than two digits');
  }
}
