// Vonage's problem documents: `{type, title, detail, instance}` and at times more.
import { randomUUID } from 'node:crypto';
import type { DialectAnswer } from '../../../contract/dialect';
import type { JsonObject } from '../../../contract/vendor-answer';

export interface VonageRefusal {
  readonly status: number;
  /** Ends in #code. */
  readonly type: string;
  readonly title: string;
  readonly detail: string;
}

export function refuse({ status, type, title, detail }: VonageRefusal, more: object = {}): DialectAnswer {
  const body = { type, title, detail, instance: randomUUID(), ...more };
  return { status, headers: { 'content-type': 'application/problem+json' }, body };
}

function invalidParameter(type: string, name: string, reason: string): DialectAnswer {
  const detail = 'The value of one or more parameters is invalid.';
  return refuse({ status: 422, type, title: 'Invalid params', detail }, { invalid_parameters: [{ name, reason }] });
}

/** What one parameter has to be. A missing one is undefined. */
export type Rule = readonly [name: string, isRight: (value: unknown) => boolean, reason: string];

/** @returns the refusal of the first parameter that breaks its rule */
export function refusalBy(rules: readonly Rule[], body: JsonObject, type: string): DialectAnswer | undefined {
  const broken = rules.find(([name, isRight]) => !isRight(body[name]));
  return broken === undefined ? undefined : invalidParameter(type, broken[0], broken[2]);
}

export const isText =
  (pattern: RegExp, least = 1, most = Infinity) =>
  (value: unknown): boolean =>
    typeof value === 'string' && value.length >= least && value.length <= most && pattern.test(value);

export const isWhole =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (value: unknown): boolean =>
    Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;

export const optional =
  (isRight: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    value === undefined || isRight(value);
