import type { MigrationInterface, QueryRunner } from 'typeorm';

/** As for otp_attempts: the same rule with one constant. */
export class SpellRuleOfUsersShorter1763700000095 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE users
        DROP CONSTRAINT users_status_known,
        ADD CONSTRAINT users_status_known CHECK (status = ANY ('{active,disabled}')) NOT VALID
    `);
  }

  /** In two steps, as the way there: going back takes no transaction. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE users
        DROP CONSTRAINT users_status_known,
        ADD CONSTRAINT users_status_known CHECK (status IN ('active', 'disabled')) NOT VALID
    `);
    await runner.query('ALTER TABLE users VALIDATE CONSTRAINT users_status_known');
  }
}
