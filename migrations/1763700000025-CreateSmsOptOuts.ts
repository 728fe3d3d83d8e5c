import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who has told which of our senders to stop: by a digest of the number. A row that says otherwise outlives the one before it. */
export class CreateSmsOptOuts1763700000025 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sms_opt_outs (
        phone_digest bytea NOT NULL,
        provider text NOT NULL,
        sender text NOT NULL,
        stopped boolean NOT NULL,
        said_at timestamptz NOT NULL,
        believed_until timestamptz,
        CONSTRAINT sms_opt_outs_pkey PRIMARY KEY (phone_digest, provider, sender)
      );
      CREATE INDEX sms_opt_outs_said_at_idx ON sms_opt_outs (said_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE sms_opt_outs;
    `);
  }
}
