import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where the hosted pages may send the people of a client app back to: exact addresses, none unless the operator names them. */
export class AddRedirectUrisToApiClients1763700000071 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE api_clients ADD COLUMN redirect_uris text[] NOT NULL DEFAULT '{}';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE api_clients DROP COLUMN redirect_uris;
    `);
  }
}
