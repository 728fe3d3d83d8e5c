import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Moves of an account to a new number that an operator has begun for somebody who lost their phone (ADR 50): at most one at a time.
 * What stands when the wait is over is told by the account's epoch: any credential event and any sign-in in between stops the move.
 */
export class CreatePhoneRebinds1763700000055 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE phone_rebinds (
        id uuid CONSTRAINT phone_rebinds_pkey PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT phone_rebinds_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
        phone text NOT NULL CONSTRAINT phone_rebinds_phone_e164 CHECK (phone ~ '^\\+[1-9][0-9]{6,14}$'),
        reason text NOT NULL,
        requested_by text NOT NULL,
        requested_at timestamptz NOT NULL,
        approved_by text,
        wait_hours smallint NOT NULL CONSTRAINT phone_rebinds_wait_hours_positive CHECK (wait_hours > 0),
        started_at timestamptz,
        auth_epoch int,
        moves_at timestamptz,
        ended_at timestamptz,
        outcome text CONSTRAINT phone_rebinds_outcome_known
          CHECK (outcome IN ('moved', 'stopped', 'taken', 'cancelled', 'expired')),
        CONSTRAINT phone_rebinds_two_operators CHECK (approved_by IS DISTINCT FROM requested_by),
        CONSTRAINT phone_rebinds_in_order CHECK (
          (started_at IS NULL) = (auth_epoch IS NULL) AND (moves_at IS NULL OR started_at IS NOT NULL) AND (ended_at IS NULL) = (outcome IS NULL))
      );
      CREATE UNIQUE INDEX phone_rebinds_open_key ON phone_rebinds (user_id) WHERE ended_at IS NULL;
      CREATE INDEX phone_rebinds_user_id_idx ON phone_rebinds (user_id, requested_at);
      CREATE INDEX phone_rebinds_moves_at_idx ON phone_rebinds (moves_at) WHERE ended_at IS NULL;
      CREATE INDEX phone_rebinds_ended_at_idx ON phone_rebinds (ended_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE phone_rebinds;
    `);
  }
}
