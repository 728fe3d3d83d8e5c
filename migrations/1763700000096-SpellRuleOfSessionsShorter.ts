import type { MigrationInterface, QueryRunner } from 'typeorm';

/** As for otp_attempts: the same rule with one constant. */
export class SpellRuleOfSessionsShorter1763700000096 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sessions
        DROP CONSTRAINT sessions_token_delivery_known,
        ADD CONSTRAINT sessions_token_delivery_known CHECK (token_delivery = ANY ('{body,cookie}')) NOT VALID
    `);
  }

  /** In two steps, as the way there: going back takes no transaction. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sessions
        DROP CONSTRAINT sessions_token_delivery_known,
        ADD CONSTRAINT sessions_token_delivery_known CHECK (token_delivery IN ('body', 'cookie')) NOT VALID
    `);
    await runner.query('ALTER TABLE sessions VALIDATE CONSTRAINT sessions_token_delivery_known');
  }
}
