import { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The oldest program that may work on this schema (ADR 75): one that knows the migration named here. A step that takes away what
 * older programs use raises it, in the same transaction; until then every program of before goes on.
 */
export class CreateSchemaFloor1763700000075 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE schema_floor (
        only_row boolean DEFAULT true CONSTRAINT schema_floor_pkey PRIMARY KEY CONSTRAINT schema_floor_one_row CHECK (only_row),
        migration text NOT NULL
      );
      INSERT INTO schema_floor (migration) VALUES ('CreateUsers1763700000001');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE schema_floor');
  }
}
