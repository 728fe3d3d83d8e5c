import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Registrations whose phone is not proved yet (design D1): the credential waits here, bound to its challenge. */
export class CreateRegistrations1763700000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE registrations (
        id uuid CONSTRAINT registrations_pkey PRIMARY KEY,
        phone text NOT NULL,
        password_hash text NOT NULL,
        email text,
        display_name text,
        locale text,
        created_at timestamptz NOT NULL
      );
      CREATE INDEX registrations_created_at_idx ON registrations (created_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE registrations;
    `);
  }
}
