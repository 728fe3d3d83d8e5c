import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the gate was passed with, by digest: each once. A row outlives what it stands for, then the retention job takes it. */
export class CreateGateAnswers1763700000064 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE gate_answers (
        digest bytea CONSTRAINT gate_answers_pkey PRIMARY KEY,
        expires_at timestamptz NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE gate_answers;');
  }
}
