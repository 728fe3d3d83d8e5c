import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Operators look for addresses whether or not they are verified; the unique index holds verified ones only. */
export class IndexEmailOfUsers1763700000054 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX users_email_idx ON users (email) WHERE email IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX users_email_idx;
    `);
  }
}
