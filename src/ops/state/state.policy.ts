// Decides whether a database went back to an older state, by its own record and by what was seen from here. Pure.

export interface DatabaseState {
  readonly id: string;
  readonly mark: number;
  /** The mark when the floor was raised last; null: never. Never above the mark. */
  readonly floorMark: number | null;
  /** The highest mark that an instance knew when it found that the database had gone back; null: never. */
  readonly wentBackMark: number | null;
}

export interface Seen {
  /** The highest; undefined: never seen. */
  readonly mark: number | undefined;
  /** The highest mark when the database was last seen to go back; undefined: never. */
  readonly wentBackAt: number | undefined;
}

/** True when the mark of the database is lower than one that was seen, or was lower once and no floor was raised since. */
export function hasGoneBack({ mark, floorMark, wentBackMark }: DatabaseState, seen: Seen): boolean {
  const found = [wentBackMark, seen.wentBackAt].some((at) => typeof at === 'number' && (floorMark ?? 0) <= at);
  return found || mark < (seen.mark ?? 0);
}
