import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where a sign-in's tokens are delivered, chosen at its first request, kept by the challenge and then by the session. */
export class AddTokenDelivery1763700000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['otp_attempts', 'sessions']) {
      await runner.query(`
        ALTER TABLE ${table} ADD COLUMN token_delivery text NOT NULL DEFAULT 'body'
          CONSTRAINT ${table}_token_delivery_known CHECK (token_delivery IN ('body', 'cookie'))
      `);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['otp_attempts', 'sessions']) {
      await runner.query(`ALTER TABLE ${table} DROP COLUMN token_delivery`);
    }
  }
}
