import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Of a decoy `locale` becomes what a stranger has asked for, as of any other registration: by it is counted what the code would cost. The language of
 * the number's owner, who is told of the attempt, stands beside it. Whatever an older version writes has the owner's in `locale`, and none here.
 */
export class KeepLanguageOfWhoIsTold1763700000103 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE otp_attempts ADD COLUMN told_locale text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE otp_attempts DROP COLUMN told_locale');
  }
}
