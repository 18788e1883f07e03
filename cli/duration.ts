import { InvalidArgumentError } from 'commander';

const UNITS = { ms: 0.001, s: 1, m: 60, h: 3600 } as const;

/** Reads a time as kubectl takes it, such as `90s`, `2m` or `1m30s`, or plain seconds; gives seconds. @throws InvalidArgumentError */
export function parseDuration(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  const isWhole = parts.map(([part]) => part).join('') === text && parts.length > 0;
  const seconds = isWhole
    ? parts.reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit as keyof typeof UNITS], 0)
    : Number(text.trim() === '' ? Number.NaN : text);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new InvalidArgumentError('It is a time such as 90s, 2m or 1m30s.');
}
