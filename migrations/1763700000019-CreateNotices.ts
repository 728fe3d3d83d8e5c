import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Messages without a code that wait to be sent: which, and to whom. The number is kept, since the account may lose it meanwhile. */
export class CreateNotices1763700000019 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE notices (
        id uuid CONSTRAINT notices_pkey PRIMARY KEY,
        name text NOT NULL,
        phone text NOT NULL,
        created_at timestamptz NOT NULL
      );
      CREATE INDEX notices_phone_created_at_idx ON notices (phone, created_at);
      CREATE INDEX notices_created_at_idx ON notices (created_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE notices;
    `);
  }
}
