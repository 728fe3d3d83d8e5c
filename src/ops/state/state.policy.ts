// Whether a database may be gone on with, by what it says of itself and what was seen of it from here. Pure.

export interface DatabaseState {
  readonly id: string;
  readonly mark: number;
  /** When everything made before was ended last; null: never. Never above the mark. */
  readonly floorMark: number | null;
  /** How far it had been when an instance found that it went back; null: never. */
  readonly wentBackMark: number | null;
}

export interface Seen {
  /** The highest; undefined: never seen. */
  readonly mark: number | undefined;
  /** The highest when it was seen to go back while we ran; undefined: it was not. */
  readonly wentBackAt: number | undefined;
}

/** True when it stands before a point that was seen already, or did once, and nothing has ended what came to life again. */
export function hasGoneBack({ mark, floorMark, wentBackMark }: DatabaseState, seen: Seen): boolean {
  const found = [wentBackMark, seen.wentBackAt].some((at) => typeof at === 'number' && (floorMark ?? 0) <= at);
  return found || mark < (seen.mark ?? 0);
}
