// Where the migrations of this build lie, and what they are called. A start needs only their names, so it loads neither them nor TypeORM.
// Invariant: the class in `<ms>-<Verb>` is called `<Verb><ms>` (test/architecture/migrations).
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../../migrations');

/** For TypeORM: compiled, or as tests run them. */
export const MIGRATION_FILES = join(FOLDER, '*.{js,ts}');

/** @returns names as the table of migrations has them, oldest first: files begin with as many digits each */
export function migrationNames(): string[] {
  return readdirSync(FOLDER)
    .sort()
    .flatMap((file) => {
      const [, milliseconds, verb] = /^(\d+)-(\w+)\.[jt]s$/.exec(file) ?? [];
      return verb === undefined ? [] : [`${verb}${milliseconds}`];
    });
}
