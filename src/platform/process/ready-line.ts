// The JSON line with which a program of ours says on stdout that it serves, and where.

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
