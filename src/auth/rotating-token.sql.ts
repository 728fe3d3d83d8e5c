// What a presented token that is rotated in place is to its row (protocol.md 6, rotating-token.algorithm.ts): conditions on the row, for
// refresh tokens and the tokens of trusted devices. Need :generation, :presentedDigest and :now; the row has `previous_digest`,
// `rotated_at` and `previous_rotated_at` beside the columns that are named here.
const GRACE = `interval '10 seconds'`;

interface Standing {
  /** The newest token of the row. */
  readonly current: string;
  /** It was rotated a moment ago, and gets the successor that was made then. */
  readonly inGrace: string;
  /** So was its successor: of two that rotate at once, one was too slow. */
  readonly inRace: string;
}

export function standingOf(row: string, columns: { readonly generation: string; readonly digest: string }): Standing {
  const generation = `${row}.${columns.generation}`;
  return {
    current: `(${generation} = :generation AND ${row}.${columns.digest} = :presentedDigest::bytea)`,
    inGrace: `(${generation} = :generation + 1 AND ${row}.previous_digest = :presentedDigest::bytea
                    AND ${row}.rotated_at > :now::timestamptz - ${GRACE})`,
    inRace: `(${generation} = :generation + 2 AND ${row}.previous_rotated_at > :now::timestamptz - ${GRACE})`,
  };
}
