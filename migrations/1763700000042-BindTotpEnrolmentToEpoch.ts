import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The account's epoch when a secret was shown: what was begun before a change of a credential cannot be confirmed after it. */
export class BindTotpEnrolmentToEpoch1763700000042 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE totp_secrets ADD COLUMN auth_epoch int;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE totp_secrets DROP COLUMN auth_epoch;
    `);
  }
}
