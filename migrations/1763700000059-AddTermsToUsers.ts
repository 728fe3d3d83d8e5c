import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which terms a person has accepted, and when. A registration is itself the moment of acceptance. */
export class AddTermsToUsers1763700000059 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE registrations ADD COLUMN terms_version text;
      ALTER TABLE users ADD COLUMN terms_version text, ADD COLUMN terms_accepted_at timestamptz,
        ADD CONSTRAINT users_terms_check CHECK ((terms_version IS NULL) = (terms_accepted_at IS NULL));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE users DROP COLUMN terms_version, DROP COLUMN terms_accepted_at;
      ALTER TABLE registrations DROP COLUMN terms_version;
    `);
  }
}
