import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether the password must be replaced before the next login, and when it was last reset by SMS alone. */
export class AddPasswordState1763700000031 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE users
        ADD COLUMN must_change_password boolean NOT NULL DEFAULT false,
        ADD COLUMN recovered_at timestamptz;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE users DROP COLUMN recovered_at, DROP COLUMN must_change_password;
    `);
  }
}
