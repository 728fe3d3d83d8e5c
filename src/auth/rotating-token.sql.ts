// How a presented token stands to its row, for tokens that are rotated in place (protocol.md 6, rotating-token.algorithm.ts): SQL
// conditions on the row, for refresh tokens and tokens of trusted devices. They bind :generation, :presentedDigest and :now. The row has
// the columns `previous_digest`, `rotated_at` and `previous_rotated_at` besides those that are named here.
const GRACE = `interval '10 seconds'`;

interface Standing {
  /** It is the newest token of the row. */
  readonly current: string;
  /** It was rotated less than 10 s ago: the client gets the successor that was made then. */
  readonly inGrace: string;
  /** Its successor was rotated less than 10 s ago as well: of two clients that rotate at once, this one was too slow. */
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
