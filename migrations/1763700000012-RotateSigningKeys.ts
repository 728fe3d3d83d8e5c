import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What rotation needs: one next key, when it takes over, how long a retired one is accepted. A retired key cannot sign. */
export class RotateSigningKeys1763700000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE signing_keys
        ADD COLUMN promote_at timestamptz,
        ADD COLUMN accepted_until timestamptz,
        ALTER COLUMN private_sealed DROP NOT NULL,
        ADD CONSTRAINT signing_keys_retired_cannot_sign CHECK ((state = 'retired') = (private_sealed IS NULL)),
        ADD CONSTRAINT signing_keys_retired_have_an_end CHECK ((state = 'retired') = (accepted_until IS NOT NULL)),
        ADD CONSTRAINT signing_keys_only_next_is_promoted CHECK (promote_at IS NULL OR state = 'next');
      CREATE UNIQUE INDEX signing_keys_one_next ON signing_keys (state) WHERE state = 'next';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX signing_keys_one_next;
      DELETE FROM signing_keys WHERE state = 'retired';
      ALTER TABLE signing_keys
        DROP CONSTRAINT signing_keys_only_next_is_promoted,
        DROP CONSTRAINT signing_keys_retired_have_an_end,
        DROP CONSTRAINT signing_keys_retired_cannot_sign,
        ALTER COLUMN private_sealed SET NOT NULL,
        DROP COLUMN accepted_until,
        DROP COLUMN promote_at;
    `);
  }
}
