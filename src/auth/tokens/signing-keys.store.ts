// Rows of signing_keys. When a statement changes no row, another instance was faster, which is no failure: each transition names the key
// and the state that it starts from, so of several at once only one happens. Only keys in states `next` and `current` have their private
// half.
import { Inject, Injectable } from '@nestjs/common';
import type { JsonWebKey } from 'node:crypto';
import { Database } from '../../database/database.service';
import { type Sql, type Statement, statement } from '../../database/sql';
import type { Tx } from '../../database/transactions';

export interface SigningKeyRow {
  readonly kid: string;
  readonly public_jwk: JsonWebKey;
  /** Null for a retired key. */
  readonly private_sealed: Buffer | null;
  readonly state: 'next' | 'current' | 'retired';
  readonly created_at: Date;
  /** When it began to sign. */
  readonly activated_at: Date | null;
  readonly retired_at: Date | null;
  /** When the next key takes over, if the operator has asked for it. */
  readonly promote_at: Date | null;
  /** Until when tokens of a retired key are accepted. */
  readonly accepted_until: Date | null;
}

export type NewSigningKeyRow = Pick<SigningKeyRow, 'kid' | 'public_jwk' | 'private_sealed'>;

const SELECT = `SELECT kid, public_jwk, private_sealed, state, created_at, activated_at, retired_at, promote_at, accepted_until
   FROM signing_keys WHERE alg = 'ES256' AND (state <> 'retired' OR accepted_until > $1::timestamptz)
   ORDER BY created_at DESC, kid`;

const ALL = statement('signing-keys-all', SELECT);

// By this name the look of each minute is told from the readings for tokens, which are limited to one in five seconds (A28).
const TO_ROTATE = statement('signing-keys-to-rotate', SELECT);

// There is a unique index on the one current key and one on the one next key. So the first instance wins, and the others read its row.
const OFFER = statement(
  'signing-keys-offer',
  `INSERT INTO signing_keys (kid, alg, public_jwk, private_sealed, state, created_at, activated_at)
   VALUES ($1, 'ES256', $2::jsonb, $3, $4::text, $5::timestamptz, CASE WHEN $4::text = 'current' THEN $5::timestamptz END)
   ON CONFLICT DO NOTHING RETURNING kid`,
);

const RETIRE = statement(
  'signing-keys-retire',
  `UPDATE signing_keys SET state = 'retired', retired_at = $2::timestamptz, accepted_until = $3::timestamptz, private_sealed = NULL
   WHERE kid = $1 AND state = 'current' RETURNING kid`,
);

const PROMOTE = statement(
  'signing-keys-promote',
  `UPDATE signing_keys SET state = 'current', activated_at = $2::timestamptz, promote_at = NULL
   WHERE kid = $1 AND state = 'next' RETURNING kid`,
);

// When it is asked for twice, the earlier moment stays.
const SCHEDULE = statement(
  'signing-keys-schedule',
  `UPDATE signing_keys SET promote_at = least(promote_at, $2::timestamptz) WHERE kid = $1 AND state = 'next' RETURNING kid`,
);

const REMOVE = statement(
  'signing-keys-remove',
  `DELETE FROM signing_keys WHERE kid = $1 AND state = $2::text RETURNING kid`,
);

@Injectable()
export class SigningKeysStore {
  constructor(@Inject(Database) private readonly database: Sql) {}

  /** Newest first. Retired keys only while tokens signed by them live. */
  all(now: Date): Promise<SigningKeyRow[]> {
    return this.database.run<SigningKeyRow>(ALL, [now]);
  }

  /** The same, for what changes them. */
  allToRotate(now: Date): Promise<SigningKeyRow[]> {
    return this.database.run<SigningKeyRow>(TO_ROTATE, [now]);
  }

  /** Makes this the current or the next key, unless there is one already or this very key is known. */
  async offer(target: Sql | undefined, key: NewSigningKeyRow, state: 'current' | 'next', now: Date): Promise<boolean> {
    const values = [key.kid, JSON.stringify(key.public_jwk), key.private_sealed, state, now];
    return (await (target ?? this.database).run(OFFER, values)).length > 0;
  }

  /** From now on the current key only checks tokens, until `acceptedUntil`. Its private half is erased. */
  retire(tx: Tx, kid: string, now: Date, acceptedUntil: Date): Promise<boolean> {
    return changed(tx, RETIRE, [kid, now, acceptedUntil]);
  }

  promote(tx: Tx, kid: string, now: Date): Promise<boolean> {
    return changed(tx, PROMOTE, [kid, now]);
  }

  schedule(tx: Tx, kid: string, at: Date): Promise<boolean> {
    return changed(tx, SCHEDULE, [kid, at]);
  }

  remove(tx: Tx, { kid, state }: Pick<SigningKeyRow, 'kid' | 'state'>): Promise<boolean> {
    return changed(tx, REMOVE, [kid, state]);
  }
}

async function changed(tx: Tx, what: Statement, values: readonly unknown[]): Promise<boolean> {
  return (await tx.run(what, values)).length > 0;
}
