// Reads the options of commands. For a value of another form, the operator gets one line.
import { InvalidArgumentError } from 'commander';
import { uuidForm } from '../platform/text/patterns';
import { writtenInstant } from '../platform/time/written-instant';

export const MAX_ROWS = 1000;

export function instantOf(text: string): Date {
  const instant = writtenInstant(text);
  if (instant !== undefined) return instant;
  throw new InvalidArgumentError('It must look like 2026-01-31 or 2026-01-31T12:00:00Z.');
}

export function uuidOf(text: string): string {
  if (uuidForm.test(text)) return text;
  throw new InvalidArgumentError('It must be an id such as 00000000-0000-4000-8000-000000000000.');
}

export function countOf(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MAX_ROWS) return count;
  throw new InvalidArgumentError(`It must be a number from 1 to ${MAX_ROWS}.`);
}
