// Whether a database may be gone on with, by what it says of itself and what was seen of it from here. Pure.
import type { Watermark } from './watermark-file';

export interface DatabaseState {
  readonly id: string;
  readonly mark: number;
  /** When everything made before was ended last; null: never. */
  readonly floorMark: number | null;
}

/** True when it stands before a point that was seen already, and nothing has ended what came to life again. */
export function hasGoneBack(state: DatabaseState, seen: Watermark | undefined): boolean {
  if (seen === undefined || (state.floorMark ?? 0) > seen.mark) return false;
  return state.mark < seen.mark || seen.wentBack === true;
}
