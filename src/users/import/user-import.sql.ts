// The statements of an import. One batch is one statement: its accounts, their audit rows, its refused lines and the new place in the file are
// written together or not at all, and only if the import is still at the place from which the batch was read. So no line is lost or imported
// twice, even if the process is killed or a second one runs. An account that exists is never changed. Counts are returned as float8, because
// the driver gives a bigint as text; they are exact up to 2^53.
import { namedStatement, statement } from '../../database/sql';

export interface StartParameters {
  readonly importId: string;
  readonly digest: Buffer;
  readonly fileBytes: number;
  readonly actor: string;
  readonly now: Date;
}

/** $1 digest. Gives an import of this file that is not finished; if there is none, the one that finished last. */
export const importOfFile = statement(
  'user_import_of_file',
  `SELECT id, done_bytes::float8 AS "doneBytes", done_lines::float8 AS "doneLines", imported::float8, refused::float8, finished_at IS NOT NULL AS "isFinished"
     FROM user_imports WHERE digest = $1 ORDER BY finished_at DESC NULLS FIRST LIMIT 1`,
);

export const startImport = namedStatement<StartParameters>(
  'user_import_start',
  `WITH begun AS (
    INSERT INTO user_imports (id, digest, file_bytes, begun_by, created_at)
    VALUES (:importId::uuid, :digest::bytea, :fileBytes::bigint, :actor, :now::timestamptz) RETURNING id
  )
  INSERT INTO audit_log (at, event, ref, meta)
  SELECT :now::timestamptz, 'user_import_started', id, jsonb_build_object('by', :actor::text) FROM begun`,
);

/** The fields from `lines` on are the columns of the accounts of a batch: arrays of one length, with one element for each account. */
export interface BatchParameters {
  readonly importId: string;
  readonly fromBytes: number;
  readonly doneBytes: number;
  readonly doneLines: number;
  readonly isLast: boolean;
  readonly now: Date;
  readonly actor: string;
  readonly refusedLines: readonly number[];
  readonly refusedCodes: readonly string[];
  readonly lines: readonly number[];
  readonly ids: readonly string[];
  readonly phones: readonly string[];
  readonly emails: readonly (string | null)[];
  readonly verified: readonly (string | null)[];
  readonly names: readonly (string | null)[];
  readonly locales: readonly (string | null)[];
  readonly statuses: readonly string[];
  readonly mustChange: readonly boolean[];
  readonly hashes: readonly string[];
  readonly created: readonly string[];
  readonly authenticated: readonly string[];
}

/**
 * Gives no row when another process has gone on with the import. No two accounts of a batch may share a phone, a verified address or an id.
 * @param holders SQL FROM item with the accounts that exist; in a dry run also with those that the dry run would have made
 */
export function importBatch(holders: string) {
  const taken = (what: string, match: string): string =>
    `(SELECT '${what}' || CASE WHEN EXISTS (SELECT FROM audit_log a WHERE a.user_id = h.id AND a.event = 'user_imported' AND a.ref = :importId::uuid)
                          THEN '_duplicate' ELSE '_taken' END FROM ${holders} h WHERE ${match} LIMIT 1)`;
  return namedStatement<BatchParameters>(
    'user_import_batch',
    `WITH claimed AS MATERIALIZED (
    SELECT id FROM user_imports WHERE id = :importId::uuid AND done_bytes = :fromBytes::bigint AND finished_at IS NULL FOR UPDATE
  ), given AS MATERIALIZED (
    SELECT * FROM unnest(:lines::bigint[], :ids::uuid[], :phones::text[], :emails::text[], :verified::timestamptz[], :names::text[],
      :locales::text[], :statuses::text[], :mustChange::boolean[], :hashes::text[], :created::timestamptz[], :authenticated::timestamptz[])
      AS g(line, id, phone, email, email_verified_at, display_name, locale, status, must_change, password_hash, created_at, authenticated_at)
  ), judged AS MATERIALIZED (
    SELECT g.*, coalesce(${taken('phone', 'h.phone = g.phone')}, ${taken('id', 'h.id = g.id')},
      CASE WHEN g.email_verified_at IS NOT NULL THEN ${taken('email', 'h.email = g.email AND h.email_verified_at IS NOT NULL')} END) AS code
      FROM given g
  ), made AS (
    INSERT INTO users (id, phone, email, email_verified_at, display_name, locale, status, must_change_password, password_hash,
                       last_authenticated_at, created_at)
    SELECT j.id, j.phone, j.email, j.email_verified_at, j.display_name, j.locale, j.status, j.must_change, j.password_hash,
           j.authenticated_at, j.created_at
      FROM claimed, judged j WHERE j.code IS NULL ORDER BY j.phone
    ON CONFLICT DO NOTHING RETURNING id
  ), noted AS (
    INSERT INTO audit_log (at, event, user_id, ref) SELECT :now::timestamptz, 'user_imported', id, :importId::uuid FROM made
  ), refused AS (
    INSERT INTO user_import_refusals (import_id, line, code, created_at)
    SELECT claimed.id, r.line, r.code, :now::timestamptz FROM claimed, (
      SELECT * FROM unnest(:refusedLines::bigint[], :refusedCodes::text[]) AS given_up(line, code)
      UNION ALL
      SELECT j.line, coalesce(j.code, 'phone_taken') FROM judged j WHERE NOT EXISTS (SELECT FROM made WHERE made.id = j.id)
    ) r RETURNING line
  ), moved AS (
    UPDATE user_imports i SET done_bytes = :doneBytes::bigint, done_lines = :doneLines::bigint,
           imported = i.imported + (SELECT count(*) FROM made), refused = i.refused + (SELECT count(*) FROM refused),
           finished_at = CASE WHEN :isLast::boolean THEN :now::timestamptz END
      FROM claimed WHERE i.id = claimed.id RETURNING i.id, i.imported, i.refused, i.finished_at
  ), ended AS (
    INSERT INTO audit_log (at, event, ref, meta)
    SELECT :now::timestamptz, 'user_import_finished', id, jsonb_build_object('by', :actor::text, 'imported', imported, 'refused', refused)
      FROM moved WHERE finished_at IS NOT NULL
  )
  SELECT imported::float8, refused::float8 FROM moved`,
  );
}

/** $1 id of the import, $2 the last line of the page before, $3 how many lines. */
export const refusalsOfImport = statement(
  'user_import_refusals_page',
  'SELECT line::float8, code FROM user_import_refusals WHERE import_id = $1 AND line > $2 ORDER BY line LIMIT $3',
);

/** $1 id of the import. */
export const refusalCodes = statement(
  'user_import_refusal_codes',
  'SELECT code, count(*)::float8 AS count FROM user_import_refusals WHERE import_id = $1 GROUP BY code ORDER BY count(*) DESC, code',
);
