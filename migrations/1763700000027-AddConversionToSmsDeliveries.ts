import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether the code of a hand-over was entered: null until its challenge has ended. Challenges are deleted after a day, rates live longer. */
export class AddConversionToSmsDeliveries1763700000027 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sms_deliveries ADD COLUMN converted boolean;
      CREATE INDEX sms_deliveries_undecided_idx ON sms_deliveries (source, created_at)
        WHERE converted IS NULL AND provider IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX sms_deliveries_undecided_idx;
      ALTER TABLE sms_deliveries DROP COLUMN converted;
    `);
  }
}
