// Reads instants that people and other systems write: options, queries, files, receipts.

const form = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(Z|[+-]\d\d:?\d\d)?)?$/;
/** From here on years have five digits, which not everything reads that we store or tell it in. */
const YEAR_10000 = Date.UTC(10_000, 0);

/**
 * A day, which is its first moment, or a day and a time, in extended ISO 8601. Without a zone it is UTC, wherever we run. What is finer than a
 * millisecond is cut off.
 * @returns undefined for any other text, and for days and times that do not exist
 */
export function writtenInstant(text: string): Date | undefined {
  const [, day, time = '00:00', zone = 'Z'] = form.exec(text) ?? [];
  if (day === undefined || !exists(day)) return undefined;
  const at = new Date(`${day}T${time}${zone}`);
  // NaN is not below it either.
  return at.getTime() < YEAR_10000 ? at : undefined;
}

/** Some engines read 2027-02-31 as a day in March. */
function exists(day: string): boolean {
  const begin = new Date(`${day}T00:00Z`);
  return !Number.isNaN(begin.getTime()) && begin.toISOString().startsWith(day);
}
