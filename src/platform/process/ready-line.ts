// The JSON line by which our programs report on stdout that they serve, and where.

export type ReadyLine = Readonly<Record<string, unknown>>;

/** @returns undefined for any other line */
export function readyLineIn(line: string): ReadyLine | undefined {
  if (!line.includes('"ready"')) return undefined;
  try {
    const parsed = JSON.parse(line) as ReadyLine;
    return parsed['event'] === 'ready' ? parsed : undefined;
  } catch {
    return undefined;
  }
}
