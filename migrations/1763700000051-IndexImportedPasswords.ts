import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The accounts whose password is still as another system hashed it: asked once a minute by logins, and by the operator. */
export class IndexImportedPasswords1763700000051 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX users_imported_password_idx ON users (id) WHERE password_hash LIKE 'f1$%';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX users_imported_password_idx;
    `);
  }
}
