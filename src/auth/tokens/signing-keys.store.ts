// Rows of signing_keys. Zero rows inserted means that another instance was first, which is no failure.
import { Inject, Injectable } from '@nestjs/common';
import type { JsonWebKey } from 'node:crypto';
import { Database } from '../../database/database.service';
import { type Sql, statement } from '../../database/sql';

export interface SigningKeyRow {
  readonly kid: string;
  readonly public_jwk: JsonWebKey;
  readonly private_sealed: Buffer;
  readonly state: 'next' | 'current' | 'retired';
}

const ALL = statement(
  'signing-keys-all',
  `SELECT kid, public_jwk, private_sealed, state FROM signing_keys WHERE alg = 'ES256' ORDER BY created_at DESC, kid`,
);

// The unique index on the one current key makes the first instance win and all others read its row.
const OFFER_CURRENT = statement(
  'signing-keys-offer-current',
  `INSERT INTO signing_keys (kid, alg, public_jwk, private_sealed, state, created_at, activated_at)
   VALUES ($1, 'ES256', $2::jsonb, $3, 'current', $4::timestamptz, $4::timestamptz) ON CONFLICT DO NOTHING`,
);

@Injectable()
export class SigningKeysStore {
  constructor(@Inject(Database) private readonly database: Sql) {}

  /** Newest first; retired ones are kept while tokens signed by them live. */
  all(): Promise<SigningKeyRow[]> {
    return this.database.run<SigningKeyRow>(ALL, []);
  }

  /** Makes this the current key unless there is one already. */
  async offerCurrent(key: Omit<SigningKeyRow, 'state'>, now: Date): Promise<void> {
    await this.database.run(OFFER_CURRENT, [key.kid, JSON.stringify(key.public_jwk), key.private_sealed, now]);
  }
}
