// The verifications that decoys pretend to have at a service. For those, column `vendor_ref` contains, instead of a vendor's id, how many
// wrong codes there were and when the verification began. Those of one number affect each other as the vendor's would (A55).
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service';
import { statement } from '../database/sql';

/** A reset that was turned into a decoy (credential-event.sql.ts) still has the vendor's id here. Each of its guesses counts as a wrong code. */
const wrongCodes = (row: string): string =>
  `CASE WHEN ${row}.vendor_ref ~ '^[0-9]+ ' THEN split_part(${row}.vendor_ref, ' ', 1)::int ELSE ${row}.failed - 1 END`;
const id = (row: string): string => `split_part(${row}.vendor_ref, ' ', 2)`;
/** The count of a verification that another one has ended: its next code is one too many. */
const ENDED = 99;

// Ids are instants in one format, so the younger one is the greater text. Rows of other challenges are locked in one order. Otherwise two
// guesses could wait for each other, and whoever is told of that (40P01) would know that it is a decoy.
const begin = statement(
  'otp_begin_pretended',
  `WITH begun AS (
     UPDATE otp_attempts c SET vendor_ref = coalesce((
       SELECT o.vendor_ref FROM otp_attempts o
        WHERE o.phone = c.phone AND o.decoy AND o.verifier = c.verifier AND ${id('o')} > $4::text COLLATE "C" ORDER BY ${id('o')} COLLATE "C" DESC LIMIT 1), '0 ' || $3::text)
      WHERE c.id = $1 AND c.decoy AND c.verifier = $2 AND c.vendor_ref IS NULL RETURNING c.phone, ${id('c')} AS id
   ), former AS (
     SELECT o.id FROM begun JOIN otp_attempts o USING (phone)
      WHERE $5::boolean AND o.decoy AND o.verifier = $2 AND o.vendor_ref IS NOT NULL ORDER BY o.id FOR UPDATE OF o
   ), ended AS (
     UPDATE otp_attempts o SET vendor_ref = '${ENDED} ' || ${id('o')} FROM former WHERE o.id = former.id
   )
   SELECT id FROM begun`,
);

const refuse = statement(
  'otp_refuse_pretended',
  `WITH same AS (
     SELECT o.id FROM otp_attempts c JOIN otp_attempts o USING (phone, verifier)
      WHERE c.id = $1 AND c.decoy AND o.decoy AND ${id('o')} = ${id('c')} ORDER BY o.id FOR UPDATE OF o
   )
   UPDATE otp_attempts o SET vendor_ref = (${wrongCodes('o')}) + 1 || ' ' || ${id('o')} FROM same WHERE o.id = same.id
   RETURNING o.id = $1 AS own, ${wrongCodes('o')} AS "wrongCodes", ${id('o')} AS began`,
);

interface Refused {
  readonly wrongCodes: number;
  /** ISO 8601; empty when it is not known. */
  readonly began: string;
}

@Injectable()
export class PretendedVerificationsStore {
  constructor(private readonly database: Database) {}

  /**
   * @param goesOnSince a verification of the number that was begun since then continues instead of a new one; null: none does
   * @param endsFormer ends the number's verifications that are running
   * @returns its id; undefined when another verifier checks now
   */
  async begin(
    challengeId: string,
    provider: string,
    now: Date,
    { goesOnSince, endsFormer }: { readonly goesOnSince: Date | null; readonly endsFormer: boolean },
  ): Promise<string | undefined> {
    const since = goesOnSince?.toISOString() ?? 'none';
    const values = [challengeId, provider, now.toISOString(), since, endsFormer];
    const [row] = await this.database.run<{ id: string }>(begin, values);
    return row?.id;
  }

  /** Counts one more wrong code. @returns undefined when no verification is pretended */
  async refuse(challengeId: string): Promise<Refused | undefined> {
    const rows = await this.database.run<Refused & { own: boolean }>(refuse, [challengeId]);
    return rows.find(({ own }) => own);
  }
}
