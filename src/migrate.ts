// `npm run migrate`: brings the database to the schema of this build and ends. stdout gets one JSON line, stderr the progress.
import 'reflect-metadata';
import { ConfigError, type EnvironmentVariables, loadConfig } from './config/load-config';
import { DatabaseConfig } from './database/database.config';
import { migrate } from './database/migrate';
import { explain } from './platform/process/explain';

async function main(): Promise<void> {
  const config = loadConfig([DatabaseConfig], environment()).get(DatabaseConfig);
  const note = (line: string): void => void process.stderr.write(`${line}\n`);
  const migrations = await migrate(config.migrationUrl, note, config.appRole);
  process.stdout.write(`${JSON.stringify({ event: 'migrated', migrations })}\n`);
}

/** Any one of the three addresses of the database is enough here. NODE_ENV may be absent, because the schema does not depend on it. */
function environment(): EnvironmentVariables {
  const given: EnvironmentVariables = process.env;
  const url = given['DATABASE_URL'] || given['DATABASE_DIRECT_URL'] || given['MIGRATION_DATABASE_URL'];
  return { ...given, NODE_ENV: given['NODE_ENV'] || 'production', ...(url ? { DATABASE_URL: url } : {}) };
}

main().catch((error: unknown) => {
  process.stderr.write(`latchkey: ${explain(error, [ConfigError])}\n`);
  process.exitCode = 1;
});
