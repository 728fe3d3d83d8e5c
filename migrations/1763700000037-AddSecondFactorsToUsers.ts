import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which second factors an account has, on its own row: what is decided under the row's lock is then never older than the lock, and
 * login, verify and refresh read it for nothing. Written only by the statements that change the factors themselves.
 */
export class AddSecondFactorsToUsers1763700000037 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE users ADD COLUMN totp_enabled boolean NOT NULL DEFAULT false,
        ADD COLUMN recovery_codes_left smallint NOT NULL DEFAULT 0
          CONSTRAINT users_recovery_codes_left_bounded CHECK (recovery_codes_left BETWEEN 0 AND 10);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE users DROP COLUMN totp_enabled, DROP COLUMN recovery_codes_left;
    `);
  }
}
