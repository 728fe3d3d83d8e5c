import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When a code that did not arrive has gone another way by itself (ADR 31). Each time counts for its number like a send that was asked for, and
 * like one it no longer counts once the code was entered (ADR 14).
 */
export class RefundWhatWentAnotherWay1763700000109 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE otp_attempts ADD COLUMN sent_another_way timestamptz[]');
    await runner.query(reading(ofAskedFor, `${ofAskedFor} || a.sent_another_way`));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(reading(`${ofAskedFor} || a.sent_another_way`, ofAskedFor));
    await runner.query('ALTER TABLE otp_attempts DROP COLUMN sent_another_way');
  }
}

/** The instants of a challenge that are given back, in the text of look_at_counters (migration 100). */
const ofAskedFor = 'a.created_at || a.sends';

/** Keeps the rest of the function, and its settings (migration 101). */
function reading(now: string, then: string): string {
  return `DO $$ BEGIN EXECUTE replace(pg_get_functiondef('look_at_counters'::regproc), '${now}', '${then}'); END $$`;
}
