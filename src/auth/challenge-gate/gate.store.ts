// Records with what the gate was passed, so that each thing passes once over all instances: one guarded insert, of which the second finds the row.
import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.service';
import { statement } from '../../database/sql';

/** Rows are kept longer by this much, because the clock of another instance may be behind and still accept the token. */
const MARGIN_SECONDS = 60;

const spend = statement(
  'gate_spend',
  `INSERT INTO gate_answers (digest, expires_at) VALUES ($1, $2::timestamptz + interval '${MARGIN_SECONDS} seconds')
   ON CONFLICT (digest) DO NOTHING RETURNING true AS spent`,
);

@Injectable()
export class GateStore {
  constructor(private readonly database: Database) {}

  /** @returns false when it was used up before. @throws AppError overloaded, not_ready; then it may be used up or not */
  async spend(once: string, until: Date): Promise<boolean> {
    const digest = hash('sha256', once, 'buffer');
    const rows = await this.database.run<{ spent: true }>(spend, [digest, until]);
    return rows.length > 0;
  }
}
