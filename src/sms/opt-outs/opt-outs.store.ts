// sms_opt_outs: who has told which of our senders to stop, by digests of the number. The newest word counts, in whatever order words
// arrive. `*` in place of a sender stands for all senders of a vendor, when the vendor has not named one.
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { statement } from '../../database/sql';

interface OptOutRow {
  readonly provider: string;
  readonly sender: string;
}

export interface Word {
  readonly phoneDigest: Buffer;
  readonly provider: string;
  readonly sender: string;
  readonly stopped: boolean;
  readonly saidAt: Date;
  /** After this instant it no longer counts; null: it counts for ever. */
  readonly believedUntil: Date | null;
}

// A refusal adds nothing to a STOP that was heard: its own instant, which is when we hear of it, might be after that of a START on its way.
const note = statement(
  'opt_out_note',
  `INSERT INTO sms_opt_outs AS o (phone_digest, provider, sender, stopped, said_at, believed_until) VALUES ($1, $2, $3, $4, $5, $6)
   ON CONFLICT (phone_digest, provider, sender) DO UPDATE
     SET stopped = excluded.stopped, said_at = excluded.said_at, believed_until = excluded.believed_until
   WHERE excluded.said_at >= o.said_at AND NOT (o.stopped AND o.believed_until IS NULL AND excluded.believed_until IS NOT NULL)`,
);
// A START to one sender also ends what the vendor has refused for all of its senders.
const forgive = statement(
  'opt_out_forgive',
  `DELETE FROM sms_opt_outs WHERE phone_digest = ANY($1::bytea[]) AND provider = $2 AND sender = '*' AND said_at <= $3`,
);
// Looks under retired keys as well: a word that was stored under one counts until there is a newer one. What is believed no more hides none.
const find = statement(
  'opt_out_find',
  `SELECT provider, sender FROM (
     SELECT DISTINCT ON (provider, sender) provider, sender, stopped FROM sms_opt_outs
      WHERE phone_digest = ANY($1::bytea[]) AND (believed_until IS NULL OR believed_until > $2) ORDER BY provider, sender, said_at DESC
   ) newest WHERE stopped`,
);

@Injectable()
export class OptOutsStore {
  constructor(private readonly database: Database) {}

  async note({ phoneDigest, provider, sender, stopped, saidAt, believedUntil }: Word): Promise<void> {
    await this.database.run(note, [phoneDigest, provider, sender, stopped, saidAt, believedUntil]);
  }

  async forgive(digests: readonly Buffer[], provider: string, saidAt: Date): Promise<void> {
    await this.database.run(forgive, [digests, provider, saidAt]);
  }

  find(digests: readonly Buffer[], now: Date): Promise<OptOutRow[]> {
    return this.database.run<OptOutRow>(find, [digests, now]);
  }
}
