// Whether it is safe to go on with a database, by its own record and by what this instance has seen of it. Pure.

export interface DatabaseState {
  readonly id: string;
  readonly mark: number;
  /** The mark when an operator last ended everything made before; null: never. Never above the mark. */
  readonly floorMark: number | null;
  /** The highest mark known when an instance found that the database had gone back; null: never. */
  readonly wentBackMark: number | null;
}

export interface Seen {
  /** The highest; undefined: never seen. */
  readonly mark: number | undefined;
  /** The highest when it was seen to go back while we ran; undefined: it was not. */
  readonly wentBackAt: number | undefined;
}

/** True when the database is behind a mark that was seen already, or once was and nobody has ended since what came to life again. */
export function hasGoneBack({ mark, floorMark, wentBackMark }: DatabaseState, seen: Seen): boolean {
  const found = [wentBackMark, seen.wentBackAt].some((at) => typeof at === 'number' && (floorMark ?? 0) <= at);
  return found || mark < (seen.mark ?? 0);
}
