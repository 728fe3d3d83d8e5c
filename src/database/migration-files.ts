// The folder of the migrations of this build, and their names. A start needs only the names, so it loads neither the migrations nor TypeORM.
// Invariant: the class in `<number>-<Verb>` is called `<Verb><number>` (test/architecture/migrations).
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../../migrations');

/** Pattern for TypeORM: compiled files, or sources when tests run. */
export const MIGRATION_FILES = join(FOLDER, '*.{js,ts}');

/** @returns the names as in table `migrations`, oldest first: all file names begin with the same number of digits */
export function migrationNames(): string[] {
  return readdirSync(FOLDER)
    .sort()
    .flatMap((file) => {
      const [, number, verb] = /^(\d+)-(\w+)\.[jt]s$/.exec(file) ?? [];
      return verb === undefined ? [] : [`${verb}${number}`];
    });
}
