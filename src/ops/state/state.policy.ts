// Decides whether a database went back to an older state, by its own record and by what was seen from here. Pure.

export interface DatabaseState {
  readonly id: string;
  readonly mark: number;
  /** The mark at which the floor was raised last; null: it never was. It is never above the mark. */
  readonly floorMark: number | null;
  /** The highest mark that an instance knew when it found that the database had gone back; null: none ever found that. */
  readonly wentBackMark: number | null;
}

/** What this machine has seen of the database (watermark-file.ts). */
export interface Seen {
  /** The highest mark; undefined: the database was never seen. */
  readonly mark: number | undefined;
  /** The highest mark when the database was last found to have gone back; undefined: it never was. */
  readonly wentBackAt: number | undefined;
}

/** True when the mark of the database is lower than one that was seen, or was found to be lower once and no floor was raised since. */
export function hasGoneBack({ mark, floorMark, wentBackMark }: DatabaseState, seen: Seen): boolean {
  const found = [wentBackMark, seen.wentBackAt].some((at) => typeof at === 'number' && (floorMark ?? 0) <= at);
  return found || mark < (seen.mark ?? 0);
}
