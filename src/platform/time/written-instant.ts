// Reads instants that people and other systems write: options, queries, files, receipts.

const form = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * A day, which is its first moment, or a day and a time, in extended ISO 8601. Without a zone it is UTC, wherever we run. What is finer than a
 * millisecond is cut off.
 * @returns undefined for any other text, and for days and times that do not exist
 */
export function writtenInstant(text: string): Date | undefined {
  const [, day, time = '00:00', zone = 'Z'] = form.exec(text) ?? [];
  if (day === undefined || !exists(day)) return undefined;
  const at = new Date(`${day}T${time}${zone}`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/** Some engines read 2027-02-31 as a day in March. */
function exists(day: string): boolean {
  const begin = new Date(`${day}T00:00Z`);
  return !Number.isNaN(begin.getTime()) && begin.toISOString().startsWith(day);
}
