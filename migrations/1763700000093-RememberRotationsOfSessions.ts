import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * When a session's refresh token was last changed, newest first, as far back as its limit looks: on the row that the change writes anyway,
 * so that the limit is read where it is decided. A version before this one goes by the audit log, and leaves the column as it is.
 */
export class RememberRotationsOfSessions1763700000093 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE sessions ADD COLUMN rotations timestamptz[] NOT NULL DEFAULT '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions DROP COLUMN rotations');
  }
}
