// Decides when an instance that died is started again: soon after its first death, later and later while it keeps dying shortly after its start.

const FIRST_MILLISECONDS = 500;
const LONGEST_MILLISECONDS = 30_000;
/** After a life of this length, earlier crashes no longer count. */
const HEALTHY_MILLISECONDS = 60_000;

export interface Crashes {
  /** How many crashes there were in a row. A crash after a life of a minute or longer counts as the first. */
  readonly inRow: number;
  readonly delayMilliseconds: number;
}

/** @param before crashes in a row so far @param livedMilliseconds from its start to its death */
export function afterCrash(before: number, livedMilliseconds: number): Crashes {
  const inRow = livedMilliseconds >= HEALTHY_MILLISECONDS ? 1 : before + 1;
  return { inRow, delayMilliseconds: Math.min(LONGEST_MILLISECONDS, FIRST_MILLISECONDS * 2 ** (inRow - 1)) };
}
