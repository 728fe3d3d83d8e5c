// A limit as it is written in the environment: "10/1h,40/1d" (at most 10 an hour and 40 a day) or "off".
import { applyDecorators } from '@nestjs/common';
import { Expose, Transform } from 'class-transformer';
import { IsInstance } from 'class-validator';
import type { ConfigSlice, Environment, Problem } from './config-slice';

export interface LimitWindow {
  readonly count: number;
  readonly seconds: number;
}

const DAY_SECONDS = 86_400;
const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: DAY_SECONDS };

/**
 * In development all default limits are this many times wider, so that nobody is refused while trying things out. Limits that the environment
 * sets are used as they are.
 */
const DEVELOPMENT_FACTOR = 100;

export class Limit {
  constructor(readonly windows: readonly LimitWindow[]) {}

  get off(): boolean {
    return this.windows.length === 0;
  }

  /** The largest count of all windows. A row has to remember this many hits. */
  get memory(): number {
    return Math.max(0, ...this.windows.map(({ count }) => count));
  }

  widened(factor: number): Limit {
    return new Limit(this.windows.map(({ count, seconds }) => ({ count: count * factor, seconds })));
  }

  /** Reads counts from 1 to 9 999 999, and windows from 1 to 999 999 of a unit (s m h d). @returns undefined for any other text */
  static parse(text: string): Limit | undefined {
    if (text === 'off') return new Limit([]);
    const windows: LimitWindow[] = [];
    for (const part of text.split(',')) {
      const match = /^\s*([1-9]\d{0,6})\/([1-9]\d{0,5})([smhd])\s*$/.exec(part);
      if (match === null) return undefined;
      windows.push({ count: Number(match[1]), seconds: Number(match[2]) * (unitSeconds[match[3] ?? ''] ?? 0) });
    }
    return new Limit(windows);
  }

  static of(text: string): Limit {
    const limit = Limit.parse(text);
    if (limit === undefined) throw new Error(`not a limit: ${text}`);
    return limit;
  }
}

/** The limits that @EnvLimit has declared, by class of the slice and key. */
const declared = new Map<unknown, Map<string | symbol, Limit>>();

/** Sets all limits that the environment does not name: in production as declared, in development 100 times wider (design section 3). */
export function applyDefaultLimits(slice: ConfigSlice, { production }: Environment): void {
  const limits = slice as unknown as Record<string | symbol, Limit | undefined>;
  for (const [key, limit] of declared.get(slice.constructor) ?? []) {
    limits[key] ??= production ? limit : limit.widened(DEVELOPMENT_FACTOR);
  }
}

/** The limits of a slice by their keys. */
export function limitsOf(slice: ConfigSlice): [string, Limit][] {
  return Object.entries(slice).filter((entry): entry is [string, Limit] => entry[1] instanceof Limit);
}

/** `off` is allowed in development only (case A95). */
export function limitsOff(slice: ConfigSlice, { production }: Environment): Problem[] {
  const off = limitsOf(slice).filter(([, limit]) => limit.off);
  return production ? off.map(([key]) => ({ key, reason: 'must not be off in production' })) : [];
}

/**
 * @param byDefault the default in production, such as 10/1h,40/1d
 * @param longest how many days after the last hit the counts are deleted (retention.rules.ts), at the earliest; no window may be longer
 */
export function EnvLimit(byDefault: string, longest = { days: 2 }): PropertyDecorator {
  const limit = Limit.of(byDefault);
  const declare: PropertyDecorator = ({ constructor: slice }, key) => {
    declared.set(slice, new Map(declared.get(slice)).set(key, limit));
  };
  const isKept = ({ seconds }: LimitWindow): boolean => seconds <= longest.days * DAY_SECONDS;
  const convert = Transform(({ value }: { value: unknown }) => {
    const limit = typeof value === 'string' ? Limit.parse(value) : undefined;
    return limit?.windows.every(isKept) === true ? limit : value;
  });
  return applyDecorators(
    Expose(),
    convert,
    IsInstance(Limit, { message: `must look like 10/1h,40/1d (units s m h d, at most ${longest.days}d) or off` }),
    declare,
  );
}
