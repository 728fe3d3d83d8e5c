// `npm run migrate`: brings the database to the schema of this build and ends. stdout gets one JSON line, stderr the progress.
import 'reflect-metadata';
import { ConfigError, type EnvironmentVariables, loadConfig } from './config/load-config';
import { DatabaseConfig } from './database/database.config';
import { migrate } from './database/migrate';
import { explain } from './platform/process/explain';
import { output } from './platform/process/output';

async function main(): Promise<void> {
  const config = loadConfig([DatabaseConfig], environment()).get(DatabaseConfig);
  const migrations = await migrate(config.migrationUrl, output.note, config.appRole);
  output.line(JSON.stringify({ event: 'migrated', migrations }));
}

/**
 * Any one of the three addresses of the database is enough here, also in a file, and stands for DATABASE_URL where that is given in neither way.
 * NODE_ENV may be absent, because the schema does not depend on it.
 */
function environment(): EnvironmentVariables {
  const given: EnvironmentVariables = process.env;
  const keys = ['DATABASE_URL', 'DATABASE_DIRECT_URL', 'MIGRATION_DATABASE_URL'];
  const key = keys.find((each) => given[each] || given[`${each}_FILE`]) ?? 'DATABASE_URL';
  return {
    ...given,
    NODE_ENV: given['NODE_ENV'] || 'production',
    DATABASE_URL: given[key],
    DATABASE_URL_FILE: given[`${key}_FILE`],
  };
}

main().catch((error: unknown) => {
  output.note(`latchkey: ${explain(error, [ConfigError])}`);
  process.exitCode = 1;
});
