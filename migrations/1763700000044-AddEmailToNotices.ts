import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A notice goes to the number, to the proved address, or to both; they are kept, since the account may lose them meanwhile. */
export class AddEmailToNotices1763700000044 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE notices ADD COLUMN email text, ALTER COLUMN phone DROP NOT NULL;
      ALTER TABLE notices ADD CONSTRAINT notices_to_somebody CHECK (num_nonnulls(phone, email) > 0);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM notices WHERE phone IS NULL;
      ALTER TABLE notices DROP CONSTRAINT notices_to_somebody;
      ALTER TABLE notices ALTER COLUMN phone SET NOT NULL, DROP COLUMN email;
    `);
  }
}
